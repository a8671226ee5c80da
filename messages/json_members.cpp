// Members of objects that have been checked: what nobody asks for is skipped without a look.

#include "messages/json_scan.hpp"
#include "messages/plain_text.hpp"

namespace muster {

namespace {

bool is_blank(char byte) {
  return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/// Steps from member to member. Any text is safe to walk over; what comes of one that is no JSON
/// means nothing.
class member_walk {
public:
  explicit member_walk(std::string_view object) : at_{object.data()}, end_{at_ + object.size()} {
    skip_blanks();
    if (!take('{'))
      at_ = end_;
  }

  /// Goes to the next member; false when there is none.
  bool next() {
    skip_blanks();
    if (take(','))
      skip_blanks();
    if (at_ == end_ || *at_ != '"')
      return false;
    const auto* const from = at_;
    skip_string();
    quoted_key_ = {from, at_};
    skip_blanks();
    take(':');
    skip_blanks();
    const auto* const begin = at_;
    skip_value();
    value_ = {begin, at_};
    return true;
  }
  bool is_named(std::string_view key) const {
    if (quoted_key_.find('\\') == std::string_view::npos)
      return quoted_key_.size() == key.size() + 2 && quoted_key_.substr(1, key.size()) == key;
    std::string name;
    return json_string(quoted_key_, name) && name == key;
  }
  std::string_view value() const { return value_; }

private:
  void skip_blanks() {
    while (at_ != end_ && is_blank(*at_))
      ++at_;
  }
  bool take(char expected) {
    if (at_ == end_ || *at_ != expected)
      return false;
    ++at_;
    return true;
  }
  void skip_string() {
    for (++at_;;) {
      at_ = skip_plain<plain_until::mark>(at_, end_);
      if (end_ - at_ < 2) {
        at_ = end_;
        return;
      }
      if (*at_ == '"') {
        ++at_;
        return;
      }
      at_ += 2;
    }
  }
  void skip_value() {
    if (at_ == end_)
      return;
    if (*at_ == '"')
      skip_string();
    else if (*at_ == '{' || *at_ == '[')
      skip_nested();
    else
      while (at_ != end_ && *at_ != ',' && *at_ != '}' && !is_blank(*at_))
        ++at_;
  }
  void skip_nested() {
    std::size_t depth = 0;
    while (at_ != end_) {
      if (*at_ == '"') {
        skip_string();
        continue;
      }
      const auto byte = *at_++;
      if (byte == '{' || byte == '[')
        ++depth;
      else if ((byte == '}' || byte == ']') && --depth == 0)
        return;
    }
  }

  const char* at_;
  const char* end_;
  std::string_view quoted_key_;
  std::string_view value_;
};

} // namespace

void find_members(std::string_view text, std::span<const std::string_view> keys,
                  std::span<std::string_view> values) {
  for (member_walk walk{text}; walk.next();)
    for (std::size_t i = 0; i != keys.size(); ++i)
      if (walk.is_named(keys[i]))
        values[i] = walk.value();
}

std::string_view find_member(std::string_view text, std::string_view key) {
  std::string_view value;
  find_members(text, {&key, 1}, {&value, 1});
  return value;
}

} // namespace muster
