#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// The limits of JSON from outside.
inline constexpr std::size_t max_json_depth = 32;

/// The fault of a document with too many levels, known by its address.
inline constexpr char nested_too_deeply[] = "the JSON is nested too deeply";

/// What a scan found wrong, and where.
struct json_fault {
  /// Null when the text is fine.
  const char* what = nullptr;
  std::size_t offset = 0;
  explicit operator bool() const { return what != nullptr; }
};

/// Gets the members of an object one by one, by their raw text: nothing is built or copied.
class json_member_sink {
public:
  /// `key` is unescaped; `value` is the member's JSON as it stands, without blanks around it.
  virtual void member(std::string_view key, std::string_view value) = 0;
  /// Who gets the members of the value of `key`, when that is an object, before the value itself
  /// is handed out here; null for nobody. Asked for each member before its value is looked at.
  virtual json_member_sink* within(std::string_view /*key*/) { return nullptr; }

protected:
  ~json_member_sink() = default;
};

/// Checks one whole JSON document (RFC 8259): syntax, UTF-8, nesting of at most `max_depth` levels
/// and never above 64, numbers within the range of a double. No recursion, but for sinks that want
/// to go in.
json_fault check_json(std::string_view text, std::size_t max_depth = max_json_depth);

/// Checks the document and hands out the members of its outermost object; a document that is no
/// object is a fault. Of members with the same key the last one counts, so a sink overwrites.
json_fault scan_object(std::string_view text, json_member_sink& sink,
                       std::size_t max_depth = max_json_depth);

/// The value of the member `key` of the object `text`, which must have been checked; empty view
/// when it is not there or `text` is no object.
std::string_view find_member(std::string_view text, std::string_view key);
/// The same for several keys, in one walk; `values` come empty.
void find_members(std::string_view text, std::span<const std::string_view> keys,
                  std::span<std::string_view> values);
template <std::size_t Count>
std::array<std::string_view, Count> find_members(std::string_view text,
                                                 const std::string_view (&keys)[Count]) {
  std::array<std::string_view, Count> values;
  find_members(text, keys, values);
  return values;
}

/// The elements of the array `text`, which must have been checked, as they stand; none when it is
/// no array or is nested deeper.
std::vector<std::string_view> json_elements(std::string_view text,
                                            std::size_t max_depth = max_json_depth);

/// The text of a checked JSON string; false when `value` is no string.
bool json_string(std::string_view value, std::string& out);

/// Appends `text` as a JSON string with its quotes. Invalid UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);
std::string quoted(std::string_view text);

/// `data` of an envelope that is left out: null, "", 0, false, {} or [] (any blanks inside).
bool is_empty_json(std::string_view value);

} // namespace muster
