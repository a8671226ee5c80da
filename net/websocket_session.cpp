#include "net/websocket_session.hpp"

#include "actors/turn.hpp"
#include "messages/metrics.hpp"
#include "net/frame_scanner.hpp"

#include <boost/asio/error.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <span>
#include <utility>

// Beast reads, answers Pings and the peer's Close, and compresses. Frames of ours that need no
// compression go into the stream directly: Beast writes its own whole, so they cannot tear each
// other. Our Close does too, and mutes the stream: what Beast says to the peer's echo is not sent.

namespace muster {

namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;
using error_code = boost::system::error_code;

constexpr std::size_t small_message = 512;
constexpr std::size_t largest_read = 65536;
/// A message buffer over this is given back when the message is done.
constexpr std::size_t kept_capacity = 4096;
constexpr std::size_t default_limit = 65536;
constexpr auto patience_with_faults = std::chrono::seconds{5};

constexpr char text_opcode = '\x81';
constexpr char close_opcode = '\x88';
constexpr char ping_opcode = '\x89';

std::size_t write_header(std::array<char, 10>& header, char opcode, std::size_t size) {
  header[0] = opcode;
  const std::size_t bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  header[1] = static_cast<char>(bytes == 0 ? size : bytes == 2 ? 126 : 127);
  for (std::size_t i = 0; i < bytes; ++i)
    header[2 + i] = static_cast<char>(size >> (8 * (bytes - 1 - i)));
  return 2 + bytes;
}

std::string_view payload_of(std::string_view frame) {
  const auto length = static_cast<unsigned char>(frame[1]) & 0x7f;
  return frame.substr(length == 126 ? 4 : length == 127 ? 10 : 2);
}

std::string control_frame(char opcode, std::string_view payload) {
  std::string frame{opcode, static_cast<char>(payload.size())};
  return frame.append(payload);
}

std::uint16_t read_code(std::string_view payload) {
  if (payload.size() < 2)
    return close_code::no_code;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(payload[0]) << 8
                                    | static_cast<unsigned char>(payload[1]));
}

beast::http::request<beast::http::empty_body> to_beast(const http_head& head) {
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, head.path, 11};
  for (const auto& [name, value] : head.headers)
    request.insert(name, value);
  return request;
}

std::size_t size_of(std::span<const std::string_view> pieces) {
  std::size_t size = 0;
  for (const auto piece : pieces)
    size += piece.size();
  return size;
}

std::string joined(std::span<const std::string_view> pieces) {
  std::string whole;
  whole.reserve(size_of(pieces));
  for (const auto piece : pieces)
    whole += piece;
  return whole;
}

/// Messages that wait for the compressor.
struct outbox {
  std::deque<std::string> messages;
  std::size_t bytes = 0;

  void push(std::string text) {
    bytes += text.size();
    messages.push_back(std::move(text));
  }
  void pop() {
    bytes -= messages.front().size();
    messages.pop_front();
  }
};

