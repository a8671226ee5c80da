#include "messages/metrics.hpp"

#include "tests/catch.hpp"

#include <atomic>
#include <thread>
#include <vector>

using namespace muster;

TEST_CASE("what all threads count is added up, also of those that have ended") {
  constexpr std::uint64_t each = 1000;
  constexpr std::size_t threads = 4;
  const auto before = all_counters();
  std::atomic<std::size_t> through{0};
  std::atomic<bool> seen{false};
  std::vector<std::jthread> running;
  for (std::size_t i = 0; i < threads; ++i)
    running.emplace_back([&] {
      for (std::uint64_t n = 0; n < each; ++n)
        count(counters().messages_in);
      count(counters().admin_requests[4], 2);
      ++through;
      seen.wait(false);
    });
  while (through != threads)
    std::this_thread::yield();
  const auto check = [&] {
    const auto now = all_counters();
    CHECK(now->messages_in - before->messages_in == threads * each);
    CHECK(now->admin_requests[4] - before->admin_requests[4] == threads * 2);
    CHECK(now->messages_out == before->messages_out);
  };
  check();
  CHECK(counters().messages_in == 0);
  seen = true;
  seen.notify_all();
  running.clear();
  check();
}
