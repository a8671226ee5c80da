#include "admin/call.hpp"
#include "admin/resources.hpp"
#include "admin/selection.hpp"
#include "admin/small_list.hpp"
#include "messages/attribute.hpp"

#include <charconv>

namespace muster {

namespace {

/// A sorted page of a hundred thousand rows, with others before it.
constexpr auto list_patience = std::chrono::seconds{20};

constexpr std::size_t max_near = 8;

using columns = std::vector<const attribute*>;

bool read_columns(admin_call& call, columns& out) {
  for (const auto& name : read_fields(call)) {
    const auto* const known = find_attribute(name);
    if (known == nullptr || known->derived) {
      call.fail(bad_field("fields", "There is no field \"" + name + "\""));
      return false;
    }
    out.push_back(known);
  }
  return true;
}

bool read_order(admin_call& call, connection_query& out) {
  const auto order = read_sort(call, "-connected_at");
  out.sort_by = find_attribute(order.field);
  out.descending = order.descending;
  if (out.sort_by == nullptr)
    call.fail(bad_field("sort", "There is no field \"" + order.field + "\" to sort by"));
  return out.sort_by != nullptr;
}

/// Nothing when it is no whole number, or one that no list reaches.
std::optional<std::uint32_t> read_place(std::string_view text) {
  std::uint32_t value = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || result.ec != std::errc{} || result.ptr != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// `ID@N,ID@N`; nothing when it is not that.
std::optional<std::vector<seen_row>> parse_near(std::string_view text) {
  std::vector<seen_row> out;
  while (true) {
    const auto comma = text.find(',');
    const auto each = text.substr(0, comma);
    const auto mark = each.rfind('@');
    const auto at =
        mark == std::string_view::npos ? std::nullopt : read_place(each.substr(mark + 1));
    if (!at || mark == 0 || out.size() == max_near)
      return std::nullopt;
    out.push_back({std::string{each.substr(0, mark)}, *at});
    if (comma == std::string_view::npos)
      return out;
    text.remove_prefix(comma + 1);
  }
}

/// `cursor`, or `offset` and `near`.
bool read_page_begin(admin_call& call, connection_query& out) {
  out.cursor = call.query("cursor").value_or("");
  if (const auto text = call.query("offset")) {
    out.offset = read_place(*text);
    if (!out.offset) {
      call.fail(bad_field("offset", "\"offset\" must be a whole number of rows"));
      return false;
    }
  }
  if (const auto text = call.query("near")) {
    auto near = parse_near(*text);
    if (!near) {
      call.fail(bad_field("near", "\"near\" must be ID@N or up to 8 of them, with commas between"));
      return false;
    }
    out.near = std::move(*near);
  }
  const auto has_offset = out.offset.has_value();
  if (has_offset && !out.cursor.empty())
    call.fail(bad_field("cursor", "\"cursor\" and \"offset\" both say where the page begins"));
  else if (!has_offset && !out.near.empty())
    call.fail(bad_field("near", "\"near\" needs an \"offset\" to move"));
  else
    return true;
  return false;
}

void reply_page(admin_call& call, const connection_page& page, const columns& only) {
  const auto now = call.loop().wall_now();
  std::string out{"{\"items\":["};
  for (const auto& row : page.rows) {
    if (&row != page.rows.data())
      out += ',';
    append_row(out, *row, now, only);
  }
  append_page_end(out, page.total, page.next_cursor, page.revision);
  if (page.offset) {
    out.pop_back();
    out += ",\"offset\":" + std::to_string(*page.offset) + '}';
  }
  call.reply(std::move(out));
}

void list(const call_ptr& call) {
  connection_query query;
  columns only;
  const auto limit = read_limit(*call);
  if (!limit || !read_order(*call, query) || !read_columns(*call, only)
      || !read_page_begin(*call, query))
    return;
  auto where = read_selector(*call, call->query("selector").value_or(""));
  if (!where)
    return;
  query.where = std::move(*where);
  query.channel = call->query("channel").value_or("");
  query.client_id = call->query("client_id").value_or("");
  query.limit = *limit;
  call->ask<connection_page>(
      call->addresses().lister, std::move(query),
      [call, only = std::move(only)](const connection_page& page) {
        reply_page(*call, page, only);
      },
      list_patience);
}

void get(const call_ptr& call) {
  call->ask<found_connection>(call->addresses().registry, find_connection{call->path("id")},
                              [call](const found_connection& found) {
                                std::string out;
                                append_row(out, *found.entry.row, call->loop().wall_now());
                                call->reply(std::move(out));
                              });
}

} // namespace

routes connection_routes() {
  const std::string all = "/api/v1/connections";
  return {
      {"GET",
       all,
       role::viewer,
       "Lists the connections of now.",
       list,
       list_query(
           {{"channel", "string", "Only those of this channel."},
            {"client_id", "string", "Only those whose client id contains this."},
            {"selector", "string", "Only those that the selector matches."},
            {"offset", "integer", "Instead of `cursor`: how many rows stand before the page."},
            {"near", "string",
             "`ID@N`, up to 8 with commas between: the first that is still in the list moves "
             "the page as far as it has moved from place N."}}),
       {},
       false,
       200,
       "connection_list"},
      {"GET",
       all + "/{id}",
       role::viewer,
       "Shows a connection in full.",
       get,
       {},
       {},
       false,
       200,
       "connection"},
  };
}

} // namespace muster
