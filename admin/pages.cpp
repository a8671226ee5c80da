// The list of calls for people, `/docs`. No scripts, nothing from elsewhere; the one style sheet is
// named in the policy by its hash.

#include "admin/call.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"

#include <sodium.h>

#include <array>

namespace muster {

namespace {

constexpr std::string_view style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;"
    "color:#1b1b1f;background:#fff}"
    "table{border-collapse:collapse;width:100%}"
    "th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #ddd}"
    "code{font:14px/1.4 ui-monospace,monospace}"
    "@media(prefers-color-scheme:dark){body{color:#e4e4e8;background:#161618}"
    "th,td{border-color:#3a3a3e}a{color:#8ab4f8}}";

std::string policy() {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(style.data()),
                     style.size());
  std::array<char,
             sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES, sodium_base64_VARIANT_ORIGINAL)>
      text{};
  sodium_bin2base64(text.data(), text.size(), hash.data(), hash.size(),
                    sodium_base64_VARIANT_ORIGINAL);
  return "default-src 'none'; style-src 'sha256-" + std::string{text.data()}
         + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const auto letter : text) {
    if (letter == '<')
      out += "&lt;";
    else if (letter == '>')
      out += "&gt;";
    else if (letter == '&')
      out += "&amp;";
    else if (letter == '"')
      out += "&quot;";
    else
      out += letter;
  }
  return out;
}

void reply_page(admin_call& call, std::string_view title, const std::string& content) {
  auto html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
              "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>"
              + escaped(title) + "</title><style>" + std::string{style}
              + "</style></head>\n<body><main>\n" + content + "</main></body></html>\n";
  call.respond({200,
                {{"Content-Type", "text/html; charset=utf-8"},
                 {"Content-Security-Policy", policy()},
                 {"Referrer-Policy", "no-referrer"}},
                std::move(html)});
}

std::string code(std::string_view text) {
  return "<code>" + escaped(text) + "</code>";
}

/// The names of what a call can be given.
std::string inputs_of(const admin_route& each) {
  std::string out;
  const auto add = [&out](const std::string& name) {
    out += (out.empty() ? "" : " ") + code(name);
  };
  for (const auto& parameter : each.query)
    add('?' + parameter.name);
  for (const auto& field : each.body)
    add(field.name);
  return out;
}

std::string calls_table(const std::vector<admin_route>& all) {
  std::string out{"<table><thead><tr><th scope=\"col\">Call</th><th scope=\"col\">Who may</th>"
                  "<th scope=\"col\">Does</th><th scope=\"col\">Takes</th></tr></thead><tbody>\n"};
  for (const auto& each : all)
    if (!each.is_page)
      out += "<tr><td>" + code(each.method + ' ' + each.path) + "</td><td>"
             + (each.needs ? std::string{to_string(*each.needs)} : std::string{"anybody"})
             + "</td><td>" + escaped(each.summary) + "</td><td>" + inputs_of(each) + "</td></tr>\n";
  return out + "</tbody></table>\n";
}

std::string errors_table() {
  std::string out{"<table><thead><tr><th scope=\"col\">Code</th><th scope=\"col\">Status</th>"
                  "<th scope=\"col\">Means</th></tr></thead><tbody>\n"};
  for (unsigned number = 1; number <= 255; ++number) {
    const auto& info = describe(static_cast<errc>(number));
    // Numbers that stand for nothing are described as internal; `close` never leaves the server.
    if (static_cast<unsigned>(info.code) != number || info.code == errc::close)
      continue;
    out += "<tr id=\"" + std::string{info.name} + "\"><td>" + code(info.name) + "</td><td>"
           + std::to_string(info.status) + "</td><td>" + escaped(info.title) + "</td></tr>\n";
  }
  return out + "</tbody></table>\n";
}

void docs(const call_ptr& call) {
  reply_page(
      *call, "Muster: the admin endpoint",
      "<h1>The admin endpoint</h1>\n<p>In a form for machines: "
      "<a href=\"/api/v1/openapi.json\">OpenAPI 3.1</a>.</p>\n<h2>Calls</h2>\n"
          + calls_table(call->parts().routes.routes())
          + "<h2>Errors</h2>\n<p>An error is <code>application/problem+json</code> with one of "
            "these codes.</p>\n"
          + errors_table());
}

} // namespace

routes page_routes(const endpoint_options& options) {
  admin_route list{"GET", "/docs", role::viewer, "Lists the calls, for people.", docs};
  list.media_type = "text/html";
  if (options.open_docs)
    list.needs.reset();
  return {std::move(list)};
}

} // namespace muster
