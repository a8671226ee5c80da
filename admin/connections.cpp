#include "admin/call.hpp"
#include "admin/resources.hpp"
#include "admin/selection.hpp"
#include "admin/small_list.hpp"
#include "messages/attribute.hpp"

namespace muster {

namespace {

/// A sorted page of a hundred thousand rows, with others before it.
constexpr auto list_patience = std::chrono::seconds{20};

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

void reply_page(admin_call& call, const connection_page& page, const columns& only) {
  const auto now = call.loop().wall_now();
  std::string out{"{\"items\":["};
  for (const auto& row : page.rows) {
    if (&row != page.rows.data())
      out += ',';
    append_row(out, *row, now, only);
  }
  append_page_end(out, page.total, page.next_cursor, page.revision);
  call.reply(std::move(out));
}

void list(const call_ptr& call) {
  connection_query query;
  columns only;
  const auto limit = read_limit(*call);
  if (!limit || !read_order(*call, query) || !read_columns(*call, only))
    return;
  auto where = read_selector(*call, call->query("selector").value_or(""));
  if (!where)
    return;
  query.where = std::move(*where);
  query.channel = call->query("channel").value_or("");
  query.client_id = call->query("client_id").value_or("");
  query.limit = *limit;
  query.cursor = call->query("cursor").value_or("");
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
       list_query({{"channel", "string", "Only those of this channel."},
                   {"client_id", "string", "Only those whose client id contains this."},
                   {"selector", "string", "Only those that the selector matches."}}),
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
