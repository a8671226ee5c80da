#pragma once

#include "messages/connection.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace muster {

/// The value of an attribute: null, a text, a whole number, a time, labels. Texts that are not kept
/// as such in the row (addresses) come as std::string; spans are whole nanoseconds.
using attribute_value = std::variant<std::monostate, std::string_view, std::string, std::int64_t,
                                     double, timestamp, const labels*>;

enum class attribute_kind : std::uint8_t { text, number, time, label_map, span, address };

/// One attribute of a connection: the list, the selector, sorting and `fields` know it from here.
struct attribute {
  std::string_view name;
  attribute_kind kind;
  /// Never changes while the connection lives.
  bool fixed;
  /// Only a field of selectors and sorting (`idle`, `age`, `remote_ip`), not shown in a row.
  bool derived;
  attribute_value (*get)(const connection_row&, timestamp now);
  /// One sentence for people.
  std::string_view about;
};

/// `text`, `number`, `time`, `labels`, `duration` or `address`.
std::string_view to_string(attribute_kind kind);

/// All of them, in the order in which a row shows them.
std::span<const attribute> attributes();

/// Null when there is no such attribute.
const attribute* find_attribute(std::string_view name);

/// The name that every row shows as its server's. Called once, before anything else runs.
void set_server_identity(std::string name);

/// Appends the row as a JSON object: all attributes, or those in `only`.
void append_row(std::string& out, const connection_row& row, timestamp now,
                std::span<const attribute* const> only = {});

} // namespace muster
