// How long a page of a large roll takes, and what it does to the inserts beside it.

#include "actors/listing.hpp"
#include "actors/roll.hpp"
#include "messages/selector.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace muster;

class maker {
public:
  roll_entry entry() {
    const auto n = next_++;
    auto from = std::make_shared<arrival>();
    char id[32];
    std::snprintf(id, sizeof id, "ws.%016llx%08llx", static_cast<unsigned long long>(random_()),
                  static_cast<unsigned long long>(n));
    from->id = id;
    from->channel = n % 4 == 0 ? "crm" : "pos";
    from->remote = {"10." + std::to_string(n % 200) + "." + std::to_string(n / 250 % 250) + "."
                        + std::to_string(n % 250),
                    static_cast<std::uint16_t>(1024 + n % 60000)};
    from->local = {"192.168.0.1", 8080};
    from->user_agent = "client/1." + std::to_string(n % 10);
    from->connected_at = begin_ + std::chrono::milliseconds{n};
    auto counters = std::make_shared<connection_counters>();
    counters->bytes_in = random_() % 10'000'000;
    counters->queue_bytes = random_() % (4 << 20);
    counters->last_seen_us =
        std::chrono::duration_cast<std::chrono::microseconds>(
            (begin_ + std::chrono::seconds{random_() % 86400}).time_since_epoch())
            .count();
    auto row = std::make_shared<connection_row>();
    row->from = from;
    auto who = std::make_shared<caller>();
    who->client_id = "pos-" + std::to_string(random_() % 1'000'000);
    who->client_name = "Till " + std::to_string(n);
    who->tags = {{"site", n % 3 == 0 ? "A" : "B"}, {"version", "2." + std::to_string(n % 20)}};
    who->session_at = from->connected_at;
    row->who = who;
    row->state = connection_state::ready;
    row->counters = counters;
    return {row, {}};
  }

private:
  std::mt19937_64 random_{1};
  std::uint64_t next_ = 0;
  timestamp begin_ = std::chrono::system_clock::now() - std::chrono::hours{24};
};

/// CPU time of this thread in milliseconds.
double cpu_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

template <class Work>
double median_ms(Work work) {
  std::vector<double> times;
  for (int i = 0; i < 9; ++i) {
    const auto from = cpu_ms();
    work();
    times.push_back(cpu_ms() - from);
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

connection_query question(const char* selector_text, const char* sort_by, bool descending = true) {
  connection_query query;
  selector_fault fault;
  if (!selector::parse(selector_text, query.where, fault)) {
    std::fprintf(stderr, "%s: column %zu: expected %s\n", selector_text, fault.column,
                 fault.expected.c_str());
    std::exit(1);
  }
  query.sort_by = find_attribute(sort_by);
  query.descending = descending;
  return query;
}

void measure_pages(const roll_snapshot& rows) {
  std::printf("%-66s %-14s %8s %8s\n", "selector", "sort", "matches", "CPU ms");
  for (const auto& [text, sort] : std::vector<std::pair<const char*, const char*>>{
           {"", "connected_at"},
           {"", "client_id"},
           {"channel == \"crm\"", "connected_at"},
           {"label.site == \"A\" and queue_bytes > 1MiB", "connected_at"},
           {"channel == \"crm\" and client_id ~ \"pos-*\" and idle > 10m", "remote_address"},
           {"remote_ip in 10.0.0.0/9 and label.site == \"A\"", "client_id"},
           {"client_id =~ \"^pos-[0-4]\"", "connected_at"},
           {"", "bytes_in"},
           {"", "idle"}}) {
    const auto query = question(text, sort);
    std::uint64_t total = 0;
    const auto ms = median_ms([&] {
      frozen_lists kept;
      listing reader{rows, kept, std::chrono::system_clock::now(), {}};
      total = reader.read(query)->total;
    });
    std::printf("%-66s %-14s %8llu %8.1f\n", text, sort, static_cast<unsigned long long>(total),
                ms);
  }
}

/// A window in the middle, which moves with a row that was seen.
void measure_windows(const roll_snapshot& rows) {
  for (const auto* sort : {"connected_at", "client_id", "bytes_in"}) {
    auto query = question("", sort);
    query.limit = 120;
    query.offset = rows.size() / 2;
    const auto read = [&] {
      frozen_lists kept;
      return listing{rows, kept, std::chrono::system_clock::now(), {}}.read(query);
    };
    if (const auto page = read(); page && !page->rows.empty())
      query.near = {{page->rows.front()->from->id, *page->offset}};
    std::printf("%-66s %-14s %8zu %8.1f\n", "a window in the middle", sort, rows.size(),
                median_ms(read));
  }
}

/// The time of each of 5,000 connects and disconnects while another thread reads pages.
void measure_inserts(roll& rows, maker& make, bool with_pages) {
  std::atomic<bool> stop{false};
  std::atomic<std::shared_ptr<const roll_snapshot>> latest{rows.snapshot()};
  std::atomic<int> pages{0};
  std::thread reader{[&] {
    const auto query = question("label.site == \"A\"", "connected_at");
    while (with_pages && !stop) {
      frozen_lists kept;
      const auto snapshot = latest.load();
      listing{*snapshot, kept, std::chrono::system_clock::now(), {}}.read(query);
      ++pages;
    }
  }};
  std::vector<double> times;
  for (int i = 0; i < 5000; ++i) {
    auto entry = make.entry();
    const auto id = entry.row->from->id;
    const auto from = std::chrono::steady_clock::now();
    rows.put(std::move(entry));
    rows.erase(id);
    // Twenty lists between them: far more often than people ask.
    if (with_pages && i % 250 == 0)
      latest = rows.snapshot();
    const std::chrono::duration<double, std::micro> took = std::chrono::steady_clock::now() - from;
    times.push_back(took.count());
    if (with_pages && i % 50 == 0)
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  stop = true;
  reader.join();
  std::sort(times.begin(), times.end());
  std::printf(
      "connect and disconnect, %-14s: median %.1f us, 99 %% %.1f us, worst %.1f us; %d pages\n",
      with_pages ? "pages beside" : "alone", times[times.size() / 2],
      times[times.size() * 99 / 100], times.back(), pages.load());
}

} // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 100'000;
  maker make;
  roll rows;
  const auto from = cpu_ms();
  std::vector<roll_entry> entries;
  for (int i = 0; i < count; ++i)
    entries.push_back(make.entry());
  std::shuffle(entries.begin(), entries.end(), std::mt19937{7});
  const auto made = cpu_ms();
  for (auto& entry : entries)
    rows.put(std::move(entry));
  std::printf("%d rows: made in %.0f ms, entered in %.1f ms\n", count, made - from,
              cpu_ms() - made);
  measure_pages(*rows.snapshot());
  measure_windows(*rows.snapshot());
  measure_inserts(rows, make, false);
  measure_inserts(rows, make, true);
}
