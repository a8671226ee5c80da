#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

enum class load_mode { echo, fanout, replay, idle, churn };

/// How an answer is told to belong to a request.
enum class match_by { marker, fifo, id };

/// One line of the greeting: send a frame, or wait for one that contains `text`.
struct greeting_line {
  bool send;
  std::string text;
};

/// A frame that contains `match` (or, with a leading '=', equals the rest) is answered.
struct auto_answer {
  std::string match, reply;
};

/// What the command line asks for.
struct options {
  load_mode mode = load_mode::echo;
  std::string mode_name;
  std::string adapter = "ws"; // or tcp, http, nats, mqtt
  std::string host = "127.0.0.1", path = "/";
  int port = 9001;
  std::string subprotocol, label, json_path, topic = "wsload";
  std::vector<std::string> headers;
  std::vector<greeting_line> hello, sub_hello;
  std::vector<auto_answer> autos;
  std::string auto_id, capture, refusal;
  std::string request = "{data}", publish = "{data}";
  std::string post, answer;         // HTTP: the body; what must be in an answer
  std::vector<std::string> targets; // HTTP: what {target} stands for, in turn
  match_by match = match_by::marker;
  std::string match_text;
  bool binary = false, abort_close = false;
  int conns = 1, pubs = 1, pipeline = 1, size = 64, burst = 64, threads = 1, window = 4;
  int src_ips = 0;
  int count = 0; // of messages, after which it is over; 0: no end
  int subs = 0;  // idle: subscriptions of each connection
  double rate = 0, duration = 5, warmup = 1, drain = 2, connect_timeout = 120;
  std::vector<int> pids;

  /// What comes is told apart by its mark, not taken for an answer.
  bool delivers() const { return mode == load_mode::fanout || mode == load_mode::replay; }
  bool subscribes() const { return delivers() || subs > 0; }
  /// What a subscriber subscribes to.
  std::vector<std::string> topics() const;
};

/// A command line that makes no sense, or a machine that does not allow what it asks.
struct unusable : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the command line without the program's name; throws `unusable`.
options parse(const std::vector<std::string>& arguments);

/// Fills in what the preset of that name says; throws `unusable` when there is none.
void apply_preset(options& to, std::string_view name);

extern const char* const help_text;

} // namespace muster::bench
