#pragma once

#include "bench/wsload/frames.hpp"
#include "bench/wsload/histogram.hpp"
#include "bench/wsload/protocol.hpp"

#include <atomic>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::bench {

enum class run_phase { connect, hold, warmup, measure, drain, stop };

/// Shared by the workers and the main thread.
struct run_control {
  std::atomic<run_phase> phase{run_phase::connect};
  std::atomic<int> ready{0}, failed{0}, dropped{0};
  std::atomic<std::uint64_t> published{0}, delivered{0}, forgiven{0};
};

struct statistics {
  std::uint64_t messages = 0;     // replies or deliveries while measuring
  std::uint64_t all_messages = 0; // the same, from start to end
  std::uint64_t cycles = 0;       // churn, while measuring
  std::uint64_t sent = 0;         // requests or publications, from start to end
  std::uint64_t bytes_out = 0;    // of their frames
  std::uint64_t bytes_in = 0;     // of the frames with replies or deliveries, while measuring
  histogram latency, handshake;
};

/// One event loop of the generator with its share of the connections; `run` is its thread.
class worker {
public:
  worker(const options& settings, run_control& control, int index);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  void run();
  const statistics& results() const { return results_; }

  // For the protocols.

  /// Sends one WebSocket message; `fill` appends its payload.
  template <class Fill>
  void send_message(client& to, bool binary, std::size_t size_hint, Fill&& fill) {
    append_frame(to.out, binary ? opcode::binary : opcode::text, to.mask, size_hint,
                 std::forward<Fill>(fill));
    mark_dirty(to);
  }
  void send_raw(client& to, std::string_view bytes);
  void greeted(client& by);
  /// One reply (echo) or one delivery (fanout) has come for what was sent at `sent_at`.
  void arrived(client& at, std::int64_t sent_at, std::int64_t now);
  /// Answers a frame that one of the --auto rules knows; true if it did.
  bool auto_reply(client& to, std::string_view payload);

private:
  run_phase phase() const { return control_.phase.load(std::memory_order_relaxed); }
  bool measuring() const { return phase() == run_phase::measure; }
  void mark_dirty(client& to);

  void connect_more();
  bool may_begin();
  void start_connect(client& by);
  void bind_source(client& by);
  void on_connected(client& by);
  void start_close(client& by);
  void drop(client& by);
  void fail(client& by, const std::string& why);

  void first_messages();
  void request(client& of, std::int64_t sent_at);
  std::int64_t generate();
  std::int64_t generate_at_rate();
  void generate_by_window();
  /// The next one sends something; false when it is not there.
  bool generate_one(std::int64_t sent_at);
  void flush();
  void write_out(client& to);

  void on_events(client& at, std::uint32_t events);
  void read_in(client& from);
  void on_closed(client& by, const char* why);
  bool on_upgraded(client& by, std::string_view& in);
  void consume(client& from, std::string_view& in, std::int64_t now);
  void on_message(client& from, const frame& part, std::int64_t now);
  void on_control(client& from, const frame& control);

  const options& settings_;
  run_control& control_;
  std::unique_ptr<protocol> protocol_;
  std::vector<char> buffer_;
  std::deque<client> clients_;
  std::vector<client*> dirty_, publishers_;
  std::vector<text_template> auto_templates_;
  std::string request_head_;
  statistics results_;
  int epoll_ = -1, opening_ = 0, complaints_ = 0;
  std::uint32_t next_source_ = 0;
  std::size_t next_ = 0, turn_ = 0;
  std::uint64_t sent_ = 0, turn_delivered_ = 0, last_done_ = 0;
  std::int64_t start_ = 0, last_progress_ = 0, next_cycle_ = 0;
};

} // namespace muster::bench
