#include "admin/router.hpp"

#include "net/uri.hpp"

#include <algorithm>
#include <iterator>
#include <span>

namespace muster {

namespace {

using parameters = std::map<std::string, std::string, std::less<>>;

constexpr std::string_view tail_mark = "...";

/// A segment of a request's path: as it came, and what it means.
struct path_segment {
  std::string_view raw;
  std::string decoded;
};

bool fits(const route_segment& pattern, const path_segment& segment, parameters& out) {
  if (pattern.parameter.empty())
    return pattern.literal == segment.decoded;
  // An escaped colon belongs to the parameter, a bare one may begin the verb behind it.
  const auto& verb = pattern.literal;
  if (!segment.raw.ends_with(verb) || segment.raw.size() == verb.size())
    return false;
  out.emplace(pattern.parameter, segment.decoded.substr(0, segment.decoded.size() - verb.size()));
  return true;
}

std::string joined(std::span<const path_segment> path) {
  std::string out;
  for (const auto& each : path)
    out += (&each == path.data() ? "" : "/") + each.decoded;
  return out;
}

bool fits(const std::vector<route_segment>& pattern, const std::vector<path_segment>& path,
          parameters& out) {
  const auto has_tail = !pattern.empty() && pattern.back().is_tail;
  const auto before_tail = pattern.size() - (has_tail ? 1 : 0);
  if (has_tail ? path.size() < before_tail : path.size() != before_tail)
    return false;
  for (std::size_t i = 0; i < before_tail; ++i)
    if (!fits(pattern[i], path[i], out))
      return false;
  if (has_tail)
    out.emplace(pattern.back().parameter, joined(std::span{path}.subspan(before_tail)));
  return true;
}

/// `{name}`, `{name}:verb`, `{name...}`, or something literal.
route_segment to_segment(std::string_view text) {
  const auto end = text.find('}');
  if (text.size() < 3 || text.front() != '{' || end == std::string_view::npos)
    return {{}, std::string{text}};
  const auto name = text.substr(1, end - 1);
  if (name.ends_with(tail_mark))
    return {std::string{name.substr(0, name.size() - tail_mark.size())}, {}, true};
  return {std::string{name}, std::string{text.substr(end + 1)}};
}

} // namespace

bool is_unsafe(std::string_view method) {
  return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

std::vector<query_parameter> list_query(std::vector<query_parameter> more) {
  std::vector<query_parameter> out{
      {"limit", "integer", "Rows on a page: 50, at most 1000."},
      {"cursor", "string", "`next_cursor` of the page before."},
      {"sort", "string", "A field's name, with `-` in front from the greatest to the least."},
      {"fields", "string", "Names of fields, separated by commas; the rows have only these."}};
  out.insert(out.begin(), std::make_move_iterator(more.begin()),
             std::make_move_iterator(more.end()));
  return out;
}

router::router(std::vector<admin_route> routes) : routes_{std::move(routes)} {
  for (const auto& each : routes_) {
    auto& segments = segments_.emplace_back();
    for (const auto segment : split_path(each.path))
      segments.push_back(to_segment(segment));
  }
}

route_match router::find(std::string_view method, std::string_view path) const {
  route_match out;
  std::vector<path_segment> segments;
  for (const auto segment : split_path(path)) {
    auto text = percent_decode(segment);
    out.broken = out.broken || !text;
    segments.push_back({segment, text ? std::move(*text) : std::string{}});
  }
  if (out.broken)
    return out;
  const auto wanted = method == "HEAD" ? std::string_view{"GET"} : method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    parameters found;
    if (!fits(segments_[i], segments, found))
      continue;
    out.allowed.push_back(routes_[i].method);
    if (routes_[i].method == "GET")
      out.allowed.emplace_back("HEAD");
    if (routes_[i].method == wanted) {
      out.found = &routes_[i];
      out.parameters = std::move(found);
    }
  }
  return out;
}

} // namespace muster
