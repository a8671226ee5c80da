#pragma once

#include "net/chunked.hpp"
#include "net/corked_stream.hpp"
#include "net/http_head.hpp"
#include "net/http_sessions.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

namespace muster {

/// One HTTP/1.1 connection of a server: takes requests one after the other and sends their answers
/// in that order. On its loop's thread only; its service keeps it until it ends.
class http_session final : public std::enable_shared_from_this<http_session>,
                           private wheel::timer,
                           private stream_observer {
public:
  http_session(corked_stream stream, endpoint remote, bool secure,
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
  endpoint remote_;
  bool secure_;
  std::shared_ptr<http_sessions> service_;
  std::array<char, 8192> buffer_;
  /// Read; taken up to `at_`.
  std::string in_;
  std::size_t at_ = 0;
  std::size_t scanned_ = 0;
  http_head head_;
  std::string body_;
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
