#include "messages/topic_edit.hpp"

#include "messages/codec.hpp"
#include "messages/errc.hpp"
#include "messages/json_object.hpp"
#include "messages/publication.hpp"
#include "messages/secret.hpp"
#include "messages/utf8.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <tuple>
#include <utility>

namespace muster {

namespace {

namespace json = boost::json;

using muster::read;

constexpr std::size_t longest_name = 200;
constexpr double longest_time = 31'536'000; // a year
constexpr std::uint64_t most = std::uint64_t{1} << 53;

constexpr std::array rows{
    topic_field{"name",
                "text",
                "What publishers and subscribers call the topic, such as /orders/new: 1 to 200 "
                "bytes, without '*'. It cannot be changed later.",
                {},
                fixed_for_life},
    topic_field{"is_active", "flag",
                "Whether messages may be published. Switched off, publishers are refused and what "
                "is there is still delivered."},
    topic_field{"durable", "flag",
                "On: a message is on the disk before its publisher gets an answer, and outlives a "
                "restart. Off: messages are in memory only, faster, and gone with the server."},
    topic_field{"retention_count", "count",
                "So many messages are kept; beyond that the oldest go, delivered or not."},
    topic_field{"retention_bytes", "count",
                "So many bytes of messages are kept; beyond that the oldest go, delivered or not."},
    topic_field{"retention_age", "seconds",
                "Messages older than so many seconds go, delivered or not."},
    topic_field{"max_depth", "count",
                "So many messages may wait for one subscription; beyond that publishers are "
                "refused, or, by the slow_consumer of its channel, it loses messages."},
    topic_field{"max_message_bytes", "count",
                "The longest message that is taken, in bytes; longer ones are refused."},
    topic_field{"on_no_subscribers", "choice",
                "What becomes of a message while nobody is subscribed: keep it for who comes "
                "later, or drop it.",
                "keep drop"},
    topic_field{"limit_message_expiry", "seconds",
                "The longest that a message lives, in seconds: what its publisher asks for is cut "
                "to this, and without a word of the publisher it is this."},
    topic_field{"limit_sub_inactivity", "seconds",
                "A durable subscription that no client takes up for so many seconds is deleted "
                "with what waits for it."},
    topic_field{"ack_timeout", "seconds",
                "A message that a client has got and not acknowledged for so many seconds is "
                "delivered again, where the client acknowledges itself."},
    topic_field{"conflate", "flag",
                "Whether of messages with the same key only the newest waits for a subscription. "
                "Messages without a key all wait."},
};

caf::error read(std::string_view field, const json::value& value, no_subscribers& out) {
  for (const auto each : {no_subscribers::keep, no_subscribers::drop})
    if (value.is_string() && text_of(value.get_string()) == to_string(each)) {
      out = each;
      return caf::none;
    }
  return wrong_field(field, "must be one of: keep drop");
}

/// A field of the record that JSON does not have is never given.
caf::error read(std::string_view field, const json::value&, std::int64_t&) {
  return unknown_field(field);
}

bool is_given(std::string_view name) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const topic_field& each) { return each.name == name; });
}

bool is_time(double value) {
  return std::isfinite(value) && value > 0 && value <= longest_time;
}

caf::error validate(const topic_definition& d) {
  constexpr auto time = "must be a number of seconds above 0 and at most 31536000";
  if (!is_topic_name(d.name))
    return wrong_field("name", "must be 1 to 200 bytes of text without control characters, "
                               "blanks at its ends, and '*'");
  for (const auto& [name, count] : {std::pair{"retention_count", d.retention_count},
                                    {"retention_bytes", d.retention_bytes},
                                    {"max_depth", d.max_depth}})
    if (count < 1 || count > most)
      return wrong_field(name, "must be between 1 and 9007199254740992");
  for (const auto& [name, span] : {std::pair{"retention_age", d.retention_age},
                                   {"limit_message_expiry", d.limit_message_expiry},
                                   {"limit_sub_inactivity", d.limit_sub_inactivity},
                                   {"ack_timeout", d.ack_timeout}})
    if (!is_time(span))
      return wrong_field(name, time);
  if (d.max_message_bytes < 1 || d.max_message_bytes > largest_topic_message)
    return wrong_field("max_message_bytes", "must be between 1 and 67108864");
  return caf::none;
}

/// Reads what is given; null leaves what is there.
caf::expected<topic_definition> read_topic(const json::object& object, topic_definition out) {
  auto error = read_members("", object, out,
                            [](const std::string& name, const json::value& value, auto& member) {
                              return value.is_null() ? caf::error{} : read(name, value, member);
                            });
  if (!error)
    error = validate(out);
  if (error)
    return error;
  return out;
}

void put_back(topic_definition& out, std::string_view name) {
  static const topic_definition usual;
  std::apply(
      [&](const auto&... each) {
        ((name == each.name ? static_cast<void>(out.*each.member = usual.*each.member) : void()),
         ...);
      },
      topic_definition::fields);
}

} // namespace

std::span<const topic_field> topic_fields() {
  return rows;
}

std::string_view to_string(no_subscribers value) {
  return value == no_subscribers::keep ? "keep" : "drop";
}

bool is_topic_name(std::string_view name) {
  return !name.empty() && name.size() <= longest_name && name.front() != ' ' && name.back() != ' '
         && is_utf8(name) && std::none_of(name.begin(), name.end(), [](char letter) {
              return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F || letter == '*';
            });
}

caf::expected<topic_definition> parse_topic(std::string_view text) {
  const auto object = parse_json_object(text);
  if (!object)
    return object.error();
  for (const auto& member : *object)
    if (!is_given(text_of(member.key())))
      return unknown_field(text_of(member.key()));
  if (const auto* name = object->if_contains("name"); name == nullptr || name->is_null())
    return wrong_field("name", "is missing");
  return read_topic(*object, {});
}

// No way round over JSON: what the patch does not name stays as it is, to the last bit.
caf::expected<topic_definition> patch_topic(const topic_definition& current,
                                            std::string_view patch) {
  const auto changes = parse_json_object(patch);
  if (!changes)
    return changes.error();
  auto out = current;
  for (const auto& member : *changes) {
    const auto name = text_of(member.key());
    if (!is_given(name))
      return unknown_field(name);
    if (name == "name" && member.value() != json::string_view{current.name})
      return wrong_field("name", "cannot be changed");
    if (member.value().is_null())
      put_back(out, name);
  }
  return read_topic(*changes, std::move(out));
}

std::string to_json(const topic_definition& definition, std::string_view extra) {
  std::string out;
  out.reserve(512 + extra.size());
  object_writer object{out};
  std::apply(
      [&](const auto&... each) {
        ((is_given(each.name) ? object.member(each.name, definition.*each.member) : void()), ...);
      },
      topic_definition::fields);
  object.member("created_at", to_rfc3339(time_of(definition.created_at_us)));
  object.raw(extra);
  object.end();
  return out;
}

std::string etag_of(const topic_definition& definition) {
  constexpr std::size_t enough = 16;
  return '"' + sha256_hex(to_bytes(definition)).substr(0, enough) + '"';
}

} // namespace muster
