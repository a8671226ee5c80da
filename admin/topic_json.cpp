#include "admin/topic_json.hpp"

#include "admin/json_writer.hpp"

namespace muster {

namespace {

/// The time that `topic_gauges::lately` counts.
constexpr double lately_seconds = 10;

void put_gauges(json_writer& json, const topic_gauges& now) {
  const auto put = [&](std::string_view name, const std::atomic<std::uint64_t>& count) {
    json.member(name, count.load(std::memory_order_relaxed));
  };
  put("messages", now.messages);
  put("bytes", now.bytes);
  put("last_seq", now.last_seq);
  put("publications", now.publications);
  put("deliveries", now.deliveries);
  put("subscriptions", now.subscriptions);
  put("attached", now.attached);
  put("depth", now.depth);
  json.member("publish_rate", static_cast<double>(now.lately.load()) / lately_seconds);
  json.member("last_published_at", time_of(now.last_published_us.load()));
}

void put_counters(json_writer& json, const subscription_info& info) {
  const auto& counts = info.about->counters;
  const auto delivered_seq = counts.delivered_seq.load();
  json.member("delivered_seq", delivered_seq).member("acked_seq", counts.acked_seq.load());
  // The two are written by different actors: the one may be ahead for a moment.
  json.member("lag", info.last_seq > delivered_seq ? info.last_seq - delivered_seq : 0);
  json.member("unacked", counts.unacked.load()).member("delivered", counts.delivered.load());
  json.member("dropped", counts.dropped.load());
}

/// At most `most` bytes of a text in UTF-8, and no part of a character.
std::string_view beginning(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
    --most;
  return text.substr(0, most);
}

} // namespace

std::string show(const topic_info& info, std::string_view more) {
  json_writer extra;
  static const topic_gauges nothing;
  put_gauges(extra, info.gauges ? *info.gauges : nothing);
  extra.member("from_file", info.from_file);
  auto members = extra.take();
  if (!more.empty())
    members.append(1, ',').append(more);
  return to_json(*info.definition, members);
}

std::vector<std::string> topic_row_names() {
  std::vector<std::string> out;
  for (const auto& field : topic_fields())
    out.emplace_back(field.name);
  for (const auto* name :
       {"created_at", "messages", "bytes", "last_seq", "publications", "deliveries",
        "subscriptions", "attached", "depth", "publish_rate", "last_published_at", "from_file"})
    out.emplace_back(name);
  return out;
}

std::string show(const publication& message, std::size_t most_data) {
  const auto& about = message.about();
  const auto is_cut = message.data().size() > most_data;
  json_writer json;
  json.begin_object().raw_member("data", is_cut ? "null" : message.data());
  json.member("msg_id", about.msg_id);
  json.member("seq", about.seq)
      .member("priority", about.priority)
      .member("size", message.content_size());
  json.text_or_null("mime_type", about.mime_type).text_or_null("correl_id", about.correl_id);
  json.text_or_null("in_reply_to", about.in_reply_to);
  json.text_or_null("ext_client_id", about.ext_client_id);
  json.text_or_null("ext_pub_time", about.ext_pub_time).text_or_null("key", about.key);
  json.text_or_null("publisher", about.publisher).text_or_null("channel", about.channel);
  json.member("published_at", message.published_at()).member("expires_at", message.expires_at());
  if (is_cut)
    json.member("data_begin", beginning(message.data(), most_data));
  json.end_object();
  return json.take();
}

std::string show(const subscription_info& info) {
  const auto& about = *info.about;
  json_writer json;
  json.begin_object().member("topic_name", about.topic_name).member("sub_key", about.sub_key);
  json.text_or_null("channel", about.channel).member("client_id", about.client_id);
  json.text_or_null("connection_id", info.connection_id);
  json.member("subscribed_at", time_of(about.subscribed_at_us));
  json.member("connected_at", info.connected_at).member("resumed_at", info.resumed_at);
  json.member("detached_at", info.detached_at).member("ack", to_string(about.ack));
  json.member("durable", about.durable).member("depth", info.depth);
  json.member("depth_bytes", info.depth_bytes).member("oldest_age", info.oldest_age);
  put_counters(json, info);
  json.end_object();
  return json.take();
}

std::vector<std::string> subscription_row_names() {
  return {"topic_name",    "sub_key",      "channel",     "client_id",   "connection_id",
          "subscribed_at", "connected_at", "resumed_at",  "detached_at", "ack",
          "durable",       "depth",        "depth_bytes", "oldest_age",  "delivered_seq",
          "acked_seq",     "lag",          "unacked",     "delivered",   "dropped"};
}

std::string show(const publisher_info& info) {
  json_writer json;
  json.begin_object().member("name", info.name).text_or_null("channel", info.channel);
  json.member("messages", info.messages).member("last_at", info.last_at).end_object();
  return json.take();
}

} // namespace muster
