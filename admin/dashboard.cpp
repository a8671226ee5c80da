// The dashboard: one page for all of its paths, and the files that it loads. Whoever asks gets
// them; what they show comes from calls, which ask who it is.

#include "dashboard/assets.hpp"

#include "admin/call.hpp"
#include "admin/negotiation.hpp"
#include "admin/resources.hpp"

namespace muster {

namespace {

constexpr std::string_view policy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'";

/// A name has the hash of the content in it: what it stands for never changes.
constexpr std::string_view for_ever = "public, max-age=31536000, immutable";
constexpr std::string_view ask_again = "no-cache";

constexpr std::string_view front_page = "index.html";

/// A 304 has all the headers of the whole answer: a browser takes over those that it has.
void reply_asset(admin_call& call, const asset& file, std::string_view cache) {
  const auto packed = !file.gzip.empty() && takes_gzip(call.request().header("accept-encoding"));
  const auto tag = '"' + std::string{file.digest} + (packed ? "-gz\"" : "\"");
  http_headers headers{{"Content-Type", std::string{file.media_type}},
                       {"ETag", tag},
                       {"Cache-Control", std::string{cache}},
                       {"Content-Security-Policy", std::string{policy}},
                       {"Referrer-Policy", "no-referrer"},
                       {"Cross-Origin-Opener-Policy", "same-origin"},
                       {"Cross-Origin-Resource-Policy", "same-origin"}};
  if (!file.gzip.empty())
    headers.emplace_back("Vary", "Accept-Encoding");
  if (names_tag(call.request().header("if-none-match"), tag)) {
    call.respond({304, std::move(headers), {}});
    return;
  }
  if (packed)
    headers.emplace_back("Content-Encoding", "gzip");
  call.respond({200, std::move(headers), std::string{packed ? file.gzip : file.bytes}});
}

void reply_file(admin_call& call, std::string_view path, std::string_view cache) {
  if (const auto* const file = find_asset(path))
    reply_asset(call, *file, cache);
  else
    call.fail(errc::not_found, "There is nothing at this path");
}

admin_route page(std::string path, std::function<void(const call_ptr&)> handler) {
  admin_route out{"GET", std::move(path), std::nullopt, "A part of the dashboard.",
                  std::move(handler)};
  out.is_page = true;
  return out;
}

} // namespace

routes dashboard_routes() {
  routes out;
  for (const auto* path :
       {"/", "/sign-in", "/overview", "/channels/{rest...}", "/connections/{rest...}",
        "/topics/{rest...}", "/subscriptions/{rest...}", "/services", "/users", "/tokens",
        "/reference", "/operations/{rest...}"})
    out.push_back(
        page(path, [](const call_ptr& call) { reply_file(*call, front_page, ask_again); }));
  out.push_back(page("/assets/{name...}", [](const call_ptr& call) {
    reply_file(*call, "assets/" + call->path("name"), for_ever);
  }));
  // What a browser looks for at the root, such as an icon.
  for (const auto& each : dashboard_assets())
    if (each.path.find('/') == std::string_view::npos && each.path != front_page)
      out.push_back(page('/' + std::string{each.path},
                         [&each](const call_ptr& call) { reply_asset(*call, each, ask_again); }));
  return out;
}

} // namespace muster
