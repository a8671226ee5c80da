#pragma once

#include "actors/log_records.hpp"

#include <string>

namespace muster::test {

/// The time of a message with that sequence: one a second.
inline std::int64_t time_of_seq(std::uint64_t seq) {
  return 1'000'000 * static_cast<std::int64_t>(seq);
}

/// A message that says its own sequence and lives for a hundred seconds.
inline topic_message some_message(std::uint64_t seq, std::uint8_t lane = 4) {
  topic_message message;
  message.seq = seq;
  message.msg_id = "id" + std::to_string(seq);
  message.data = "\"message " + std::to_string(seq) + "\"";
  message.priority = static_cast<std::uint8_t>(lane + lowest_priority);
  message.published_us = time_of_seq(seq);
  message.expires_us = time_of_seq(seq + 100);
  return message;
}

inline log_record some_record(std::uint64_t seq, std::uint8_t lane = 4) {
  return to_record(some_message(seq, lane));
}

} // namespace muster::test
