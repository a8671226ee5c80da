#include "admin/small_list.hpp"

#include "admin/json_writer.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

constexpr std::uint32_t usual_limit = 50;
constexpr std::uint32_t max_limit = 1000;

/// A row in its place: before all that have a greater value, or the same and a greater key.
struct placed {
  std::string value;
  const list_item* item = nullptr;
};

double number_of(std::string_view json) {
  double value = 0;
  std::from_chars(json.data(), json.data() + json.size(), value);
  return value;
}

bool is_number(std::string_view json) {
  return !json.empty() && (json.front() == '-' || (json.front() >= '0' && json.front() <= '9'));
}

/// Numbers as numbers, all else as it is written.
int compare(std::string_view a, std::string_view b) {
  if (!is_number(a) || !is_number(b))
    return a.compare(b);
  const auto left = number_of(a);
  const auto right = number_of(b);
  return left < right ? -1 : static_cast<int>(right < left);
}

bool comes_before(std::string_view value, std::string_view key, std::string_view other_value,
                  std::string_view other_key, bool descending) {
  const auto order = compare(value, other_value);
  if (order != 0)
    return descending ? order > 0 : order < 0;
  return key < other_key;
}

std::string to_hex(std::string_view text) {
  constexpr auto digits = "0123456789abcdef";
  std::string out;
  for (const auto letter : text) {
    const auto byte = static_cast<unsigned char>(letter);
    out += digits[byte >> 4U];
    out += digits[byte & 15U];
  }
  return out;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string out;
  for (; hex.size() >= 2; hex.remove_prefix(2)) {
    unsigned byte = 0;
    const auto result = std::from_chars(hex.data(), hex.data() + 2, byte, 16);
    if (result.ptr != hex.data() + 2)
      return std::nullopt;
    out += static_cast<char>(byte);
  }
  if (!hex.empty())
    return std::nullopt;
  return out;
}

/// Where a page ended. As text: order, value and key, in hexadecimal digits.
struct place {
  std::string value;
  std::string key;
};

std::string order_text(const sort_order& order) {
  return (order.descending ? "-" : "") + order.field;
}

std::string cursor_after(const sort_order& order, const placed& last) {
  return to_hex(order_text(order) + '\n' + last.value + '\n' + last.item->key);
}

std::optional<place> read_cursor(std::string_view cursor, const sort_order& order) {
  const auto text = from_hex(cursor);
  if (!text)
    return std::nullopt;
  const auto first = text->find('\n');
  const auto second = first == std::string::npos ? first : text->find('\n', first + 1);
  if (second == std::string::npos || text->substr(0, first) != order_text(order))
    return std::nullopt;
  return place{text->substr(first + 1, second - first - 1), text->substr(second + 1)};
}

/// `json` with only the members in `fields`.
std::string pick(const std::string& json, const std::vector<std::string>& fields) {
  if (fields.empty())
    return json;
  json_writer out;
  out.begin_object();
  for (const auto& field : fields)
    if (const auto value = find_member(json, field); !value.empty())
      out.raw_member(field, value);
  out.end_object();
  return out.take();
}

bool is_one_of(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool check_names(admin_call& call, const std::vector<std::string>& names, const sort_order& order,
                 const std::vector<std::string>& fields) {
  if (!is_one_of(names, order.field)) {
    call.fail(bad_field("sort", "There is no field \"" + order.field + "\" to sort by"));
    return false;
  }
  for (const auto& field : fields)
    if (!is_one_of(names, field)) {
      call.fail(bad_field("fields", "There is no field \"" + field + "\""));
      return false;
    }
  return true;
}

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool contains(std::string_view text, std::string_view part) {
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     [](char a, char b) { return lower(a) == lower(b); })
         != text.end();
}

