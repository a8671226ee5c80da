#include "messages/time.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace muster {

namespace {

using std::chrono::days;
using std::chrono::microseconds;
using std::chrono::nanoseconds;

constexpr std::size_t wire_length = 26;

void put_digits(char* to, std::uint64_t value, int count) {
  for (auto i = count; i-- > 0; value /= 10)
    to[i] = static_cast<char>('0' + value % 10);
}

void put_second(char* to, std::chrono::sys_seconds second) {
  const auto day = std::chrono::floor<days>(second);
  const std::chrono::year_month_day date{day};
  const auto seconds_of_day = static_cast<std::uint64_t>((second - day).count());
  put_digits(to, static_cast<std::uint64_t>(static_cast<int>(date.year())), 4);
  to[4] = '-';
  put_digits(to + 5, static_cast<unsigned>(date.month()), 2);
  to[7] = '-';
  put_digits(to + 8, static_cast<unsigned>(date.day()), 2);
  to[10] = 'T';
  put_digits(to + 11, seconds_of_day / 3600, 2);
  to[13] = ':';
  put_digits(to + 14, seconds_of_day / 60 % 60, 2);
  to[16] = ':';
  put_digits(to + 17, seconds_of_day % 60, 2);
  to[19] = '.';
}

/// A second as text. What is written is mostly of now, or of when a message of now expires.
struct written_second {
  std::chrono::sys_seconds second = std::chrono::sys_seconds::min();
  std::array<char, 20> text{};
};

void put_wire_time(char* to, timestamp time) {
  thread_local std::array<written_second, 2> known;
  thread_local std::size_t last = 0;
  const auto second = std::chrono::floor<std::chrono::seconds>(time);
  if (known[last].second != second) {
    last = 1 - last;
    if (known[last].second != second) {
      put_second(known[last].text.data(), second);
      known[last].second = second;
    }
  }
  std::copy(known[last].text.begin(), known[last].text.end(), to);
  const auto micros = std::chrono::floor<microseconds>(time - second).count();
  put_digits(to + 20, static_cast<std::uint64_t>(micros), 6);
}

/// Reads a text from left to right; each step says whether it fits.
class reader {
public:
  explicit reader(std::string_view text) : rest_{text} {}

  bool number(int digits, int& out) {
    out = 0;
    for (auto i = 0; i < digits; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9')
        return false;
      out = out * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return true;
  }
  bool one_of(std::string_view choices) {
    if (rest_.empty() || choices.find(rest_.front()) == std::string_view::npos)
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Up to nine digits after the point, as nanoseconds.
  bool fraction(int& out) {
    out = 0;
    auto unit = 100'000'000;
    for (; unit > 0 && !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; unit /= 10) {
      out += (rest_.front() - '0') * unit;
      rest_.remove_prefix(1);
    }
    return unit != 100'000'000;
  }
  bool at_end() const { return rest_.empty(); }
  char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

private:
  std::string_view rest_;
};

bool read_date(reader& in, std::chrono::sys_days& out) {
  int year = 0, month = 0, day = 0;
  if (!in.number(4, year) || !in.one_of("-") || !in.number(2, month) || !in.one_of("-")
      || !in.number(2, day))
    return false;
  const std::chrono::year_month_day date{std::chrono::year{year},
                                         std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  // The clock counts nanoseconds in 64 bits and ends in 2262.
  if (!date.ok() || year < 1678 || year > 2261)
    return false;
  out = date;
  return true;
}

bool read_clock(reader& in, nanoseconds& out) {
  int hour = 0, minute = 0, second = 0, nanos = 0;
  if (!in.number(2, hour) || !in.one_of(":") || !in.number(2, minute) || !in.one_of(":")
      || !in.number(2, second))
    return false;
  if (in.one_of(".") && !in.fraction(nanos))
    return false;
  // 60 is a leap second, which the clock does not have: it is the first of the next minute.
  if (hour > 23 || minute > 59 || second > 60)
    return false;
  out = std::chrono::hours{hour} + std::chrono::minutes{minute} + std::chrono::seconds{second}
        + nanoseconds{nanos};
  return true;
}

bool read_offset(reader& in, std::chrono::minutes& out) {
  out = {};
  if (in.one_of("Zz"))
    return true;
  const auto sign = in.peek() == '-' ? -1 : 1;
  int hours = 0, minutes = 0;
  if (!in.one_of("+-") || !in.number(2, hours) || !in.one_of(":") || !in.number(2, minutes))
    return false;
  out = std::chrono::minutes{sign * (hours * 60 + minutes)};
  return hours <= 23 && minutes <= 59;
}

} // namespace

std::string to_rfc3339(timestamp time) {
  auto out = to_wire_time(time);
  out += 'Z';
  return out;
}

std::string to_wire_time(timestamp time) {
  std::string out;
  append_wire_time(out, time);
  return out;
}

void append_wire_time(std::string& out, timestamp time) {
  std::array<char, wire_length> text;
  put_wire_time(text.data(), time);
  out.append(text.data(), text.size());
}

std::optional<timestamp> parse_rfc3339(std::string_view text) {
  reader in{text};
  std::chrono::sys_days day;
  nanoseconds of_day{};
  std::chrono::minutes offset{};
  if (!read_date(in, day) || !in.one_of("Tt ") || !read_clock(in, of_day)
      || !read_offset(in, offset) || !in.at_end())
    return std::nullopt;
  return timestamp{day} + of_day - offset;
}

} // namespace muster
