#pragma once

#include "actors/interfaces.hpp"
#include "actors/invocation.hpp"
#include "actors/operation_book.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace muster {

/// Operations -> itself, once a second while anything is running.
struct look_after_invocations {
  static constexpr auto type = "look_after_invocations";
};

/// Starts what is asked of clients and keeps what came of it. Each operation is an invocation, an
/// actor of its own; a call of one client is one with a single target.
class operations {
public:
  using handle = operations_actor::extend<caf::reacts_to<look_after_invocations>>;
  explicit operations(handle::pointer self) : self_{self} {}
  handle::behavior_type start(std::shared_ptr<const house> addresses);

  /// So many operations on many connections run at a time; more are refused.
  static constexpr std::size_t max_running = 100;

  std::string name = "operations";

private:
  using call_promise = caf::typed_response_promise<invoke_finished>;

  struct running {
    invocation::handle actor;
    /// For a call of one client: who waits for its end.
    std::optional<call_promise> caller;
    /// When it is time to look for connections that do not answer.
    deadline due{};
  };

  caf::result<invoke_finished> call(const start_invoke& request);
  void call_found(const start_invoke& request, const roll_entry& target, call_promise answer);

  caf::result<operation> start_many(const start_operation& request);
  caf::expected<operation> start_matched(const start_operation& request,
                                         std::vector<roll_entry> targets);

  /// Keeps one that has nothing to do.
  caf::expected<operation> keep_finished(operation item);
  /// False when too many are running.
  bool run(operation item, invocation_order order, std::optional<call_promise> caller);
  void progress(const operation_progress& report);
  void finish(const std::string& id);
  void failed(const caf::down_msg& down);
  void look_after();
  void stop(const caf::error& reason);

  caf::result<operation> find(const std::string& id, std::uint64_t after);
  caf::result<operation> cancel(const std::string& id);

  handle::pointer self_;
  std::shared_ptr<const house> house_;
  operation_book book_;
  std::map<std::string, running> running_;
  std::unordered_map<caf::actor_addr, std::string> by_address_;
  std::size_t running_many_ = 0;
  bool looking_ = false;
};

} // namespace muster
