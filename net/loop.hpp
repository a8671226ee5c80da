#pragma once

#include "actors/home.hpp"
#include "actors/wheel.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster {

class front_desk;

/// Something that gathers output and sends it at the end of a turn of its loop; the loop knows all
/// of them, so that it can end them when it ends.
class corked : public boost::intrusive::list_base_hook<
                   boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
public:
  virtual ~corked() = default;
  virtual void flush() = 0;
  /// The loop ends.
  virtual void drop() = 0;
};

/// One thread that runs handlers of sockets and the actors that they wake, turn by turn; what a
/// turn has to say is gathered and sent at its end, or before when it is long. `post` and
/// `exec_later` may be called by any thread, all else by the loop's own.
class loop final : public home {
public:
  explicit loop(std::size_t index);
  ~loop() override;
  loop(const loop&) = delete;
  loop& operator=(const loop&) = delete;

  /// The loop whose thread this is; null on any other thread.
  static loop* current();

  void exec_later(caf::resumable* job) override;
  deadline now() const override;
  timestamp wall_now() const override;
  wheel& deadlines() override { return wheel_; }

  /// Runs the task in a later turn. Dropped when the loop has stopped.
  void post(std::function<void()> task) override;

  /// Runs `what` in this turn, or in the next one when this has had enough: past the io_context,
  /// which looks at the sockets, a system call, between any two handlers.
  template <class Function>
  void soon(Function&& what) {
    using kept = errand_of<std::decay_t<Function>>;
    errands_.push_back(std::make_unique<kept>(std::forward<Function>(what)));
  }

  std::size_t index() const { return index_; }
  boost::asio::io_context& io() { return io_; }
  front_desk& desk() { return *desk_; }

  /// Has it dropped when the loop ends.
  void know(corked& what) { corked_.push_back(what); }
  /// Drops all of them now, in this turn.
  void drop_known();
  /// Flushes it at the end of this turn.
  void flush_later(std::shared_ptr<corked> what);
  /// Room to read into, for whoever runs at the moment.
  std::span<char> scratch() { return {scratch_.get(), scratch_size}; }
  /// Empty strings with room in them, so that idle connections need not keep any.
  std::string take_buffer();
  void give_buffer(std::string buffer);

  /// For `loops`: the life of the thread. The actor system is there from `start` to after `stop`.
  void start(caf::actor_system& system);
  void stop();

  /// How much processor time it has used so far, and its turns; any thread.
  duration busy() const;
  std::uint64_t turns() const { return turns_.load(std::memory_order_relaxed); }

private:
  static constexpr std::size_t scratch_size = 65536;

  /// Lets its handlers be dropped before it goes itself.
  struct context : boost::asio::io_context {
    using boost::asio::io_context::io_context;
    void drop_handlers() { shutdown(); }
  };
  /// Something to be run once, which need not be copyable.
  struct errand {
    virtual ~errand() = default;
    virtual void run() = 0;
  };
  template <class Function>
  struct errand_of final : errand {
    template <class From>
    explicit errand_of(From&& from) : what{std::forward<From>(from)} {}
    void run() override { std::move(what)(); }
    Function what;
  };
  struct inbox {
    std::vector<caf::resumable*> jobs;
    std::vector<std::function<void()>> tasks;
    bool woken = false;
    bool closed = false;
  };

  void run();
  void turn();
  bool run_one();
  void run_errand();
  void wind_up();
  void drop_handlers();
  void open_inbox();
  void wake();
  void run_ready();
  void resume(caf::resumable* job);
  void flush_dirty();
  void keep_time();
  void on_tick();

  std::size_t index_;
  context io_{1};
  boost::asio::steady_timer timer_{io_};
  wheel wheel_;
  std::unique_ptr<char[]> scratch_;
  std::unique_ptr<front_desk> desk_;
  std::deque<std::unique_ptr<errand>> errands_;
  int errands_in_a_row_ = 0;
  int others_in_a_row_ = 0;
  std::vector<caf::resumable*> ready_;
  std::vector<caf::resumable*> running_;
  boost::intrusive::list<corked, boost::intrusive::constant_time_size<false>> corked_;
  std::vector<std::shared_ptr<corked>> dirty_;
  std::vector<std::string> buffers_;
  std::size_t buffer_bytes_ = 0;
  mutable std::optional<deadline> now_;
  mutable std::optional<timestamp> wall_now_;
  deadline wakes_at_ = deadline::max();
  std::mutex mutex_;
  inbox inbox_;
  std::atomic<std::uint64_t> turns_{0};
  std::atomic<std::int64_t> busy_when_ended_{0};
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace muster
