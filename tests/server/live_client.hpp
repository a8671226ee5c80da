#pragma once

#include "messages/json_scan.hpp"
#include "tests/net/raw_client.hpp"

#include <string>
#include <string_view>

namespace muster::test {

/// A client of the protocol that waits for each answer.
class live_client {
public:
  live_client(std::uint16_t port, std::string client_id, const std::string& path = "/demo")
      : socket_{port}, client_id_{std::move(client_id)} {
    socket_.send(
        "GET " + path
        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
    status_ = socket_.read_until("\r\n\r\n").substr(9, 3);
  }

  const std::string& client_id() const { return client_id_; }
  bool upgraded() const { return status_ == "101"; }

  /// Asks for a session, or for a new token; `take_token` reads the answer.
  void ask_session(const std::string& more = {}) {
    send(R"("action":"create-session","client_id":")" + client_id_ + "\"" + more, "null");
  }
  bool take_token() {
    const auto answer = read();
    const auto data = find_member(answer, "data");
    return meta(answer, "msg_type") == "zwsx.rspa"
           && json_string(find_member(data, "token"), token_);
  }
  bool open_session(const std::string& more = {}) {
    ask_session(more);
    return take_token();
  }

  void ask_service(const std::string& service, const std::string& request) {
    send(R"("action":"invoke-service")",
         R"({"service":")" + service + R"(","request":)" + request + "}");
  }
  /// The status of the next message, which is the answer to what was asked.
  std::string take_status() { return meta(read(), "status"); }
  std::string call(const std::string& service, const std::string& request = "null") {
    ask_service(service, request);
    return take_status();
  }

  /// Answers the next call of the server.
  void answer_call(const std::string& data) { answer(read(), data); }
  /// Answers a message that was read.
  void answer(const std::string& message, const std::string& data) {
    send(R"("action":"client-response","in_reply_to":")" + meta(message, "id") + "\"", data);
  }

  /// The next message; when it is a Close, its code and its reason.
  std::string read() {
    const auto frame = socket_.read_frame();
    if (frame.opcode != 8)
      return frame.payload;
    return "closed " + std::to_string(frame.code()) + " " + frame.reason();
  }

  void hang_up() { socket_.hang_up(); }

private:
  static std::string meta(std::string_view message, std::string_view key) {
    if (!message.starts_with('{'))
      return std::string{message};
    const auto value = find_member(find_member(message, "meta"), key);
    std::string text;
    return json_string(value, text) ? text : std::string{value};
  }

  void send(const std::string& meta_fields, const std::string& data) {
    socket_.send(client_frame(1, R"({"meta":{"id":"m1","timestamp":"now","token":")" + token_
                                     + "\"," + meta_fields + R"(},"data":)" + data + "}"));
  }

  raw_client socket_;
  std::string client_id_;
  std::string status_;
  std::string token_;
};

} // namespace muster::test