class websocket_session final : public wire,
                                public std::enable_shared_from_this<websocket_session>,
                                private stream_observer,
                                private wheel::timer {
public:
  explicit websocket_session(websocket_start&& start)
      : ws_{std::move(start.stream)}, loop_{ws_.next_layer().where()}, owner_{std::move(
                                                                           start.owner)} {}
  ~websocket_session() override { stream().observe(nullptr); }

  void accept(const http_head& request, bool deflate, std::string server);

  sent send(std::string_view text) override { return send(std::span{&text, 1}); }
  sent send(std::span<const std::string_view> pieces) override;
  sent send(const shared_frame& frame) override;
  void ping(std::string_view payload) override;
  void close(std::uint16_t code, std::string_view reason, duration patience) override;
  void abort() override;
  void limit_message(std::size_t bytes) override;
  void limit_queue(std::size_t bytes) override;
  std::size_t queued_bytes() const override {
    return ws_.next_layer().queued() + (outbox_ ? outbox_->bytes : 0);
  }

private:
  corked_stream& stream() { return ws_.next_layer(); }

  void opened();
  void owner_gone();
  void read();
  void on_read(error_code failure, std::size_t bytes);
  void take_in(std::size_t bytes);
  void deliver(std::string_view payload);
  void release_message();
  template <class Message>
  void tell(Message message);

  bool has_room();
  bool can_send(sent& verdict);
  void compress(std::string text);
  void write_next();
  void written(error_code failure);

  void begin_close(std::uint16_t code, std::string_view reason, duration patience);
  void send_close();
  void on_control(ws::frame_type kind);
  void on_end(error_code failure);
  void end(close_outcome outcome, std::string error);

  void on_input(std::string_view bytes) override;
  void on_output(std::string_view beginning) override;
  void on_room() override;
  void on_deadline() override;

  ws::stream<corked_stream> ws_;
  loop& loop_;
  connection_actor owner_;
  std::array<char, small_message> small_;
  std::string message_;
  std::size_t limit_ = default_limit;
  std::size_t most_queued_ = corked_stream::high_water;
  frame_scanner scanner_;
  std::unique_ptr<outbox> outbox_;
  std::string close_payload_;
  std::string fault_;
  close_receipt receipt_;
  deadline close_began_{};
  bool closing_ = false;
  bool close_sent_ = false;
  bool by_peer_ = false;
  bool aborted_ = false;
  bool ended_ = false;
  bool wants_room_ = false;
};

// ---- the beginning ----

void websocket_session::accept(const http_head& request, bool deflate, std::string server) {
  ws::permessage_deflate compression;
  compression.server_enable = deflate;
  ws_.set_option(compression);
  ws_.read_message_max(limit_);
  const bool named = request.has_token("sec-websocket-protocol", "muster.v1");
  ws_.set_option(ws::stream_base::decorator(
      [this, named, server = std::move(server)](ws::response_type& response) {
        response.set(beast::http::field::connection, "Upgrade");
        response.set(beast::http::field::server, server);
        if (named)
          response.set(beast::http::field::sec_websocket_protocol, "muster.v1");
        if (response.count(beast::http::field::sec_websocket_extensions) != 0)
          outbox_ = std::make_unique<outbox>();
      }));
  ws_.async_accept(to_beast(request), [self = shared_from_this()](error_code failure) {
    if (failure)
      self->end(close_outcome::gone, failure.message());
    else
      self->opened();
  });
}

void websocket_session::opened() {
  count(counters().connections_accepted);
  stream().observe(this);
  ws_.control_callback([this](ws::frame_type kind, beast::string_view) { on_control(kind); });
  // The owner's handle tells when the owner is no more, even if it failed to close the wire.
  tell(wire_opened{std::shared_ptr<wire>{this, [self = shared_from_this()](wire*) {
                                           self->loop_.post([self] { self->owner_gone(); });
                                         }}});
  read();
}

void websocket_session::owner_gone() {
  if (!closing_ && !ended_ && !by_peer_)
    begin_close(close_code::actor_failed, {}, patience_with_faults);
}

template <class Message>
void websocket_session::tell(Message message) {
  // Held here: the turn may end the wire and let go of the owner.
  if (const auto owner = owner_; owner && !take_turn(owner, loop_, std::move(message)))
    owner_gone();
}

// ---- reading ----

void websocket_session::read() {
  boost::asio::mutable_buffer room{small_.data(), small_.size()};
  if (!message_.empty()) {
    const auto filled = message_.size();
    const auto size =
        std::clamp<std::size_t>(ws_.read_size_hint(kept_capacity), small_message, largest_read);
    message_.resize(filled + size);
    room = {message_.data() + filled, size};
  }
  ws_.async_read_some(
      room, [self = shared_from_this(), size = room.size()](error_code failure, std::size_t bytes) {
        if (!self->message_.empty())
          self->message_.resize(self->message_.size() - size + bytes);
        self->on_read(failure, bytes);
      });
}

