#pragma once

#include "admin/problem.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster {

/// What the JSON of a field may be.
enum class json_kind : std::uint8_t {
  text,
  number,
  /// A whole number of zero or more.
  integer,
  boolean,
  /// An array or null.
  array_or_null,
  any
};

/// The word for it in a JSON schema.
std::string_view schema_type(json_kind kind);

/// The kind for the word that `channel_fields()` and `topic_fields()` have.
json_kind json_kind_of(std::string_view word);

/// A field that the body of a request may have.
struct body_field {
  std::string name;
  json_kind kind = json_kind::any;
  bool required = false;
  std::string about;
};

/// The body of a request: one JSON object whose members were held against a list of fields.
class request_body {
public:
  /// An empty text is an empty object. The first fault, if there is one, names its field.
  static std::optional<problem> read(std::string_view text, std::span<const body_field> fields,
                                     request_body& out);

  bool has(std::string_view name) const { return members_.find(name) != members_.end(); }
  /// The JSON of a member as it came; empty when it is not there.
  std::string_view raw(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<double> number(std::string_view name) const;
  std::optional<std::uint64_t> integer(std::string_view name) const;
  bool truth(std::string_view name) const { return raw(name) == "true"; }

private:
  std::map<std::string, std::string, std::less<>> members_;
};

} // namespace muster
