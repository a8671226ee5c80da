#include "net/upgrade_request.hpp"

#include "net/http_text.hpp"

#include <algorithm>

namespace muster {

namespace {

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+'
         || c == '/';
}

std::string_view sentence(std::uint16_t status) {
  switch (status) {
  case 400:
    return "Bad request";
  case 404:
    return "Not found";
  default:
    return status_phrase(status);
  }
}

} // namespace

bool is_websocket_key(std::string_view key) {
  // 16 bytes are 22 digits, the last of which has four bits to spare, and the padding.
  return key.size() == 24 && key.ends_with("==")
         && std::all_of(key.begin(), key.end() - 2, is_base64)
         && std::string_view{"AQgw"}.find(key[21]) != std::string_view::npos;
}

bool asks_for_websocket(const http_head& request) {
  const bool has_body = request.chunked || request.content_length.value_or(0) != 0;
  return request.method == "GET" && request.minor_version == 1 && !has_body
         && request.count("host") == 1 && request.has_token("upgrade", "websocket")
         && request.has_token("connection", "upgrade")
         && request.count("sec-websocket-version") == 1
         && request.header("sec-websocket-version") == "13"
         && request.count("sec-websocket-key") == 1
         && is_websocket_key(request.header("sec-websocket-key"));
}

std::string refusal(std::uint16_t status, std::string_view server) {
  std::string body{"{\"error\":\""};
  body.append(sentence(status)).append("\"}");
  std::string text{"HTTP/1.1 "};
  text.append(std::to_string(status)).append(1, ' ').append(status_phrase(status));
  text.append("\r\nServer: ").append(server);
  text.append("\r\nContent-Type: application/json\r\nContent-Length: ");
  text.append(std::to_string(body.size()));
  if (status == 400)
    text.append("\r\nSec-WebSocket-Version: 13");
  if (status == 503)
    text.append("\r\nRetry-After: 5");
  return text.append("\r\nConnection: close\r\n\r\n").append(body);
}

std::uint16_t status_of_refusal(errc why) {
  switch (why) {
  case errc::channel_inactive:
  case errc::not_found:
    return 404;
  case errc::unauthorized:
  case errc::forbidden:
    return 403;
  default:
    return 503;
  }
}

} // namespace muster
