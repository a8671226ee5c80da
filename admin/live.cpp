// `GET /live`: what several calls answer, and how it changes, in one stream.

#include "admin/live_stream.hpp"
#include "admin/resources.hpp"

#include <charconv>

namespace muster {

namespace {

constexpr std::size_t max_watches = 16;
constexpr int max_interval = 60;
const std::string root = "/api/v1";

problem bad_watch(const std::string& watch, const std::string& why) {
  return bad_field("watch", quoted(watch) + " cannot be watched: " + why);
}

/// The request for a watch, `/channels?limit=10`; nothing when it is none, and the call has failed.
std::optional<http_request> read_watch(admin_call& call, const std::string& watch) {
  http_request out;
  const auto mark = watch.find('?');
  out.method = "GET";
  out.path = root + watch.substr(0, mark);
  out.query = mark == std::string::npos ? "" : watch.substr(mark + 1);
  out.remote = call.request().remote;
  out.secure = call.request().secure;
  const auto match = call.parts().routes.find(out.method, out.path);
  if (!watch.starts_with('/') || match.broken || match.found == nullptr)
    call.fail(bad_watch(watch, "it is no GET call of this endpoint, without /api/v1"));
  else if (match.found->media_type != "application/json" || !match.found->needs)
    call.fail(bad_watch(watch, "its answer is no JSON"));
  else
    return out;
  return std::nullopt;
}

std::optional<std::vector<http_request>> read_watches(admin_call& call) {
  const auto all = call.queries("watch");
  if (all.empty() || all.size() > max_watches) {
    call.fail(bad_field("watch", "1 to 16 calls can be watched, each as watch=PATH"));
    return std::nullopt;
  }
  std::vector<http_request> out;
  for (const auto& each : all) {
    auto request = read_watch(call, each);
    if (!request)
      return std::nullopt;
    out.push_back(std::move(*request));
  }
  return out;
}

std::optional<duration> read_interval(admin_call& call) {
  const auto text = call.query("interval").value_or("1");
  int value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (result.ec == std::errc{} && result.ptr == text.data() + text.size() && value >= 1
      && value <= max_interval)
    return std::chrono::seconds{value};
  call.fail(bad_field("interval", "\"interval\" must be a whole number of seconds from 1 to 60"));
  return std::nullopt;
}

void live(const call_ptr& call) {
  const auto interval = read_interval(*call);
  if (!interval)
    return;
  auto calls = read_watches(*call);
  if (!calls)
    return;
  if (call->request().method == "HEAD") {
    call->respond({200, {{"Content-Type", "text/event-stream"}}, {}});
    return;
  }
  auto place = std::make_unique<live_place>(call->parts().live_streams);
  if (place->is_there())
    live_stream::start(*call, std::move(*calls), *interval, std::move(place));
  else
    call->fail(errc::unavailable, "There are 256 live streams already; try again later");
}

} // namespace

routes live_routes() {
  admin_route each{
      "GET",
      root + "/live",
      role::viewer,
      "Watches calls and sends what has changed: the events `state`, `delta`, "
      "`problem` and `signed_out`.",
      live,
      {{"watch", "string",
        "A GET call, without `/api/v1` and with its query, percent-encoded: 1 to 16.", true},
       {"interval", "integer", "Seconds between two looks: 1 to 60."}}};
  each.media_type = "text/event-stream";
  each.is_passive = true;
  return {std::move(each)};
}

} // namespace muster
