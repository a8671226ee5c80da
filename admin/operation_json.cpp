#include "admin/operation_json.hpp"

#include "admin/json_writer.hpp"

namespace muster {

namespace {

void put_state(json_writer& json, const operation& what) {
  json.member("id", what.id).member("verb", to_string(what.verb));
  json.member("state", to_string(what.state));
  json.member("matched", what.matched).member("finished", what.finished);
  json.member("dry_run", what.dry_run).member("by", what.by);
  json.member("selector", what.selector_text);
  json.member("started_at", what.started_at).member("finished_at", what.finished_at);
}

} // namespace

std::string show(const operation_outcome& what) {
  json_writer json;
  json.begin_object().member("connection_id", what.connection_id);
  json.member("outcome", what.outcome);
  json.raw_member("data", what.data.empty() ? "null" : what.data);
  if (!what.detail.empty())
    json.member("detail", what.detail);
  json.member("ms", what.ms).member("at", what.at).end_object();
  return json.take();
}

std::string show_state(const operation& what) {
  json_writer json;
  json.begin_object();
  put_state(json, what);
  json.end_object();
  return json.take();
}

std::string show(const operation& what) {
  json_writer json;
  json.begin_object();
  put_state(json, what);
  json.key("outcomes").begin_array();
  for (const auto& outcome : what.outcomes)
    json.raw(show(outcome));
  json.end_array();
  if (what.dry_run) {
    json.key("connection_ids").begin_array();
    for (const auto& outcome : what.outcomes)
      json.value(outcome.connection_id);
    json.end_array();
  }
  json.end_object();
  return json.take();
}

} // namespace muster