void websocket_session::on_read(error_code failure, std::size_t bytes) {
  if (ended_)
    return;
  if (failure) {
    on_end(failure);
    return;
  }
  if (closing_)
    release_message();
  else
    take_in(bytes);
  if (!ended_)
    read();
}

void websocket_session::take_in(std::size_t bytes) {
  const bool whole = ws_.is_message_done();
  if (message_.empty() && whole) {
    deliver({small_.data(), bytes});
    return;
  }
  if (message_.empty())
    message_.assign(small_.data(), bytes);
  if (message_.size() > limit_) {
    count_limit(limit_kind::message_size);
    fault_ = "a message is too large";
    begin_close(close_code::too_big, {}, patience_with_faults);
    release_message();
  } else if (whole) {
    deliver(message_);
    release_message();
  }
}

void websocket_session::deliver(std::string_view payload) {
  tell(wire_received{payload, ws_.got_text()});
}

void websocket_session::release_message() {
  message_.clear();
  if (message_.capacity() > kept_capacity)
    message_.shrink_to_fit();
}

void websocket_session::limit_message(std::size_t bytes) {
  limit_ = std::max<std::size_t>(bytes, 1);
  ws_.read_message_max(limit_);
}

void websocket_session::limit_queue(std::size_t bytes) {
  most_queued_ = std::clamp<std::size_t>(bytes, 1, corked_stream::high_water);
}

void websocket_session::on_input(std::string_view bytes) {
  if (!scanner_.read(bytes) && !closing_) {
    count_limit(limit_kind::fragments);
    fault_ = "a message has too many fragments";
    begin_close(close_code::too_big, {}, patience_with_faults);
  }
}

void websocket_session::on_control(ws::frame_type kind) {
  if (kind == ws::frame_type::pong && !closing_)
    tell(wire_ponged{});
  else if (kind == ws::frame_type::close && !closing_)
    by_peer_ = true;
}

// ---- writing ----

// A turn may gather more than the high-water mark for a peer that reads well: the kernel gets it
// before anybody is called slow. A peer that is slow already waits for on_room.
bool websocket_session::has_room() {
  if (queued_bytes() >= most_queued_ && !wants_room_)
    stream().flush();
  return queued_bytes() < most_queued_;
}

bool websocket_session::can_send(sent& verdict) {
  if (closing_ || close_sent_ || by_peer_ || ended_ || !stream().open()) {
    verdict = sent::closed;
  } else if (!has_room()) {
    verdict = sent::full;
    wants_room_ = true;
    stream().want_room();
  } else {
    verdict = sent::ok;
  }
  return verdict == sent::ok;
}

sent websocket_session::send(std::span<const std::string_view> pieces) {
  sent verdict{};
  if (!can_send(verdict))
    return verdict;
  if (outbox_) {
    compress(joined(pieces));
  } else {
    std::array<char, 10> header;
    const auto size = write_header(header, text_opcode, size_of(pieces));
    stream().append({header.data(), size});
    for (const auto piece : pieces)
      stream().append(piece);
  }
  return verdict;
}

sent websocket_session::send(const shared_frame& frame) {
  sent verdict{};
  if (!can_send(verdict))
    return verdict;
  if (outbox_)
    compress(std::string{payload_of(*frame)});
  else
    stream().append(*frame);
  return verdict;
}

void websocket_session::compress(std::string text) {
  const bool idle = outbox_->messages.empty();
  outbox_->push(std::move(text));
  if (idle)
    write_next();
}

void websocket_session::write_next() {
  ws_.text(true);
  ws_.async_write(
      boost::asio::buffer(outbox_->messages.front()),
      [self = shared_from_this()](error_code failure, std::size_t) { self->written(failure); });
}

