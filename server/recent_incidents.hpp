#pragma once

#include "admin/endpoint.hpp"

#include <spdlog/sinks/base_sink.h>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

namespace muster {

/// A part of the log: keeps the last warnings and errors for operators to read. Any thread.
class recent_incidents final : public spdlog::sinks::base_sink<std::mutex> {
public:
  static constexpr std::size_t max_kept = 256;
  /// Longer texts are cut.
  static constexpr std::size_t max_text = 4096;

  recent_incidents();

  /// From the oldest to the newest.
  std::vector<incident> all();

protected:
  void sink_it_(const spdlog::details::log_msg& entry) override;
  void flush_() override {}

private:
  std::deque<incident> kept_;
  std::uint64_t last_number_ = 0;
};

} // namespace muster
