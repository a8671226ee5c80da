#pragma once

#include "messages/json_scan.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace muster {

/// Walks over a JSON text once, checking it. The steps say whether they went well; after one that
/// did not, `fault` says why and the walker is of no more use.
class json_walker {
public:
  /// `max_depth` counts for at most 64 levels.
  json_walker(std::string_view text, std::size_t max_depth)
      : begin_{text.data()}, at_{begin_}, end_{begin_ + text.size()}, max_depth_{max_depth < 64
                                                                                     ? max_depth
                                                                                     : 64} {}

  void skip_blanks() {
    while (at_ != end_ && (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t'))
      ++at_;
  }
  /// One value of any kind.
  bool value();
  /// An object, its members handed out.
  bool object(json_member_sink& sink);
  /// An array, its elements' raw texts put into `out`.
  bool elements(std::vector<std::string_view>& out);
  /// Nothing but blanks up to the end.
  bool end();
  json_fault fault() const { return fault_; }

private:
  bool fail(const char* what);
  bool take(char expected);
  bool scalar();
  bool string();
  bool escape();
  bool number();
  bool digits(std::size_t& count);
  bool literal(std::string_view word);
  bool key();
  bool opened(bool is_object, bool& is_empty);
  bool after_value(std::size_t base, bool& complete);

  const char* begin_;
  const char* at_;
  const char* end_;
  std::size_t max_depth_;
  std::size_t depth_ = 0;
  /// The kinds of the levels around, the innermost in the lowest bit: 1 is an object.
  std::uint64_t kinds_ = 0;
  /// The last member's name, quoted, as it stands in the text.
  std::string_view key_;
  json_fault fault_;
};

} // namespace muster