void websocket_session::written(error_code failure) {
  // What goes wrong here goes wrong for the reader too, who ends the wire.
  if (failure || ended_)
    return;
  outbox_->pop();
  if (!outbox_->messages.empty())
    write_next();
  else if (closing_ && !close_sent_)
    send_close();
  on_room();
}

void websocket_session::on_room() {
  if (!wants_room_ || closing_ || ended_)
    return;
  if (queued_bytes() >= most_queued_ / 2) {
    stream().want_room();
    return;
  }
  wants_room_ = false;
  tell(wire_drained{});
}

void websocket_session::ping(std::string_view payload) {
  if (!closing_ && !close_sent_)
    stream().append(control_frame(ping_opcode, payload.substr(0, 125)));
}

// Beast's Close, an echo or the answer to a fault, is its last word and ours.
void websocket_session::on_output(std::string_view beginning) {
  if (beginning.front() != close_opcode)
    return;
  close_sent_ = true;
  receipt_.code_sent = read_code(beginning.substr(2));
  stream().mute();
}

// ---- the end ----

void websocket_session::close(std::uint16_t code, std::string_view reason, duration patience) {
  if (!closing_ && !ended_ && !by_peer_ && !close_sent_)
    begin_close(code, reason, patience);
}

void websocket_session::begin_close(std::uint16_t code, std::string_view reason,
                                    duration patience) {
  closing_ = true;
  close_began_ = loop_.now();
  close_payload_ = {static_cast<char>(code >> 8), static_cast<char>(code)};
  close_payload_ += reason.substr(0, max_close_reason);
  loop_.deadlines().arm(*this, close_began_ + patience);
  if (!outbox_ || outbox_->messages.empty())
    send_close();
}

void websocket_session::send_close() {
  close_sent_ = true;
  receipt_.code_sent = read_code(close_payload_);
  stream().append(control_frame(close_opcode, close_payload_));
  stream().mute();
}

void websocket_session::abort() {
  if (ended_)
    return;
  // The read that is pending, or comes next, ends the wire.
  aborted_ = true;
  stream().close();
}

void websocket_session::on_deadline() {
  if (!ended_)
    end(close_outcome::no_echo, fault_);
  stream().close();
}

void websocket_session::on_end(error_code failure) {
  if (failure == ws::error::closed) {
    const auto& peer = ws_.reason();
    receipt_.peer_code = peer.code == ws::close_code::none ? close_code::no_code : peer.code;
    receipt_.peer_reason.assign(peer.reason.data(), peer.reason.size());
    end(close_outcome::echoed, fault_);
  } else if (close_sent_ && !closing_) {
    // A fault of the peer's that Beast has answered with a Close.
    if (failure == ws::error::message_too_big)
      count_limit(limit_kind::message_size);
    end(close_outcome::no_echo, failure.message());
  } else if (aborted_ || failure == boost::asio::error::eof
             || failure == boost::asio::error::operation_aborted) {
    end(close_outcome::gone, aborted_ ? "given up" : failure.message());
  } else if (failure.category() == boost::system::system_category()) {
    end(close_outcome::reset, failure.message());
  } else {
    end(close_outcome::no_echo, failure.message());
  }
}

void websocket_session::end(close_outcome outcome, std::string error) {
  ended_ = true;
  disarm();
  release_message();
  receipt_.outcome = outcome;
  if (closing_)
    receipt_.ms = std::chrono::duration<double, std::milli>{loop_.now() - close_began_}.count();
  stream().observe(nullptr);
  stream().finish();
  // Takes the handle along: owner and wire hold each other.
  if (const auto owner = std::exchange(owner_, nullptr))
    take_turn(owner, loop_, wire_closed{std::move(receipt_), by_peer_, std::move(error)});
}

} // namespace

void start_websocket(websocket_start start) {
  const auto request = std::move(start.request);
  const bool deflate = start.deflate;
  auto server = std::move(start.server);
  std::make_shared<websocket_session>(std::move(start))
      ->accept(request, deflate, std::move(server));
}

} // namespace muster
