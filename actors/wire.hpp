#pragma once

#include "actors/direct_turns.hpp"
#include "messages/close_code.hpp"
#include "messages/message.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace muster {

/// A text frame as it goes out to clients without compression: header and payload, built once and
/// shared by all who get it.
using shared_frame = std::shared_ptr<const std::string>;

/// What the wire did with a message.
enum class sent : std::uint8_t {
  ok,
  /// Nothing was taken: the peer reads too slowly. `wire_drained` says when to go on.
  full,
  /// The socket is gone, or a Close is on its way.
  closed
};

struct wire_received;

/// The WebSocket under a connection, as its actor sees it. Implemented by net/; called on the loop
/// of the connection only. It answers with the wire_... messages below, each as a turn of its own.
class wire {
public:
  virtual ~wire() = default;

  /// Who gets wire_received in direct turns, until the owner's end.
  virtual void give_messages_to(direct_turns<wire_received>& /*owner*/) {}
  /// Something is sent in a moment: fetches what that needs into the cache.
  virtual void fetch() const {}
  /// Sends one text message.
  virtual sent send(std::string_view text) = 0;
  /// Sends one text message that comes in pieces.
  virtual sent send(std::span<const std::string_view> pieces) = 0;
  /// Sends a prebuilt frame; a compressing wire takes the payload out of it.
  virtual sent send(const shared_frame& frame) = 0;
  virtual void ping(std::string_view payload) = 0;
  /// Sends what is queued, then Close, and waits for the peer's, at most `patience`; then the wire
  /// ends with wire_closed.
  virtual void close(std::uint16_t code, std::string_view reason, duration patience) = 0;
  /// Ends at once, without a Close.
  virtual void abort() = 0;
  /// The largest message from now on; larger ones end the wire with 1009.
  virtual void limit_message(std::size_t bytes) = 0;
  /// Takes nothing more while so much waits for the kernel; at most its own bound.
  virtual void limit_queue(std::size_t bytes) = 0;
  /// Bytes taken that the kernel does not have yet.
  virtual std::size_t queued_bytes() const = 0;
};

/// The handshake is done.
struct wire_opened {
  static constexpr auto type = "wire_opened";
  std::shared_ptr<muster::wire> wire;
};

/// A whole message. The view is good for this turn only.
struct wire_received {
  static constexpr auto type = "wire_received";
  std::string_view payload;
  bool text = true;
};

struct wire_ponged {
  static constexpr auto type = "wire_ponged";
};

/// There is room again after sent::full.
struct wire_drained {
  static constexpr auto type = "wire_drained";
};

/// The last word of a wire: the socket is closed.
struct wire_closed {
  static constexpr auto type = "wire_closed";
  /// `code_sent` and the peer's code as they went over the wire, whoever began.
  close_receipt receipt;
  /// The peer sent its Close before we did ours.
  bool by_peer = false;
  /// What failed, for the log; empty after a Close handshake.
  std::string error;
};

} // namespace muster
