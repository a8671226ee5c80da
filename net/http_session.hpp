#pragma once

#include "net/chunked.hpp"
#include "net/corked_stream.hpp"
#include "net/http_head.hpp"
#include "net/http_sessions.hpp"

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace muster {

/// Where a connection comes from.
struct http_guest {
  endpoint remote;
  /// A listener for WebSockets, by name; the rest belongs to it.
  std::string listener{};
  /// Whether requests for that path are answered here.
  std::function<bool(std::string_view path)> stays{};
  /// Takes the connection back, with a request for another path.
  std::function<void(corked_stream)> leave{};
};

/// One HTTP/1.1 connection of a server: takes requests one after the other and sends their answers
/// in that order. On its loop's thread only; its service keeps it until it ends.
class http_session final : public std::enable_shared_from_this<http_session>,
                           private wheel::timer,
                           private stream_observer {
public:
  http_session(corked_stream stream, http_guest guest, bool secure,
               std::shared_ptr<http_sessions> service);
  ~http_session() override;

  loop& where() { return stream_.where(); }
  void start();
  /// Ends when the answer that is due has been sent.
  void drain();
  /// Ends at once.
  void shut();
  /// Answers that there are too many connections, and ends.
  void turn_away();

private:
  class exchange;
  enum class phase : std::uint8_t { head, body, answering, streaming, closed };

  void read();
  void on_read(boost::system::error_code failure, std::size_t bytes);
  void on_end_of_input();
  void on_deadline() override;
  void on_input(std::string_view) override {}
  void on_output(std::string_view) override {}
  void on_room() override { advance(); }

  void advance();
  bool take_head();
  void begin_body();
  bool take_body();
  bool claim_body();
  void pass_on();
  void dispatch();
  void refuse(std::uint16_t status, std::string_view reason);
  void wait_for_head();
  void be_done_by(duration patience);
  std::string_view unread() const { return std::string_view{in_}.substr(at_); }

  void respond(http_response response);
  void begin_stream(http_response response);
  bool write(std::string_view chunk);
  void end_stream();
  void append_head(const http_response& response, bool streamed);
  void answered();
  void lose_peer(bool at_once = false);
  void end(bool at_once = false);

  corked_stream stream_;
  http_guest guest_;
  bool secure_;
  std::shared_ptr<http_sessions> service_;
  std::array<char, 8192> buffer_;
  /// Read; taken up to `at_`.
  std::string in_;
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;
  http_head head_;
  std::string body_;
  /// So much of it is counted among the bodies of all sessions.
  std::size_t claimed_ = 0;
  chunked_reader chunks_;
  exchange* current_ = nullptr;
  std::size_t queued_before_ = 0;
  phase phase_ = phase::head;
  bool first_ = true;
  bool in_head_ = false;
  bool keep_ = true;
  bool reading_ = false;
  bool advancing_ = false;
  bool ended_input_ = false;
};

} // namespace muster
