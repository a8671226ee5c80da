#include "net/loop.hpp"

#include "net/front_desk.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <spdlog/spdlog.h>

#include <pthread.h>
#include <time.h>

#include <exception>
#include <utility>

namespace muster {

namespace {

// How much of a turn goes to what, so that what is gathered is sent in time.
// With the frames that one handler takes, and all of them calls that are answered at once, it is
// some 8 ms at most.
constexpr int handlers_a_turn = 128;
// So many have something to say: it is sent before more is gathered.
constexpr std::size_t senders_a_turn = 256;
constexpr int rounds_a_turn = 4;
constexpr std::size_t messages_a_job = 100;
// So many errands between two looks at the sockets.
constexpr int errands_a_look = 64;

// Enough for all who say something in a turn; most are small.
constexpr std::size_t kept_buffers = senders_a_turn + 64;
constexpr std::size_t largest_kept_buffer = 65536;
constexpr std::size_t most_kept_bytes = 4U << 20U;

thread_local loop* current_loop = nullptr;

void log_current_exception() {
  try {
    throw;
  } catch (const std::exception& error) {
    spdlog::error("a handler threw: {}", error.what());
  } catch (...) {
    spdlog::error("a handler threw something that is no exception");
  }
}

duration to_duration(const timespec& time) {
  return std::chrono::seconds{time.tv_sec} + std::chrono::nanoseconds{time.tv_nsec};
}

} // namespace

loop::loop(std::size_t index)
    : home{nullptr}, index_{index}, wheel_{std::chrono::steady_clock::now()},
      scratch_{new char[scratch_size]}, desk_{std::make_unique<front_desk>(*this)} {
  inbox_.closed = true;
}

loop::~loop() {
  if (thread_.joinable())
    stop();
  drop_handlers();
}

loop* loop::current() {
  return current_loop;
}

deadline loop::now() const {
  if (!now_)
    now_ = std::chrono::steady_clock::now();
  return *now_;
}

timestamp loop::wall_now() const {
  if (!wall_now_)
    wall_now_ = std::chrono::system_clock::now();
  return *wall_now_;
}

void loop::start(caf::actor_system& system) {
  system_ = &system;
  desk_->open(system);
  inbox_.closed = false;
  thread_ = std::thread{[this] { run(); }};
}

void loop::stop() {
  post([this] { stopping_ = true; });
  thread_.join();
  inbox left;
  {
    const std::lock_guard lock{mutex_};
    inbox_.closed = true;
    std::swap(left, inbox_);
    inbox_.closed = true;
  }
  ready_.insert(ready_.end(), left.jobs.begin(), left.jobs.end());
  for (auto* job : std::exchange(ready_, {}))
    caf::scheduler::abstract_coordinator::cleanup_and_release(job);
  left.tasks.clear();
  dirty_.clear();
  // What sessions hold of the actors goes while there is an actor system.
  drop_handlers();
}

void loop::drop_handlers() {
  io_.drop_handlers();
  // What goes may leave errands behind.
  while (!errands_.empty())
    std::exchange(errands_, {}).clear();
}

void loop::run() {
  current_loop = this;
  const auto work = boost::asio::make_work_guard(io_);
  while (!stopping_ || !ready_.empty()) {
    try {
      turn();
    } catch (...) {
      log_current_exception();
    }
  }
  wind_up();
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  busy_when_ended_ = to_duration(used).count();
  current_loop = nullptr;
}

// All who still wait for something are told; then nobody is left who holds on to an actor.
void loop::wind_up() {
  try {
    desk_->close();
    drop_known();
    for (int i = 0; i < 2; ++i) {
      io_.poll();
      while (!errands_.empty())
        run_errand();
      dirty_.clear();
      run_ready();
    }
    io_.poll();
  } catch (...) {
    log_current_exception();
  }
}

void loop::drop_known() {
  while (!corked_.empty()) {
    auto& one = corked_.front();
    corked_.pop_front();
    one.drop();
  }
}

void loop::turn() {
  turns_.store(turns_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  now_.reset();
  wall_now_.reset();
  // What is left to do must not wait for a socket.
  if (ready_.empty() && dirty_.empty() && errands_.empty())
    io_.run_one();
  for (int i = 0; i < handlers_a_turn && dirty_.size() < senders_a_turn && run_one(); ++i) {
  }
  run_ready();
  flush_dirty();
  keep_time();
}

// Errands first, but others are not kept waiting by one who always has another: after so many it is
// the turn of as many of theirs.
bool loop::run_one() {
  if (!errands_.empty() && errands_in_a_row_ < errands_a_look) {
    ++errands_in_a_row_;
    run_errand();
    return true;
  }
  const bool found = io_.poll_one() != 0;
  if (!found || ++others_in_a_row_ >= errands_a_look || errands_.empty()) {
    errands_in_a_row_ = 0;
    others_in_a_row_ = 0;
  }
  return found || !errands_.empty();
}

void loop::run_errand() {
  const auto next = std::move(errands_.front());
  errands_.pop_front();
  next->run();
}

void loop::exec_later(caf::resumable* job) {
  if (current_loop == this) {
    ready_.push_back(job);
    return;
  }
  {
    const std::lock_guard lock{mutex_};
    if (!inbox_.closed) {
      inbox_.jobs.push_back(job);
      wake();
      return;
    }
  }
  caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}

void loop::post(std::function<void()> task) {
  const std::lock_guard lock{mutex_};
  if (inbox_.closed)
    return;
  inbox_.tasks.push_back(std::move(task));
  wake();
}

// One handler for all that comes until it runs.
void loop::wake() {
  if (!std::exchange(inbox_.woken, true))
    boost::asio::post(io_, [this] { open_inbox(); });
}

void loop::open_inbox() {
  inbox mail;
  {
    const std::lock_guard lock{mutex_};
    std::swap(mail.jobs, inbox_.jobs);
    std::swap(mail.tasks, inbox_.tasks);
    inbox_.woken = false;
  }
  ready_.insert(ready_.end(), mail.jobs.begin(), mail.jobs.end());
  for (auto& task : mail.tasks) {
    try {
      task();
    } catch (...) {
      log_current_exception();
    }
  }
}

void loop::run_ready() {
  for (int round = 0; round < rounds_a_turn && !ready_.empty(); ++round) {
    running_.swap(ready_);
    for (auto* job : running_)
      resume(job);
    running_.clear();
  }
}

void loop::resume(caf::resumable* job) {
  if (job->resume(this, messages_a_job) == caf::resumable::resume_later)
    ready_.push_back(job);
  else
    caf::intrusive_ptr_release(job);
}

void loop::flush_later(std::shared_ptr<corked> what) {
  dirty_.push_back(std::move(what));
}

void loop::flush_dirty() {
  auto batch = std::exchange(dirty_, {});
  for (auto& one : batch) {
    try {
      one->flush();
    } catch (...) {
      log_current_exception();
    }
  }
  batch.clear();
  if (dirty_.empty())
    dirty_ = std::move(batch);
}

std::string loop::take_buffer() {
  if (buffers_.empty())
    return {};
  auto buffer = std::move(buffers_.back());
  buffers_.pop_back();
  buffer_bytes_ -= buffer.capacity();
  return buffer;
}

void loop::give_buffer(std::string buffer) {
  const auto size = buffer.capacity();
  if (buffers_.size() >= kept_buffers || size > largest_kept_buffer
      || buffer_bytes_ + size > most_kept_bytes)
    return;
  buffer.clear();
  buffer_bytes_ += size;
  buffers_.push_back(std::move(buffer));
}

// One timer for the whole wheel; it is moved only when something is due before it.
void loop::keep_time() {
  const auto next = wheel_.next();
  if (next >= wakes_at_)
    return;
  wakes_at_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& failure) {
    if (!failure)
      on_tick();
  });
}

void loop::on_tick() {
  wakes_at_ = deadline::max();
  now_.reset();
  wheel_.advance(now());
}

duration loop::busy() const {
  clockid_t clock{};
  timespec used{};
  // The thread's handle is good from start to stop, which join.
  if (auto ended = busy_when_ended_.load(); ended != 0)
    return duration{ended};
  if (!thread_.joinable()
      || pthread_getcpuclockid(const_cast<std::thread&>(thread_).native_handle(), &clock) != 0
      || clock_gettime(clock, &used) != 0)
    return {};
  return to_duration(used);
}

} // namespace muster
