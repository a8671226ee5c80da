#include "net/websocket_wire.hpp"

#include <boost/asio/error.hpp>

#include <algorithm>

namespace muster {

namespace {

constexpr auto patience_with_faults = std::chrono::seconds{5};

} // namespace

std::string websocket_wire::control_frame(char opcode, std::string_view payload) {
  std::string frame{opcode, static_cast<char>(payload.size())};
  return frame.append(payload);
}

std::uint16_t websocket_wire::read_code(std::string_view close_payload) {
  if (close_payload.size() < 2)
    return close_code::no_code;
  return static_cast<std::uint16_t>(static_cast<unsigned char>(close_payload[0]) << 8
                                    | static_cast<unsigned char>(close_payload[1]));
}

void websocket_wire::open() {
  count(counters().connections_accepted);
  stream_.observe(this);
  // The owner's handle tells when the owner is no more, even if it failed to close the wire.
  tell(wire_opened{std::shared_ptr<wire>{this, [self = shared_from_this()](wire*) {
                                           self->loop_.post([self] { self->owner_gone(); });
                                         }}});
  if (!ended_)
    start_reading();
}

void websocket_wire::tell_message(std::string_view payload, bool text) {
  const auto owner = owner_;
  if (!messages_to_ || !owner)
    tell(wire_received{payload, text});
  else if (!take_direct_turn(owner, *messages_to_, loop_, wire_received{payload, text}))
    owner_gone();
}

void websocket_wire::owner_gone() {
  if (!closing_ && !ended_ && !by_peer_)
    begin_close(close_code::actor_failed, {}, patience_with_faults);
}

// ---- writing ----

void websocket_wire::limit_queue(std::size_t bytes) {
  most_queued_ = std::clamp<std::size_t>(bytes, 1, corked_stream::high_water);
}

// A turn may gather more than the high-water mark for a peer that reads well: the kernel gets it
// before anybody is called slow. A peer that is slow already waits for on_room.
bool websocket_wire::has_room() {
  if (queued_bytes() >= most_queued_ && !wants_room_)
    stream_.flush();
  return queued_bytes() < most_queued_;
}

bool websocket_wire::can_send(sent& verdict) {
  if (closing_ || close_sent_ || by_peer_ || ended_ || !stream_.open()) {
    verdict = sent::closed;
  } else if (!has_room()) {
    verdict = sent::full;
    wants_room_ = true;
    stream_.want_room();
  } else {
    verdict = sent::ok;
  }
  return verdict == sent::ok;
}

sent websocket_wire::send(std::span<const std::string_view> pieces) {
  sent verdict{};
  if (can_send(verdict))
    write(pieces);
  return verdict;
}

sent websocket_wire::send(const shared_frame& frame) {
  sent verdict{};
  if (can_send(verdict))
    write(frame);
  return verdict;
}

void websocket_wire::ping(std::string_view payload) {
  if (!closing_ && !close_sent_)
    stream_.append(control_frame(ping_opcode, payload.substr(0, 125)));
}

void websocket_wire::on_room() {
  if (!wants_room_ || closing_ || ended_)
    return;
  if (queued_bytes() >= most_queued_ / 2) {
    stream_.want_room();
    return;
  }
  wants_room_ = false;
  tell(wire_drained{});
}

// ---- the end ----

websocket_wire::ending& websocket_wire::at_end() {
  if (!ending_)
    ending_ = std::make_unique<ending>();
  return *ending_;
}

void websocket_wire::close(std::uint16_t code, std::string_view reason, duration patience) {
  if (!closing_ && !ended_ && !by_peer_ && !close_sent_)
    begin_close(code, reason, patience);
}

void websocket_wire::refuse_message(limit_kind limit, std::string fault) {
  if (closing_)
    return;
  count_limit(limit);
  at_end().fault = std::move(fault);
  begin_close(close_code::too_big, {}, patience_with_faults);
}

void websocket_wire::begin_close(std::uint16_t code, std::string_view reason, duration patience) {
  closing_ = true;
  auto& words = at_end();
  words.began = loop_.now();
  words.payload = {static_cast<char>(code >> 8), static_cast<char>(code)};
  words.payload += reason.substr(0, max_close_reason);
  loop_.deadlines().arm(*this, words.began + patience);
  go_on_closing();
}

void websocket_wire::go_on_closing() {
  if (!closing_ || close_sent_ || held_back() != 0)
    return;
  stream_.append(control_frame(close_opcode, at_end().payload));
  said_close(at_end().payload);
}

void websocket_wire::said_close(std::string_view payload) {
  close_sent_ = true;
  at_end().receipt.code_sent = read_code(payload);
  stream_.mute();
}

void websocket_wire::abort() {
  if (ended_)
    return;
  // The reader ends the wire.
  aborted_ = true;
  stream_.close();
}

void websocket_wire::on_deadline() {
  if (!ended_)
    end(close_outcome::no_echo, at_end().fault);
  stream_.close();
}

void websocket_wire::peer_closed(std::uint16_t code, std::string_view reason) {
  auto& words = at_end();
  words.receipt.peer_code = code;
  words.receipt.peer_reason = reason;
  end(close_outcome::echoed, words.fault);
}

void websocket_wire::lose(boost::system::error_code failure) {
  if (aborted_ || failure == boost::asio::error::eof
      || failure == boost::asio::error::operation_aborted)
    end(close_outcome::gone, aborted_ ? "given up" : failure.message());
  else if (failure.category() == boost::system::system_category())
    end(close_outcome::reset, failure.message());
  else
    end(close_outcome::no_echo, failure.message());
}

void websocket_wire::end(close_outcome outcome, std::string error) {
  ended_ = true;
  disarm();
  auto& words = at_end();
  words.receipt.outcome = outcome;
  if (closing_)
    words.receipt.ms = std::chrono::duration<double, std::milli>{loop_.now() - words.began}.count();
  stream_.observe(nullptr);
  stream_.finish();
  // Takes the handle along: owner and wire hold each other.
  if (const auto owner = std::exchange(owner_, nullptr))
    take_turn(owner, loop_, wire_closed{std::move(words.receipt), by_peer_, std::move(error)});
}

} // namespace muster
