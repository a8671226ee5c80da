#pragma once

#include "messages/publication.hpp"
#include "messages/time.hpp"
#include "messages/topic.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace muster {

/// What a topic is told to hand out: made once, shared by all who get it.
struct push_batch {
  topic_ptr rules;
  std::vector<publication_ptr> messages;
  /// Of each message.
  std::vector<first_delivery> first_deliveries;
  /// Of a delivery with all of them: its message id, and the beginning of its envelope.
  std::string id_of_all;
  std::string head_of_all;
  /// Of all messages, so that most subscribers need not look at each.
  std::size_t bytes_in_frame = 0;
  timestamp first_expiry = timestamp::max();

  void add(publication_ptr message) {
    bytes_in_frame += message->bytes_in_frame();
    first_expiry = std::min(first_expiry, message->expires_at());
    messages.push_back(std::move(message));
  }
};

} // namespace muster
