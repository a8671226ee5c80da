// The shapes of what is not about topics.

#include "admin/activity.hpp"
#include "admin/shapes.hpp"

namespace muster {

namespace {

void add_rates(shape& to) {
  for (const auto& rate : shown_rates)
    to.of.emplace_back(rate.name, "number");
}

shape rates_shape() {
  shape out{"rates", {}};
  add_rates(out);
  out.of.emplace_back("window", "number");
  return out;
}

shape history_point_shape() {
  shape out{"history_point", {{"at", "time"}, {"connections", "integer"}, {"sessions", "integer"}}};
  add_rates(out);
  out.of.insert(out.of.end(), {{"commit_ms", "number?"},
                               {"resident_bytes", "integer"},
                               {"cpu", "number"},
                               {"loop_load", "number[]"}});
  return out;
}

} // namespace

std::vector<shape> verb_shapes() {
  return {
      {"close_receipt",
       {{"outcome", "string"},
        {"code_sent", "integer?"},
        {"peer_code", "integer?"},
        {"peer_reason", "string"},
        {"ms", "number"}}},
      {"invoke_reply",
       {{"outcome", "string"},
        {"data", "any"},
        {"detail", "string"},
        {"sent_at", "time?"},
        {"ms", "number"},
        {"operation", "string"}}},
      {"message",
       {{"direction", "string"},
        {"at", "time"},
        {"id", "string?"},
        {"in_reply_to", "string?"},
        {"size", "integer"},
        {"payload", "string"}}},
      {"outcome",
       {{"connection_id", "string"},
        {"outcome", "string"},
        {"data", "any"},
        {"detail", "string"},
        {"ms", "number"},
        {"at", "time?"}}},
      {"operation",
       {{"id", "string"},
        {"verb", "string"},
        {"state", "string"},
        {"matched", "integer"},
        {"finished", "integer"},
        {"dry_run", "boolean"},
        {"by", "string"},
        {"selector", "string"},
        {"started_at", "time?"},
        {"finished_at", "time?"},
        {"outcomes", "#outcome[]"},
        {"connection_ids", "string[]"}}},
  };
}

std::vector<shape> account_shapes() {
  const shape::members token{
      {"id", "string"}, {"name", "string"}, {"role", "string"}, {"created_at", "time"}};
  auto created = token;
  created.emplace_back("token", "string");
  return {{"user", {{"username", "string"}, {"role", "string"}, {"created_at", "time"}}},
          {"token", token},
          {"token_created", created},
          {"session",
           {{"username", "string"},
            {"role", "string"},
            {"csrf_token", "string?"},
            {"expires_at", "time?"}}}};
}

std::vector<shape> server_shapes() {
  return {
      {"service",
       {{"name", "string"},
        {"kind", "string"},
        {"calls", "integer"},
        {"errors", "integer"},
        {"in_flight", "integer"},
        {"restarts", "integer"},
        {"mean_ms", "number"}}},
      {"node",
       {{"name", "string"},
        {"pid", "integer"},
        {"version", "string"},
        {"started_at", "time"},
        {"uptime", "number"},
        {"draining", "boolean"},
        {"connections", "integer"},
        {"sessions", "integer"},
        {"cpu_seconds", "number"},
        {"resident_bytes", "integer"},
        {"open_fds", "integer"},
        {"max_fds", "integer"},
        {"threads", "integer"},
        {"loops", "object[]"},
        {"listeners", "object[]"}}},
      {"overview",
       {{"server_name", "string"},
        {"version", "string"},
        {"uptime", "number"},
        {"draining", "boolean"},
        {"nodes", "integer"},
        {"channels", "integer"},
        {"channels_active", "integer"},
        {"connections", "integer"},
        {"sessions", "integer"},
        {"topics", "integer"},
        {"subscriptions", "integer"},
        {"resident_bytes", "integer"},
        {"open_fds", "integer"},
        {"max_fds", "integer"},
        {"loop_load", "number[]"},
        {"commit_ms", "number?"},
        {"rates", "#rates"},
        {"counters", "object"}}},
      {"field",
       {{"name", "string"},
        {"kind", "string"},
        {"about", "string"},
        {"default", "any"},
        {"choices", "string[]"},
        {"editable", "boolean"}}},
      {"attribute",
       {{"name", "string"},
        {"kind", "string"},
        {"sortable", "boolean"},
        {"derived", "boolean"},
        {"about", "string"}}},
      {"incident", {{"id", "string"}, {"at", "time"}, {"level", "string"}, {"text", "string"}}},
      rates_shape(),
      history_point_shape(),
      {"history", {{"interval", "integer"}, {"items", "#history_point[]"}}},
      {"status", {{"status", "string"}}},
      {"version", {{"name", "string"}, {"version", "string"}}},
      {"problem",
       {{"type", "string"},
        {"title", "string"},
        {"status", "integer"},
        {"detail", "string"},
        {"code", "string"},
        {"request_id", "string"},
        {"field", "string"},
        {"column", "integer"}}},
  };
}

} // namespace muster
