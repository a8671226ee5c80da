#include "admin/shapes.hpp"
#include "messages/topic_edit.hpp"

namespace muster {

namespace {

shape topic_shape() {
  shape out{"topic", {}};
  add_fields(out, topic_fields());
  out.of.emplace_back("created_at", "time");
  for (const auto* name : {"messages", "bytes", "last_seq", "publications", "deliveries",
                           "subscriptions", "attached", "depth"})
    out.of.emplace_back(name, "integer");
  out.of.insert(out.of.end(), {{"publish_rate", "number"},
                               {"last_published_at", "time?"},
                               {"from_file", "boolean"},
                               {"dry_run", "boolean"}});
  return out;
}

shape message_shape() {
  shape out{"topic_message",
            {{"data", "any"},
             {"msg_id", "string"},
             {"seq", "integer"},
             {"priority", "integer"},
             {"size", "integer"}}};
  for (const auto* name : {"mime_type", "correl_id", "in_reply_to", "ext_client_id", "ext_pub_time",
                           "key", "publisher", "channel"})
    out.of.emplace_back(name, "string?");
  out.of.insert(out.of.end(),
                {{"published_at", "time"}, {"expires_at", "time?"}, {"data_begin", "string"}});
  return out;
}

shape subscription_shape() {
  return {"subscription",
          {{"topic_name", "string"},   {"sub_key", "string"},        {"channel", "string?"},
           {"client_id", "string"},    {"connection_id", "string?"}, {"subscribed_at", "time"},
           {"connected_at", "time?"},  {"resumed_at", "time?"},      {"detached_at", "time?"},
           {"ack", "string"},          {"durable", "boolean"},       {"depth", "integer"},
           {"depth_bytes", "integer"}, {"oldest_age", "number?"},    {"delivered_seq", "integer"},
           {"acked_seq", "integer"},   {"lag", "integer"},           {"unacked", "integer"},
           {"delivered", "integer"},   {"dropped", "integer"}}};
}

} // namespace

std::vector<shape> topic_shapes() {
  return {topic_shape(),
          message_shape(),
          subscription_shape(),
          {"published", {{"msg_id", "string"}, {"seq", "integer"}}},
          {"deleted", {{"deleted", "integer"}}},
          {"subscribed",
           {{"topic_name", "string"}, {"sub_key", "string"}, {"current_depth", "integer"}}},
          {"publisher",
           {{"name", "string"},
            {"channel", "string?"},
            {"messages", "integer"},
            {"last_at", "time?"}}}};
}

} // namespace muster
