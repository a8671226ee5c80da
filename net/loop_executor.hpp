#pragma once

#include "net/loop.hpp"

#include <boost/asio/execution/blocking.hpp>
#include <boost/asio/execution/context.hpp>

#include <utility>

namespace muster {

/// Where Beast completes what it does on a stream: among the loop's errands, not in its io_context,
/// so that what has been read already costs no look at the sockets. On the loop's thread only.
class loop_executor {
public:
  explicit loop_executor(loop& where) noexcept : loop_{&where} {}

  template <class Function>
  void execute(Function&& what) const {
    loop_->soon(std::forward<Function>(what));
  }

  boost::asio::execution_context& query(boost::asio::execution::context_t) const noexcept {
    return loop_->io();
  }
  static constexpr boost::asio::execution::blocking_t
  query(boost::asio::execution::blocking_t) noexcept {
    return boost::asio::execution::blocking.never;
  }
  loop_executor require(boost::asio::execution::blocking_t::never_t) const noexcept {
    return *this;
  }

  friend bool operator==(const loop_executor&, const loop_executor&) noexcept = default;

private:
  loop* loop_;
};

} // namespace muster
