#pragma once

#include "actors/interfaces.hpp"

#include <cstdio>
#include <memory>
#include <random>
#include <string>

namespace muster::test {

/// Makes entries of a roll, all different, without actors behind them.
class entry_maker {
public:
  explicit entry_maker(unsigned seed = 1) : random_{seed} {}

  static constexpr timestamp noon{std::chrono::seconds{1795435200}};

  roll_entry make() {
    const auto n = made_++;
    auto from = std::make_shared<arrival>();
    char id[40];
    std::snprintf(id, sizeof id, "ws.%016llx%08x", static_cast<unsigned long long>(random_()), n);
    from->id = id;
    from->channel = pick(2) == 0 ? "crm" : "pos";
    from->remote = {"10.0." + std::to_string(pick(3)) + "." + std::to_string(pick(250)),
                    static_cast<std::uint16_t>(pick(65000))};
    from->local = {"10.9.9.9", 80};
    from->tls = pick(3) == 0 ? "" : "TLSv1.3 " + std::to_string(pick(3));
    from->user_agent = pick(4) == 0 ? std::string(300, 'x') + std::to_string(pick(5))
                                    : "client/" + std::to_string(pick(5));
    from->connected_at = noon + std::chrono::seconds{pick(20)};
    return {change(from), {}};
  }

  /// A new row for the same connection, with other values for what may change.
  row_ptr change(const std::shared_ptr<const arrival>& from) {
    auto row = std::make_shared<connection_row>();
    row->from = from;
    auto counters = std::make_shared<connection_counters>();
    counters->bytes_in = static_cast<std::uint64_t>(pick(10));
    counters->rtt_us = pick(5) - 1;
    counters->last_seen_us =
        std::chrono::duration_cast<std::chrono::microseconds>(noon.time_since_epoch()).count()
        + pick(100);
    row->counters = counters;
    if (pick(4) != 0) {
      auto who = std::make_shared<caller>();
      who->client_id = "client-" + std::to_string(pick(30));
      who->session_at = noon + std::chrono::seconds{pick(10)};
      row->state = connection_state::ready;
      who->tags = {{"site", std::to_string(pick(3))}};
      row->who = who;
    }
    return row;
  }

  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

private:
  std::mt19937_64 random_;
  unsigned made_ = 0;
};

} // namespace muster::test
