// The messages of a topic, and those that wait for one of its subscriptions.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/lookup.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "admin/topic_json.hpp"

#include <charconv>
#include <limits>
#include <optional>

namespace muster {

namespace {

/// A search may read the whole log from the disk.
constexpr auto search_patience = std::chrono::seconds{30};

/// A subscription's queue, or else a topic's log: what the path names.
void with_log(const call_ptr& call, std::function<void(const found_topic&)> then) {
  if (call->path("sub_key").empty())
    with_topic(call, std::move(then));
  else
    with_topic_of_key(call, std::move(then));
}

/// `asc-17`: where a page ended, and in which order.
std::string cursor_at(bool newest_first, std::uint64_t seq) {
  return (newest_first ? "desc-" : "asc-") + std::to_string(seq);
}

std::optional<std::uint64_t> read_cursor(std::string_view cursor, bool newest_first) {
  const std::string_view begin = newest_first ? "desc-" : "asc-";
  if (!cursor.starts_with(begin))
    return std::nullopt;
  cursor.remove_prefix(begin.size());
  std::uint64_t seq = 0;
  const auto* end = cursor.data() + cursor.size();
  const auto read = std::from_chars(cursor.data(), end, seq);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{seq} : std::nullopt;
}

/// How much of the data of each message is wanted; nothing when that makes no sense, and the call
/// has failed.
std::optional<std::size_t> read_most_data(admin_call& call) {
  const auto text = call.query("data_bytes");
  if (!text)
    return std::numeric_limits<std::size_t>::max();
  std::size_t value = 0;
  const auto* end = text->data() + text->size();
  const auto read = std::from_chars(text->data(), end, value);
  if (read.ec == std::errc{} && read.ptr == end)
    return value;
  call.fail(bad_field("data_bytes", "\"data_bytes\" must be a whole number"));
  return std::nullopt;
}

std::optional<message_query> read_message_query(admin_call& call) {
  message_query out;
  const auto limit = read_limit(call);
  if (!limit)
    return std::nullopt;
  out.limit = *limit;
  out.sub_key = call.path("sub_key");
  out.text = call.query("text").value_or("");
  const auto order = call.query("order").value_or("desc");
  if (order != "asc" && order != "desc") {
    call.fail(bad_field("order", "\"order\" must be asc or desc"));
    return std::nullopt;
  }
  out.newest_first = order == "desc";
  if (const auto cursor = call.query("cursor"); cursor && !cursor->empty()) {
    const auto seq = read_cursor(*cursor, out.newest_first);
    if (!seq) {
      call.fail(bad_field("cursor", "The cursor is none of this list"));
      return std::nullopt;
    }
    out.after_seq = *seq;
  }
  return out;
}

void reply_page(admin_call& call, const message_page& page, bool newest_first,
                std::size_t most_data) {
  std::string out{"{\"items\":["};
  for (const auto& message : page.messages)
    out += (&message == page.messages.data() ? "" : ",") + show(*message, most_data);
  append_page_end(out, page.total,
                  page.more ? cursor_at(newest_first, page.reached_seq) : std::string{},
                  std::nullopt);
  call.reply(std::move(out));
}

void list(const call_ptr& call) {
  auto query = read_message_query(*call);
  if (!query)
    return;
  const auto most_data = read_most_data(*call);
  if (!most_data)
    return;
  with_log(call, [call, query = std::move(*query), most = *most_data](const found_topic& found) {
    call->ask<message_page>(
        found.actor, query,
        [call, newest_first = query.newest_first, most](const message_page& page) {
          reply_page(*call, page, newest_first, most);
        },
        search_patience);
  });
}

void no_message(admin_call& call) {
  call.fail(errc::not_found, "There is no such message");
}

void get(const call_ptr& call) {
  message_query query;
  query.sub_key = call->path("sub_key");
  query.msg_id = call->path("msg_id");
  query.limit = 1;
  with_log(call, [call, query = std::move(query)](const found_topic& found) {
    call->ask<message_page>(
        found.actor, query,
        [call](const message_page& page) {
          if (page.messages.empty())
            no_message(*call);
          else
            call->reply(show(*page.messages.front()));
        },
        search_patience);
  });
}

void delete_some(const call_ptr& call, std::function<void(std::uint64_t)> then) {
  with_log(call, [call, then = std::move(then)](const found_topic& found) {
    call->ask<messages_deleted>(
        found.actor, delete_messages{call->path("sub_key"), call->path("msg_id")},
        [then](const messages_deleted& done) { then(done.count); }, search_patience);
  });
}

void remove(const call_ptr& call) {
  delete_some(call, [call](std::uint64_t count) {
    if (count == 0)
      no_message(*call);
    else
      call->no_content();
  });
}

void clear(const call_ptr& call) {
  delete_some(call, [call](std::uint64_t count) {
    json_writer json;
    json.begin_object().member("deleted", count).end_object();
    call->reply(json.take());
  });
}

struct words {
  std::string list;
  std::string get;
  std::string remove;
  std::string clear;
};

/// The calls about the messages of what is at `one`.
routes message_routes(const std::string& one, const words& say) {
  const auto messages = one + "/messages";
  const auto message = messages + "/{msg_id}";
  const std::vector<query_parameter> query{
      {"limit", "integer", "Messages on a page: 50, at most 1000."},
      {"cursor", "string", "`next_cursor` of the page before."},
      {"text", "string", "Only those with this in their data, as it stands."},
      {"order", "string", "`desc`: the newest first, or `asc`."},
      {"data_bytes", "integer",
       "Longer data is null, and so many bytes of it are in `data_begin`, as a text."}};
  return {
      {"GET", messages, role::viewer, say.list, list, query, {}, false, 200, "topic_message_list"},
      {"GET", message, role::viewer, say.get, get, {}, {}, false, 200, "topic_message"},
      {"DELETE", message, role::operator_, say.remove, remove, {}, {}, false, 204},
      {"POST", one + ":clear", role::operator_, say.clear, clear, {}, {}, false, 200, "deleted"},
  };
}

} // namespace

routes topic_message_routes() {
  auto out = message_routes("/api/v1/topics/{name}",
                            {"Lists the messages of a topic.", "Shows a message of a topic.",
                             "Deletes a message of a topic, for all subscriptions.",
                             "Deletes all messages of a topic, for all subscriptions."});
  auto queue = message_routes("/api/v1/subscriptions/{sub_key}",
                              {"Lists the messages that wait for a subscription.",
                               "Shows a message that waits for a subscription.",
                               "Takes a message out of a subscription's queue.",
                               "Takes all messages out of a subscription's queue."});
  out.insert(out.end(), std::make_move_iterator(queue.begin()),
             std::make_move_iterator(queue.end()));
  return out;
}

} // namespace muster
