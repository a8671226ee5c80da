#include "actors/list_order.hpp"

#include "messages/ip_address.hpp"

#include <bit>
#include <charconv>

namespace muster {

namespace {

constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;

std::uint64_t ordered(std::int64_t value) {
  return static_cast<std::uint64_t>(value) ^ sign_bit;
}

/// Positive numbers order like their bits, negative ones the other way round.
std::uint64_t ordered(double value) {
  const auto bits = std::bit_cast<std::uint64_t>(value);
  return (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
}

/// An address as bytes that order by number, not by digits; what is none orders as it is written.
std::string ordered_address(std::string_view text) {
  const auto address = ip_address::parse_host(text);
  if (!address)
    return std::string{text};
  const auto& bytes = address->bytes();
  std::string result{bytes.begin(), bytes.end()};
  const auto colon = text.rfind(':');
  const bool has_port = text.front() == '[' || colon == text.find(':');
  std::uint16_t port = 0;
  if (has_port && colon != text.npos)
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
  result += static_cast<char>(port >> 8);
  result += static_cast<char>(port & 0xFF);
  return result;
}

std::string joined(const labels& tags) {
  std::string result;
  for (const auto& [key, value] : tags)
    result.append(key).append("=").append(value).append(";");
  return result;
}

} // namespace

std::uint64_t leading_bytes(std::string_view text) {
  std::uint64_t key = 0;
  for (std::size_t i = 0; i < 8; ++i)
    key = key << 8 | (i < text.size() ? static_cast<unsigned char>(text[i]) : 0U);
  return key;
}

list_order::list_order(const attribute& sort_by, bool descending)
    : by_{&sort_by}, descending_{descending} {
  // The older, the earlier: an age changes, its order does not.
  if (sort_by.name == "age") {
    by_ = find_attribute("connected_at");
    descending_ = !descending;
  }
}

list_candidate list_order::rank(const roll_entry& entry, roll_ticket ticket, timestamp now) {
  list_candidate result;
  result.id = entry.row->from->id;
  result.ticket = ticket;
  const auto value = by_->get(*entry.row, now);
  const bool as_address = by_->kind == attribute_kind::address;
  if (const auto* view = std::get_if<std::string_view>(&value))
    rank_text(result, as_address ? texts_.emplace_back(ordered_address(*view)) : *view);
  else if (const auto* text = std::get_if<std::string>(&value))
    rank_text(result, texts_.emplace_back(as_address ? ordered_address(*text) : *text));
  else if (const auto* whole = std::get_if<std::int64_t>(&value))
    result.key = ordered(*whole);
  else if (const auto* real = std::get_if<double>(&value))
    result.key = ordered(*real);
  else if (const auto* time = std::get_if<timestamp>(&value))
    result.key = ordered(static_cast<std::int64_t>(time->time_since_epoch().count()));
  else if (const auto* tags = std::get_if<const labels*>(&value))
    rank_text(result, texts_.emplace_back(joined(**tags)));
  else
    result.is_null = true;
  return result;
}

void list_order::rank_text(list_candidate& out, std::string_view text) {
  out.text = text;
  out.key = leading_bytes(text);
}

} // namespace muster
