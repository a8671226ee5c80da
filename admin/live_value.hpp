#pragma once

#include "messages/json_scan.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace muster {

/// The last answer of a call that is watched; says of the next one what is new. Answers are
/// compared as they are written: nothing is built of them.
class live_value {
public:
  enum class kind : std::uint8_t { nothing, state, delta };
  struct news {
    kind what = kind::nothing;
    /// The members of the event's data, without braces.
    std::string json;
  };

  /// `body` is a JSON document of the server's own.
  news take(std::string body);
  /// The next answer is news as a whole.
  void forget() { last_.reset(); }

private:
  class answer;
  std::shared_ptr<const answer> last_;
};

} // namespace muster
