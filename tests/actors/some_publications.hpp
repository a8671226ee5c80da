#pragma once

#include "messages/publication.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// 2026-11-23T12:00:00Z
inline const timestamp noon{std::chrono::seconds{1795435200}};

/// A message of /news: what a test does not say is as usual, and it lives for a day.
inline topic_message a_message(std::uint64_t seq, unsigned priority = usual_priority) {
  topic_message out;
  out.seq = seq;
  out.msg_id = "m" + std::to_string(seq);
  out.data = "\"" + std::to_string(seq) + "\"";
  out.priority = static_cast<std::uint8_t>(priority);
  out.expiration = 86400;
  out.published_us = microseconds_of(noon);
  out.expires_us = out.published_us + 86'400'000'000;
  return out;
}

inline publication_ptr a_publication(topic_message message) {
  return std::make_shared<const publication>(std::move(message), "/news");
}

inline publication_ptr a_publication(std::uint64_t seq, unsigned priority = usual_priority) {
  return a_publication(a_message(seq, priority));
}

/// One that lives from noon for so many seconds.
inline publication_ptr short_lived(std::uint64_t seq, std::int64_t lives_for,
                                   unsigned priority = usual_priority) {
  auto message = a_message(seq, priority);
  message.expires_us = message.published_us + lives_for * 1'000'000;
  return a_publication(std::move(message));
}

/// One with so many bytes of data.
inline publication_ptr long_one(std::uint64_t seq, std::size_t size) {
  auto message = a_message(seq);
  message.data = '"' + std::string(size - 2, 'x') + '"';
  return a_publication(std::move(message));
}

inline std::vector<std::uint64_t> seqs_of(const std::vector<publication_ptr>& messages) {
  std::vector<std::uint64_t> out;
  for (const auto& each : messages)
    out.push_back(each->seq());
  return out;
}

using seqs = std::vector<std::uint64_t>;

} // namespace muster::test
