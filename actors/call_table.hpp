#pragma once

#include "messages/invoke.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace muster {

/// The calls that the server has made to one client and that wait for its answer, by message id;
/// and those that timed out lately, whose answers are late.
class call_table {
public:
  using answer = std::function<void(invoke_reply)>;

  /// More at once are refused.
  static constexpr std::size_t max_calls = 1024;
  /// So many calls that timed out are remembered.
  static constexpr std::size_t max_late = 1024;

  bool full() const { return waiting_.size() >= max_calls; }
  std::size_t size() const { return waiting_.size(); }

  void add(std::string id, std::string operation, deadline now, timestamp sent_at, duration timeout,
           answer done);

  /// The client has answered the message `id`. Gives the operation when it is too late for its
  /// call.
  struct late_call {
    std::string operation;
    timestamp sent_at{};
    double ms = 0;
    std::string data;
  };
  enum class found : std::uint8_t { in_time, late, stranger };
  found settle(const std::string& id, bool failed, std::string data, deadline now, late_call& late);

  /// When the next call times out.
  std::optional<deadline> due() const;
  /// Ends the calls whose time is over; returns how many.
  std::size_t expire(deadline now);

  /// Ends the call of that operation with `cancelled`.
  bool cancel(const std::string& operation, deadline now);
  /// Ends all of them: the connection is going.
  void end_all(invoke_outcome outcome, deadline now);

private:
  struct call {
    std::string operation;
    deadline started{};
    deadline until{};
    timestamp sent_at{};
    answer done;
  };
  using calls = std::map<std::string, call>;

  void finish(calls::iterator which, invoke_outcome outcome, std::string data, deadline now);

  calls waiting_;
  std::multimap<deadline, std::string> by_deadline_;
  struct gone_call {
    std::string id;
    std::string operation;
    deadline started{};
    timestamp sent_at{};
  };
  std::vector<gone_call> gone_;
};

} // namespace muster
