#pragma once

#include "messages/close_code.hpp"
#include "messages/invoke.hpp"
#include "messages/selector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster {

enum class operation_verb : std::uint8_t { invoke, close, broadcast };
enum class operation_state : std::uint8_t { running, done, cancelled };

std::string_view to_string(operation_verb verb);
std::string_view to_string(operation_state state);

/// What came of an operation for one connection.
struct operation_outcome {
  std::string connection_id;
  /// An invoke_outcome, a close_outcome, or `sent`, `refused`, `cancelled` of a broadcast.
  std::string outcome;
  /// The answer as JSON, where there is one.
  std::string data;
  std::string detail;
  double ms = 0;
  timestamp at{};
};

/// Call one client.
struct start_invoke {
  static constexpr auto type = "start_invoke";
  std::string connection_id;
  std::string data;
  duration timeout{};
  std::string by;
};
struct invoke_finished {
  static constexpr auto type = "invoke_finished";
  std::string operation;
  invoke_reply reply;
};

/// Call, close or tell all connections that a selector matches.
struct start_operation {
  static constexpr auto type = "start_operation";
  operation_verb verb{};
  selector where;
  /// Only say which connections it would hit.
  bool dry_run = false;
  std::optional<std::uint64_t> max;
  /// Connections a second; absent: as fast as they take it.
  std::optional<double> pace;
  /// For invoke and broadcast: JSON.
  std::string data;
  duration timeout{};
  /// For close.
  close_order order;
  std::string by;
};

/// An operation as it stands.
struct operation {
  static constexpr auto type = "operation";
  std::string id;
  operation_verb verb{};
  operation_state state = operation_state::running;
  std::uint64_t matched = 0;
  std::uint64_t finished = 0;
  std::string by;
  std::string selector_text;
  timestamp started_at{};
  timestamp finished_at{};
  bool dry_run = false;
  std::vector<operation_outcome> outcomes;
};

struct find_operation {
  static constexpr auto type = "find_operation";
  std::string id;
  /// Leave out the first so many outcomes, which the asker has.
  std::uint64_t after = 0;
};
struct cancel_operation {
  static constexpr auto type = "cancel_operation";
  std::string id;
};

} // namespace muster
