#pragma once

#include "actors/interfaces.hpp"
#include "actors/turn.hpp"
#include "messages/metrics.hpp"
#include "net/corked_stream.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

/// What all WebSockets have in common, whoever reads their frames: their owner, what may be sent,
/// and how they end. Kept by the stream while it reads, and by the owner's handle.
class websocket_wire : public wire,
                       public std::enable_shared_from_this<websocket_wire>,
                       protected stream_observer,
                       private wheel::timer {
public:
  ~websocket_wire() override = default;
  websocket_wire(const websocket_wire&) = delete;
  websocket_wire& operator=(const websocket_wire&) = delete;

  /// The handshake is done: tells the owner, and begins to read.
  void open();

  void give_messages_to(direct_turns<wire_received>& owner) override { messages_to_ = &owner; }
  void fetch() const override { stream_.fetch(); }
  sent send(std::string_view text) override { return send(std::span{&text, 1}); }
  sent send(std::span<const std::string_view> pieces) override;
  sent send(const shared_frame& frame) override;
  void ping(std::string_view payload) override;
  void close(std::uint16_t code, std::string_view reason, duration patience) override;
  void abort() override;
  void limit_queue(std::size_t bytes) override;
  std::size_t queued_bytes() const override { return stream_.queued() + held_back(); }

protected:
  /// `stream` is a member of who derives from it.
  websocket_wire(corked_stream& stream, loop& where, connection_actor owner)
      : stream_{stream}, loop_{where}, owner_{std::move(owner)} {}

  static constexpr char text_opcode = '\x81';
  static constexpr char close_opcode = '\x88';
  static constexpr char ping_opcode = '\x89';
  static constexpr char pong_opcode = '\x8a';
  static std::string control_frame(char opcode, std::string_view payload);
  static std::uint16_t read_code(std::string_view close_payload);

  virtual void start_reading() = 0;
  virtual void write(std::span<const std::string_view> pieces) = 0;
  virtual void write(const shared_frame& frame) = 0;
  /// Bytes that are not with the stream yet: Close waits for them.
  virtual std::size_t held_back() const { return 0; }

  template <class Message>
  void tell(Message message) {
    // Held here: the turn may end the wire and let go of the owner.
    if (const auto owner = owner_; owner && !take_turn(owner, loop_, std::move(message)))
      owner_gone();
  }
  void tell_message(std::string_view payload, bool text);
  /// The message that comes is over a limit: to be closed with 1009.
  void refuse_message(limit_kind limit, std::string fault);
  void begin_close(std::uint16_t code, std::string_view reason, duration patience);
  /// Sends the Close that was begun, unless something is held back.
  void go_on_closing();
  /// A Close with this payload is on its way: the last that we say.
  void said_close(std::string_view payload);
  void peer_closes() { by_peer_ = true; }
  void peer_closed(std::uint16_t code, std::string_view reason);
  /// The stream can go on no more.
  void lose(boost::system::error_code failure);
  void end(close_outcome outcome, std::string error);
  void on_room() override;

  bool closing() const { return closing_; }
  bool close_sent() const { return close_sent_; }
  bool ended() const { return ended_; }

  corked_stream& stream_;
  loop& loop_;

private:
  void owner_gone();
  bool has_room();
  bool can_send(sent& verdict);
  void on_deadline() override;

  /// How it ends, once it does.
  struct ending {
    std::string payload;
    std::string fault;
    close_receipt receipt;
    deadline began{};
  };
  ending& at_end();

  connection_actor owner_;
  direct_turns<wire_received>* messages_to_ = nullptr;
  std::size_t most_queued_ = corked_stream::high_water;
  std::unique_ptr<ending> ending_;
  bool closing_ = false;
  bool close_sent_ = false;
  bool by_peer_ = false;
  bool aborted_ = false;
  bool ended_ = false;
  bool wants_room_ = false;
};

} // namespace muster
