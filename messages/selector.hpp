#pragma once

#include "messages/connection.hpp"
#include "messages/message.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace muster {

/// Why a selector cannot be understood.
struct selector_fault {
  /// 1-based, in characters of the text.
  std::size_t column = 0;
  std::string expected;
};

/// A parsed selector: says of a row whether it matches. Immutable, shared, safe on any thread.
class selector {
public:
  class node;
  /// Matches everything.
  selector() = default;

  /// Parses `text`; an empty one matches everything. On failure `fault` is filled.
  static bool parse(std::string_view text, selector& out, selector_fault& fault);

  bool matches(const connection_row& row, timestamp now) const;
  bool matches_all() const { return root_ == nullptr; }
  /// The text that it was parsed from.
  const std::string& text() const { return text_; }

private:
  std::shared_ptr<const node> root_;
  std::string text_;
};

} // namespace muster
