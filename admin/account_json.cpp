#include "admin/account_json.hpp"

#include "admin/json_writer.hpp"

namespace muster {

namespace {

timestamp from_micros(std::int64_t micros) {
  return timestamp{
      std::chrono::duration_cast<timestamp::duration>(std::chrono::microseconds{micros})};
}

} // namespace

std::string show(const user& who) {
  json_writer json;
  json.begin_object().member("username", who.username).member("role", to_string(who.role));
  json.member("created_at", from_micros(who.created_at)).end_object();
  return json.take();
}

std::string show(const api_token& what, std::string_view token) {
  json_writer json;
  json.begin_object().member("id", what.id).member("name", what.name);
  json.member("role", to_string(what.role)).member("created_at", from_micros(what.created_at));
  if (!token.empty())
    json.member("token", token);
  json.end_object();
  return json.take();
}

std::optional<role> read_role(admin_call& call, role usual) {
  const auto text = call.body().text("role");
  if (!text)
    return usual;
  const auto known = parse_role(*text);
  if (!known)
    call.fail(bad_field("role", "\"role\" must be viewer, operator or admin"));
  return known;
}

body_field role_field(bool required) {
  return {"role", json_kind::text, required, "`viewer`, `operator` or `admin`."};
}

} // namespace muster
