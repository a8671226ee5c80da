#pragma once

#include "messages/connection.hpp"

#include <memory>
#include <string>

namespace muster::test {

/// 2026-11-23T12:00:00Z
inline const timestamp noon{std::chrono::seconds{1795435200}};

/// A connection with a session, and a handle on each part of it.
struct a_row {
  std::shared_ptr<arrival> from = std::make_shared<arrival>();
  std::shared_ptr<connection_counters> counters = std::make_shared<connection_counters>();
  std::shared_ptr<caller> who = std::make_shared<caller>();
  connection_row row;

  a_row() {
    from->id = "ws.0123456789abcdef01234567";
    from->channel = "crm";
    from->remote = {"10.1.2.3", 50123};
    from->local = {"192.168.0.1", 8080};
    from->user_agent = "python \"websockets\"";
    from->connected_at = noon - std::chrono::hours{2};
    counters->last_seen_us = 1795435200'000'000 - 15 * 60'000'000LL;
    row.from = from;
    row.who = who;
    who->client_id = "pos-17";
    who->client_name = "Till 17";
    who->tags = {{"key with \"quotes\"", "x"}, {"site", "A"}};
    who->session_at = noon - std::chrono::hours{1};
    row.state = connection_state::ready;
    row.counters = counters;
  }
};

} // namespace muster::test
