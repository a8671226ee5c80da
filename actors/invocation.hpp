#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace muster {

/// What an invocation has to do, and on whom.
struct invocation_order {
  std::string operation;
  operation_verb verb{};
  std::vector<roll_entry> targets;
  /// For invoke: JSON, and how long a client has.
  std::string data;
  duration timeout{};
  close_order order;
  /// For broadcast: built once, shared by all.
  shared_frame frame;
  /// Connections a second.
  std::optional<double> pace;
};

/// Something of an invocation is due: to itself, and from operations for the deadlines.
struct invocation_tick {
  static constexpr auto type = "invocation_tick";
  enum class what : std::uint8_t { deadlines, report, pace } due = what::deadlines;
};

/// One operation on one connection or on many: does it to so many at a time, as fast as they take
/// it or as the pace allows, and tells operations what came of it. Ends when all are through.
class invocation {
public:
  using handle = invocation_actor::extend<caf::reacts_to<invocation_tick>>;
  explicit invocation(handle::pointer self) : self_{self} {}
  handle::behavior_type start(std::shared_ptr<const invocation_order> order,
                              operations_actor report_to);

  /// So many are waited for at a time.
  static constexpr std::size_t window = 256;
  /// So many outcomes are told at once, or those of so long a time.
  static constexpr std::size_t max_batch = 256;
  static constexpr duration report_interval = std::chrono::milliseconds{100};
  /// A connection keeps the timeout of a call itself; this much later it is not waited for any
  /// more.
  static constexpr duration grace = std::chrono::seconds{5};
  /// The same for what has no timeout of its own.
  static constexpr duration longest_close = std::chrono::seconds{20};

  std::string name = "invocation";

private:
  void ticked(invocation_tick::what due);
  void go_on();
  bool paced();
  void launch(std::size_t which);
  template <class Reply, class Request>
  void ask(std::size_t which, Request request);

  void answered(std::size_t which, const invoke_reply& reply);
  void answered(std::size_t which, const close_receipt& receipt);
  void answered(std::size_t which, const broadcast_reply& reply);
  void lost(std::size_t which, const char* detail);
  void settle(std::size_t which, operation_outcome outcome);

  void cancel();
  void expire();
  void report(bool finished);
  void wake(invocation_tick::what due, duration after);

  handle::pointer self_;
  std::shared_ptr<const invocation_order> order_;
  operations_actor report_to_;
  /// The connections; those that are through are let go.
  std::vector<connection_actor> connections_;
  std::size_t next_ = 0;
  /// All have equally long, so the first is due first.
  std::map<std::size_t, deadline> in_flight_;
  std::unordered_map<caf::actor_addr, std::size_t> by_address_;
  std::vector<operation_outcome> batch_;
  deadline next_at_{};
  bool waking_for_pace_ = false;
  bool waking_to_report_ = false;
  bool finished_ = false;
  bool cancelled_ = false;
};

} // namespace muster
