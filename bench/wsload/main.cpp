// A load generator for WebSocket servers, for calls over HTTP, and for a raw TCP echo, the physical
// limit. What is sent is given by text templates on the command line, or by a preset; NATS and MQTT
// have adapters of their own. `wsload --help` lists everything.

#include "bench/wsload/clock.hpp"
#include "bench/wsload/report.hpp"
#include "bench/wsload/worker.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

#include <sys/resource.h>

namespace muster::bench {
namespace {

volatile std::sig_atomic_t told_to_end = 0;

void wait_s(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds));
}

/// Shorter when SIGTERM says that it is enough.
void wait_until_told(double seconds) {
  for (const auto from = now_ns(); told_to_end == 0 && seconds_since(from) < seconds;)
    wait_s(std::min(0.02, seconds));
}

void raise_file_limit() {
  rlimit limit;
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

[[noreturn]] void give_up(const unusable& why) {
  std::fprintf(stderr, "wsload: %s\n", why.what());
  std::exit(2);
}

/// One run from the first connection to the last answer.
class load_run {
public:
  explicit load_run(const options& settings)
      : settings_{settings}, expected_{settings.mode == load_mode::churn ? 0
                                       : settings.mode == load_mode::fanout
                                           ? settings.conns + settings.pubs
                                           : settings.conns} {
    for (int k = 0; k < settings.threads; ++k)
      workers_.push_back(std::make_unique<worker>(settings, control_, k));
  }

  run_result run() {
    result_.at_start = measure_use(settings_.pids);
    if (settings_.mode == load_mode::replay) {
      replay();
    } else {
      start();
      connect();
      if (settings_.mode == load_mode::idle)
        hold();
      else
        measure();
      if (settings_.mode == load_mode::fanout)
        drain();
    }
    control_.phase = run_phase::stop;
    for (auto& each : threads_)
      each.join();
    collect();
    return result_;
  }

  bool complete() const { return result_.ready >= expected_ && result_.dropped == 0; }

private:
  void start() {
    for (auto& each : workers_)
      threads_.emplace_back([&each] {
        try {
          each->run();
        } catch (const unusable& why) {
          give_up(why);
        }
      });
  }

  void connect() {
    const auto slab = kernel_slab_kb();
    const auto from = now_ns();
    while (control_.ready + control_.failed < expected_
           && seconds_since(from) < settings_.connect_timeout && told_to_end == 0)
      wait_s(0.002);
    result_.connect_s = seconds_since(from);
    result_.ready = control_.ready;
    result_.connected = measure_use(settings_.pids);
    result_.kernel_slab_kb = kernel_slab_kb() - slab;
  }

  // Counts from the first connection on: what is there begins to come at once.
  void replay() {
    result_.begin = measure_use(settings_.pids);
    const auto own = own_cpu_s();
    const auto from = now_ns();
    control_.phase = run_phase::measure;
    start();
    wait_for_count(from, settings_.conns);
    result_.seconds = seconds_since(from);
    result_.ready = control_.ready;
    result_.end = measure_use(settings_.pids);
    result_.own_cpu_s = own_cpu_s() - own;
    control_.phase = run_phase::drain;
  }

  void wait_for_count(std::int64_t from, int receivers) {
    const auto want =
        static_cast<std::uint64_t>(settings_.count) * static_cast<std::uint64_t>(receivers);
    while (control_.delivered < want && seconds_since(from) < settings_.duration
           && control_.failed + control_.dropped == 0 && told_to_end == 0)
      wait_s(0.002);
  }

  void hold() {
    control_.phase = run_phase::hold;
    result_.begin = measure_use(settings_.pids);
    const auto from = now_ns();
    wait_until_told(settings_.duration);
    result_.seconds = seconds_since(from);
    result_.end = measure_use(settings_.pids);
  }

  void measure() {
    control_.phase = run_phase::warmup;
    wait_until_told(settings_.warmup);
    result_.begin = measure_use(settings_.pids);
    const auto own = own_cpu_s();
    const auto from = now_ns();
    control_.phase = run_phase::measure;
    if (settings_.count > 0)
      wait_for_count(from, 1);
    else
      wait_until_told(settings_.duration);
    control_.phase = run_phase::drain;
    result_.seconds = seconds_since(from);
    result_.end = measure_use(settings_.pids);
    result_.own_cpu_s = own_cpu_s() - own;
  }

  // Lets the last deliveries come, as long as they do.
  void drain() {
    const auto want = control_.published * static_cast<std::uint64_t>(settings_.conns);
    const auto from = now_ns();
    while (control_.delivered < want && seconds_since(from) < settings_.drain)
      wait_s(0.005);
  }

  void collect() {
    result_.failed = control_.failed;
    result_.dropped = control_.dropped;
    result_.published = control_.published;
    for (const auto& each : workers_) {
      const auto& part = each->results();
      result_.counts.messages += part.messages;
      result_.counts.all_messages += part.all_messages;
      result_.counts.cycles += part.cycles;
      result_.counts.sent += part.sent;
      result_.counts.bytes_out += part.bytes_out;
      result_.counts.bytes_in += part.bytes_in;
      result_.counts.latency.merge(part.latency);
      result_.counts.handshake.merge(part.handshake);
    }
  }

  const options& settings_;
  const int expected_;
  run_control control_;
  std::vector<std::unique_ptr<worker>> workers_;
  std::vector<std::thread> threads_;
  run_result result_;
};

int run(const options& settings) {
  load_run load{settings};
  const auto line = report(settings, load.run()) + "\n";
  std::fputs(line.c_str(), stdout);
  if (!settings.json_path.empty()) {
    if (std::FILE* file = std::fopen(settings.json_path.c_str(), "a")) {
      std::fputs(line.c_str(), file);
      std::fclose(file);
    }
  }
  return load.complete() ? 0 : 1;
}

} // namespace
} // namespace muster::bench

int main(int argc, char** argv) {
  using namespace muster::bench;
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.empty() || arguments.front() == "--help") {
    std::fputs(help_text, arguments.empty() ? stderr : stdout);
    return arguments.empty() ? 2 : 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGTERM, [](int) { told_to_end = 1; });
  raise_file_limit();
  try {
    return run(parse(arguments));
  } catch (const unusable& why) {
    give_up(why);
  }
}
