#include "messages/json_walker.hpp"

#include "messages/json_scan.hpp"
#include "messages/plain_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <system_error>

namespace muster {

namespace {

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}

bool is_hex(char byte) {
  return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/// Whether a decimal number that does not fit a double is too large for it, not too small.
bool overflows(std::string_view number) {
  const auto mark = number.find_first_of("eE");
  const auto mantissa = number.substr(0, mark);
  std::int64_t exponent = 0;
  auto text = number.substr(mark == std::string_view::npos ? number.size() : mark + 1);
  const auto negative = text.starts_with('-');
  if (negative || text.starts_with('+'))
    text.remove_prefix(1);
  for (const auto digit : text)
    exponent = exponent < 1'000'000'000 ? exponent * 10 + (digit - '0') : exponent;
  if (negative)
    exponent = -exponent;
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto first = mantissa.find_first_of("123456789");
  return static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) + exponent > 0;
}

bool fits_double(std::string_view number) {
  double value = 0;
  const auto result = std::from_chars(number.data(), number.data() + number.size(), value);
  return result.ec != std::errc::result_out_of_range || !overflows(number);
}

} // namespace

bool json_walker::fail(const char* what) {
  fault_ = {what, static_cast<std::size_t>(at_ - begin_)};
  return false;
}

bool json_walker::take(char expected) {
  if (at_ == end_ || *at_ != expected)
    return false;
  ++at_;
  return true;
}

bool json_walker::end() {
  skip_blanks();
  return at_ == end_ || fail("there is text after the JSON value");
}

/// Goes into an object or array; an empty one is left at once.
bool json_walker::opened(bool is_object, bool& is_empty) {
  if (depth_ == max_depth_)
    return fail(nested_too_deeply);
  ++at_;
  ++depth_;
  kinds_ = kinds_ << 1 | static_cast<std::uint64_t>(is_object);
  skip_blanks();
  is_empty = take(is_object ? '}' : ']');
  if (is_empty) {
    --depth_;
    kinds_ >>= 1;
    return true;
  }
  return !is_object || key();
}

/// Leaves the levels that end here; `complete` when `base` is reached, else the next value follows.
bool json_walker::after_value(std::size_t base, bool& complete) {
  for (complete = false; depth_ > base; --depth_, kinds_ >>= 1) {
    const auto in_object = (kinds_ & 1) != 0;
    skip_blanks();
    if (take(',')) {
      skip_blanks();
      return !in_object || key();
    }
    if (!take(in_object ? '}' : ']'))
      return fail(in_object ? "expected ',' or '}'" : "expected ',' or ']'");
  }
  complete = true;
  return true;
}

bool json_walker::value() {
  const auto base = depth_;
  for (auto complete = false; !complete;) {
    if (at_ == end_)
      return fail("the JSON ends too early");
    auto whole = true;
    if (*at_ == '{' || *at_ == '[') {
      if (!opened(*at_ == '{', whole))
        return false;
    } else if (!scalar()) {
      return false;
    }
    if (!whole)
      continue;
    if (!after_value(base, complete))
      return false;
  }
  return true;
}

/// A member's key and its colon, up to where the value begins.
bool json_walker::key() {
  const auto* from = at_;
  if (at_ == end_ || *at_ != '"')
    return fail("expected a member's name");
  if (!string())
    return false;
  key_ = {from, static_cast<std::size_t>(at_ - from)};
  skip_blanks();
  if (!take(':'))
    return fail("expected ':'");
  skip_blanks();
  return true;
}

bool json_walker::object(json_member_sink& sink) {
  if (at_ == end_ || *at_ != '{')
    return fail("expected an object");
  std::string unescaped;
  auto complete = false;
  if (!opened(true, complete))
    return false;
  while (!complete) {
    auto name = key_.substr(1, key_.size() - 2);
    if (name.find('\\') != std::string_view::npos && json_string(key_, unescaped))
      name = unescaped;
    auto* const inner = sink.within(name);
    const auto* from = at_;
    const auto goes_in = inner != nullptr && at_ != end_ && *at_ == '{';
    if (!(goes_in ? object(*inner) : value()))
      return false;
    sink.member(name, {from, static_cast<std::size_t>(at_ - from)});
    if (!after_value(depth_ - 1, complete))
      return false;
  }
  return true;
}

bool json_walker::elements(std::vector<std::string_view>& out) {
  if (at_ == end_ || *at_ != '[')
    return fail("expected an array");
  auto complete = false;
  if (!opened(false, complete))
    return false;
  while (!complete) {
    const auto* from = at_;
    if (!value())
      return false;
    out.emplace_back(from, static_cast<std::size_t>(at_ - from));
    if (!after_value(depth_ - 1, complete))
      return false;
  }
  return true;
}

bool json_walker::scalar() {
  switch (*at_) {
  case '"':
    return string();
  case 't':
    return literal("true");
  case 'f':
    return literal("false");
  case 'n':
    return literal("null");
  default:
    return number();
  }
}

bool json_walker::literal(std::string_view word) {
  if (std::string_view{at_, static_cast<std::size_t>(end_ - at_)}.starts_with(word)) {
    at_ += word.size();
    return true;
  }
  return fail("this is no JSON value");
}

bool json_walker::digits(std::size_t& count) {
  const auto* from = at_;
  while (at_ != end_ && is_digit(*at_))
    ++at_;
  count = static_cast<std::size_t>(at_ - from);
  return count > 0 || fail("expected a digit");
}

bool json_walker::number() {
  // Fewer digits than this, and no exponent, cannot leave the range of a double.
  constexpr std::size_t always_fits = 300;
  const auto* from = at_;
  take('-');
  if (at_ == end_ || !is_digit(*at_))
    return fail("this is no JSON value");
  const auto leading_zero = *at_ == '0';
  std::size_t whole = 0, more = 0;
  digits(whole);
  if (leading_zero && whole > 1)
    return fail("a number must not begin with 0");
  if (take('.') && !digits(more))
    return false;
  auto in_doubt = whole > always_fits;
  if (take('e') || take('E')) {
    take('+') || take('-');
    if (!digits(more))
      return false;
    in_doubt = true;
  }
  if (in_doubt && !fits_double({from, static_cast<std::size_t>(at_ - from)}))
    return fail("the number is out of range");
  return true;
}

bool json_walker::string() {
  ++at_;
  for (;;) {
    at_ = skip_plain(at_, end_);
    if (at_ == end_)
      return fail("the string has no end");
    const auto byte = static_cast<unsigned char>(*at_);
    if (byte == '"') {
      ++at_;
      return true;
    }
    if (byte < 0x20)
      return fail("a control character in a string");
    if (byte == '\\') {
      if (!escape())
        return false;
    } else if (const auto length = utf8_length(at_, end_); length != 0) {
      at_ += length;
    } else {
      return fail("the text is not UTF-8");
    }
  }
}

bool json_walker::escape() {
  if (end_ - at_ < 2)
    return fail("the string has no end");
  if (at_[1] != 'u') {
    if (std::string_view{"\"\\/bfnrt"}.find(at_[1]) == std::string_view::npos)
      return fail("this is no escape");
    at_ += 2;
    return true;
  }
  for (auto i = 2; i < 6; ++i)
    if (at_ + i >= end_ || !is_hex(at_[i]))
      return fail("expected four hex digits");
  at_ += 6;
  return true;
}

} // namespace muster
