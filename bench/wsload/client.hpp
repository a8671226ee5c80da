#pragma once

#include "bench/wsload/text_template.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

namespace muster::bench {

enum class client_role : std::uint8_t { client, subscriber, publisher };
enum class client_state : std::uint8_t { closed, connecting, handshake, greeting, ready, closing };

/// One connection of the generator.
struct client {
  int fd = -1;
  std::uint32_t i = 0, mask = 0;
  client_state state = client_state::closed;
  client_role role = client_role::client;
  bool dirty = false;                   // on the list of those with something to write
  std::uint16_t step = 0;               // of the greeting
  std::uint64_t next_id = 0;            // of the last request
  std::size_t out_at = 0;               // how much of `out` is written
  std::int64_t started = 0;             // when connect() was called
  std::string in, out;                  // an incomplete frame; what is to be written
  std::string parts;                    // an incomplete packet of NATS or MQTT
  std::string fragments;                // of one message
  std::string cap;                      // captured in the greeting
  std::deque<std::int64_t> sent_at;     // match_by::fifo, HTTP
  std::vector<std::int64_t> id_sent_at; // match_by::id, a ring

  template_values values(std::int64_t sent) const { return {i, next_id, sent, cap, {}, {}}; }
};

} // namespace muster::bench