/// Leaves the items that have the text that is searched for. Both are compared as JSON has them.
void search(const admin_call& call, const std::vector<std::string>& members,
            std::vector<list_item>& items) {
  const auto text = call.query("search");
  if (!text || text->empty() || members.empty())
    return;
  const auto json = quoted(*text);
  const auto part = std::string_view{json}.substr(1, json.size() - 2);
  std::erase_if(items, [&](const list_item& item) {
    return std::none_of(members.begin(), members.end(), [&](const std::string& name) {
      const auto value = find_member(item.json, name);
      return value.starts_with('"') && contains(value.substr(1, value.size() - 2), part);
    });
  });
}

} // namespace

std::optional<std::uint32_t> read_limit(admin_call& call) {
  const auto text = call.query("limit");
  if (!text)
    return usual_limit;
  const auto is_whole =
      !text->empty() && text->find_first_not_of("0123456789") == std::string::npos;
  const auto is_zero = is_whole && text->find_first_not_of('0') == std::string::npos;
  if (!is_whole || is_zero) {
    call.fail(bad_field("limit", "\"limit\" must be a whole number of at least 1"));
    return std::nullopt;
  }
  std::uint32_t value = 0;
  const auto result = std::from_chars(text->data(), text->data() + text->size(), value);
  return result.ec == std::errc{} ? std::min(value, max_limit) : max_limit;
}

sort_order read_sort(const admin_call& call, std::string_view usual) {
  auto text = call.query("sort").value_or(std::string{usual});
  const auto descending = !text.empty() && text.front() == '-';
  return {descending ? text.substr(1) : std::move(text), descending};
}

std::vector<std::string> read_fields(const admin_call& call) {
  std::vector<std::string> out;
  const auto text = call.query("fields");
  if (!text)
    return out;
  std::string_view rest{*text};
  while (true) {
    const auto comma = rest.find(',');
    out.emplace_back(rest.substr(0, comma));
    if (comma == std::string_view::npos)
      return out;
    rest.remove_prefix(comma + 1);
  }
}

void append_page_end(std::string& out, std::uint64_t total, std::string_view next_cursor,
                     std::optional<std::uint64_t> revision) {
  out += "],\"total\":" + std::to_string(total) + ",\"next_cursor\":";
  out += next_cursor.empty() ? "null" : quoted(next_cursor);
  out += ",\"revision\":" + (revision ? std::to_string(*revision) : std::string{"null"});
  out += R"(,"complete":true,"missing":[]})";
}

std::string whole_list(const std::vector<std::string>& items) {
  std::string out{"{\"items\":["};
  for (const auto& item : items)
    out += (&item == items.data() ? "" : ",") + item;
  append_page_end(out, items.size(), {}, std::nullopt);
  return out;
}

void reply_list(admin_call& call, std::vector<list_item> items,
                const std::vector<std::string>& names, std::string_view usual,
                const std::vector<std::string>& searched) {
  const auto limit = read_limit(call);
  const auto order = read_sort(call, usual);
  const auto fields = read_fields(call);
  if (!limit || !check_names(call, names, order, fields))
    return;
  std::optional<place> from;
  if (const auto cursor = call.query("cursor"); cursor && !cursor->empty()) {
    from = read_cursor(*cursor, order);
    if (!from) {
      call.fail(bad_field("cursor", "The cursor is none of this list"));
      return;
    }
  }
  search(call, searched, items);
  std::vector<placed> rows;
  for (const auto& item : items) {
    auto value = std::string{find_member(item.json, order.field)};
    if (!from || comes_before(from->value, from->key, value, item.key, order.descending))
      rows.push_back({std::move(value), &item});
  }
  std::sort(rows.begin(), rows.end(), [&](const placed& a, const placed& b) {
    return comes_before(a.value, a.item->key, b.value, b.item->key, order.descending);
  });
  const auto is_last = rows.size() <= *limit;
  if (!is_last)
    rows.resize(*limit);
  std::string out{"{\"items\":["};
  for (const auto& row : rows)
    out += (&row == rows.data() ? "" : ",") + pick(row.item->json, fields);
  append_page_end(out, items.size(), is_last ? "" : cursor_after(order, rows.back()), std::nullopt);
  call.reply(std::move(out));
}

} // namespace muster
