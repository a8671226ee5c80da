#include "messages/subscription.hpp"

#include "messages/ids.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

namespace muster {

namespace {

constexpr std::array<std::string_view, drop_causes> cause_names{
    "slow_consumer", "expired", "retention", "depth", "conflated", "deleted", "damaged"};

constexpr std::string_view key_prefix = "zpsk.wsx.";
/// Of a client id; the rest says no more to anybody.
constexpr std::size_t longest_client = 128;
constexpr std::size_t number_digits = 8;
constexpr std::size_t all_digits = 24;

} // namespace

std::string_view to_string(ack_mode mode) {
  return mode == ack_mode::client ? "client" : "auto";
}

std::string_view to_string(drop_cause cause) {
  return cause_names[static_cast<std::size_t>(cause)];
}

std::optional<start_point> parse_start_point(std::string_view json) {
  start_point out;
  std::string text;
  if (!json_string(json, text)) {
    const auto* end = json.data() + json.size();
    const auto read = std::from_chars(json.data(), end, out.seq);
    out.what = start_point::kind::sequence;
    return read.ec == std::errc{} && read.ptr == end ? std::optional{out} : std::nullopt;
  }
  if (text == "new")
    return out;
  if (text == "first") {
    out.what = start_point::kind::first;
    return out;
  }
  const auto at = parse_rfc3339(text);
  if (!at)
    return std::nullopt;
  out.what = start_point::kind::time;
  out.at = *at;
  return out;
}

std::uint64_t subscription_state::skipped_up_to(std::uint64_t seq) const {
  const auto behind =
      std::upper_bound(skipped.begin(), skipped.end(), seq,
                       [](std::uint64_t value, const seq_range& r) { return value < r.first; });
  if (behind == skipped.begin() || std::prev(behind)->last < seq)
    return 0;
  return std::prev(behind)->last;
}

void subscription_state::skip(std::uint64_t first, std::uint64_t last) {
  auto at =
      std::lower_bound(skipped.begin(), skipped.end(), first,
                       [](const seq_range& r, std::uint64_t value) { return r.last + 1 < value; });
  while (at != skipped.end() && at->first <= last + 1) {
    first = std::min(first, at->first);
    last = std::max(last, at->last);
    at = skipped.erase(at);
  }
  skipped.insert(at, {first, last});
}

std::uint64_t subscription_state::floor() const {
  auto least = *std::min_element(taken.begin(), taken.end());
  if (!unacked.empty())
    least = std::min(least, unacked.front().seq - 1);
  return least;
}

subscription::subscription(subscription_facts facts)
    : subscription_facts{std::move(facts)}, key_is_plain{quoted(sub_key).size()
                                                         == sub_key.size() + 2} {}

std::string make_sub_key(std::string_view client_id, std::uint32_t topic_number) {
  auto length = std::min(client_id.size(), longest_client);
  // Not within a character of UTF-8.
  while (length < client_id.size() && length > 0 && (client_id[length] & 0xC0) == 0x80)
    --length;
  std::string out;
  out.reserve(key_prefix.size() + length + 1 + all_digits);
  out += key_prefix;
  out += client_id.substr(0, length);
  out += '.';
  const auto at = out.size();
  append_random_id(out);
  constexpr auto digits = "0123456789abcdef";
  for (std::size_t i = 0; i < number_digits; ++i)
    out[at + i] = digits[topic_number >> (4 * (number_digits - 1 - i)) & 15U];
  return out;
}

std::optional<std::uint32_t> topic_number_of(std::string_view sub_key) {
  if (!sub_key.starts_with(key_prefix) || sub_key.size() < key_prefix.size() + all_digits + 1)
    return std::nullopt;
  const auto digits = sub_key.substr(sub_key.size() - all_digits, number_digits);
  std::uint32_t number = 0;
  const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  return read.ec == std::errc{} && read.ptr == digits.data() + digits.size() ? std::optional{number}
                                                                             : std::nullopt;
}

} // namespace muster
