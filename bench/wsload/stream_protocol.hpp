#pragma once

#include "bench/wsload/worker.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

/// A protocol whose packets are a byte stream inside binary frames: a packet may span two frames.
/// In echo each connection subscribes to a topic of its own.
class stream_protocol : public protocol {
public:
  explicit stream_protocol(const options& settings)
      : settings_{settings}, data_{"{data}", settings} {}

  void publish(worker& by, client& to, std::int64_t sent_at) override { request(by, to, sent_at); }

  void message(worker& by, client& from, std::string_view bytes, std::int64_t now) override {
    if (from.parts.empty()) {
      take_packets(by, from, bytes, now);
      from.parts = bytes;
      return;
    }
    from.parts += bytes;
    std::string_view all = from.parts;
    take_packets(by, from, all, now);
    from.parts.erase(0, from.parts.size() - all.size());
  }

protected:
  /// Takes the whole packets off the front.
  virtual void take_packets(worker& by, client& from, std::string_view& in, std::int64_t now) = 0;

  std::string topic(const client& of) const {
    return settings_.mode == load_mode::echo ? settings_.topic + std::to_string(of.i)
                                             : settings_.topic;
  }

  /// What the client subscribes to.
  std::vector<std::string> topics(const client& of) const {
    if (of.role == client_role::subscriber)
      return settings_.topics();
    return settings_.mode == load_mode::echo ? std::vector{topic(of)} : std::vector<std::string>{};
  }

  static void deliver(worker& by, client& to, std::string_view payload, std::int64_t now) {
    each_marker(payload, [&](std::int64_t sent_at) { by.arrived(to, sent_at, now); });
  }

  const options& settings_;
  text_template data_;
};

} // namespace muster::bench
