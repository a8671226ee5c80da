#pragma once

#include "admin/call.hpp"
#include "admin/live_value.hpp"
#include "admin/parts.hpp"
#include "admin/stream_pace.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// One of the streams that an endpoint has at once; gives its place back.
class live_place {
public:
  static constexpr std::size_t max_streams = 256;

  explicit live_place(std::shared_ptr<std::atomic<std::size_t>> taken) : taken_{std::move(taken)} {
    is_there_ = taken_->fetch_add(1) < max_streams;
  }
  live_place(const live_place&) = delete;
  live_place& operator=(const live_place&) = delete;
  ~live_place() { taken_->fetch_sub(1); }

  /// False: there are too many.
  bool is_there() const { return is_there_; }

private:
  std::shared_ptr<std::atomic<std::size_t>> taken_;
  bool is_there_ = false;
};

/// Makes the calls that are watched every interval, as whoever asked for the stream, and sends what
/// has changed as server-sent events. Lives until the peer is gone or no longer signed in.
class live_stream : public std::enable_shared_from_this<live_stream> {
public:
  live_stream(admin_call& call, std::vector<http_request> calls, duration interval,
              std::unique_ptr<live_place> place);

  /// The answer to `call` is the stream.
  static void start(admin_call& call, std::vector<http_request> calls, duration interval,
                    std::unique_ptr<live_place> place);

private:
  class inner_exchange;

  struct watched {
    explicit watched(http_request what) : call{std::move(what)} {}

    http_request call;
    live_value value;
    /// What the call failed with, as far as it tells one failure from another; empty: it did not.
    std::string problem;
    /// It is under way, or its answer waits to be compared.
    bool busy = false;
    deadline made{};
    /// Not made again before.
    deadline rests_until{};
    http_response answer;
  };

  class alarm final : public wheel::timer {
  public:
    explicit alarm(live_stream& of) : of_{of} {}

  protected:
    void on_deadline() override { of_.go_on(); }

  private:
    live_stream& of_;
  };

  void go_on();
  void ask_who(bool then_call);
  void call_all(const identity& who);
  void fail_all(const problem& what);
  void answered(std::size_t which, http_response answer);
  void compare_later();
  void compare_one();
  void tell(std::size_t which);
  void tell_problem(std::size_t which, const http_response& answer);
  void put(std::string_view event, std::string_view data);
  void put_about(std::size_t which, std::string_view event, std::string_view members);
  void flush();
  void sign_out();
  void end();

  std::shared_ptr<const endpoint_parts> parts_;
  std::shared_ptr<http_exchange> to_;
  authenticate credentials_;
  duration interval_;
  std::unique_ptr<live_place> place_;
  std::vector<watched> watches_;
  /// Those whose answers wait to be compared, one a turn.
  std::deque<std::size_t> compared_next_;
  bool asking_ = false;
  bool closing_ = false;
  /// What is still to be written, from `written_` on.
  std::string pending_;
  std::size_t written_ = 0;
  stream_pace pace_;
  deadline next_round_{};
  deadline next_sign_of_life_{};
  alarm alarm_{*this};
  /// Keeps the stream while it goes on.
  std::shared_ptr<live_stream> self_;
};

} // namespace muster
