#pragma once

#include "actors/wire.hpp"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// A wire that keeps what a connection says.
class fake_wire final : public wire {
public:
  sent send(std::string_view text) override {
    if (full)
      return sent::full;
    texts.emplace_back(text);
    return sent::ok;
  }
  sent send(std::span<const std::string_view> pieces) override {
    if (full)
      return sent::full;
    auto& text = texts.emplace_back();
    for (const auto piece : pieces)
      text += piece;
    return sent::ok;
  }
  sent send(const shared_frame& frame) override {
    if (full)
      return sent::full;
    // The frames of tests are short: two octets of header.
    texts.push_back(frame->substr(frame->size() < 128 ? 2 : 4));
    return sent::ok;
  }
  void ping(std::string_view payload) override { pings.emplace_back(payload); }
  void close(std::uint16_t code, std::string_view reason, duration) override {
    closes.emplace_back(code, reason);
  }
  void abort() override { aborted = true; }
  void limit_message(std::size_t bytes) override { limit = bytes; }
  void limit_queue(std::size_t bytes) override { most_queued = bytes; }
  std::size_t queued_bytes() const override { return queued; }

  bool full = false;
  bool aborted = false;
  std::size_t limit = 0;
  std::size_t most_queued = 0;
  std::size_t queued = 0;
  std::vector<std::string> texts;
  std::vector<std::string> pings;
  std::vector<std::pair<std::uint16_t, std::string>> closes;
};

} // namespace muster::test
