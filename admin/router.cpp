#include "admin/router.hpp"

#include "admin/uri.hpp"

#include <algorithm>
#include <iterator>

namespace muster {

namespace {

bool is_parameter(const std::string& segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

using parameters = std::map<std::string, std::string, std::less<>>;

bool fits(const std::vector<std::string>& pattern, const std::vector<std::string>& path,
          parameters& out) {
  if (pattern.size() != path.size())
    return false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!is_parameter(pattern[i])) {
      if (pattern[i] != path[i])
        return false;
    } else if (path[i].empty()) {
      return false;
    } else {
      out.emplace(pattern[i].substr(1, pattern[i].size() - 2), path[i]);
    }
  }
  return true;
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
    const auto views = split_path(each.path);
    segments_.emplace_back(views.begin(), views.end());
  }
}

route_match router::find(std::string_view method, std::string_view path) const {
  route_match out;
  std::vector<std::string> decoded;
  for (const auto segment : split_path(path)) {
    auto text = percent_decode(segment);
    out.broken = out.broken || !text;
    decoded.push_back(text ? std::move(*text) : std::string{});
  }
  if (out.broken)
    return out;
  const auto wanted = method == "HEAD" ? std::string_view{"GET"} : method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    parameters found;
    if (!fits(segments_[i], decoded, found))
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
