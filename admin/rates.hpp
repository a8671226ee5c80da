#pragma once

#include "messages/message.hpp"
#include "messages/time.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <cstdint>
#include <string>

namespace muster {

/// The counts whose rates the front page shows.
struct traffic {
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t connects = 0;
  std::uint64_t publications = 0;
  std::uint64_t deliveries = 0;
};

/// The traffic of this process so far.
traffic traffic_of_now();

struct take_rates {
  static constexpr auto type = "take_rates";
};

/// What happened, by the second.
struct traffic_rates {
  static constexpr auto type = "traffic_rates";
  double messages_in = 0;
  double messages_out = 0;
  double bytes_in = 0;
  double bytes_out = 0;
  double connects = 0;
  double publications = 0;
  double deliveries = 0;
  /// The seconds that it is the mean of.
  double window = 0;
};

/// The mean rates between two points in time.
traffic_rates rates_between(const traffic& before, const traffic& after, double window);

using rates_actor = caf::typed_actor<caf::replies_to<take_rates>::with<traffic_rates>>;

/// Keeps samples of the counters, taken when somebody asks, and makes rates of them.
class rates {
public:
  using handle = rates_actor;
  explicit rates(handle::pointer self);
  handle::behavior_type start();

  std::string name = "rates";

private:
  struct sample {
    traffic counts;
    deadline at;
  };
  traffic_rates take();

  handle::pointer self_;
  sample older_;
  sample newer_;
};

} // namespace muster
