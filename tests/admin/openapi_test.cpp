#include "admin/openapi.hpp"
#include "admin/resources.hpp"
#include "admin/schemas.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <set>

using namespace muster;
using namespace muster::test;

namespace {

class key_collector final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view) override { keys.emplace(key); }
  std::set<std::string> keys;
};

std::set<std::string> keys_of(std::string_view object) {
  key_collector sink;
  scan_object(object, sink);
  return sink.keys;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return text;
}

} // namespace

TEST_CASE("the OpenAPI document is JSON and has exactly the routes") {
  const auto routes = all_routes({});
  const auto document = openapi_document(routes, "1.2.3");
  REQUIRE(!check_json(document));
  CHECK(find_member(document, "openapi") == R"("3.1.0")");
  const auto paths = std::string{find_member(document, "paths")};
  std::set<std::string> expected;
  for (const auto& each : routes)
    if (!each.is_page)
      expected.insert(each.path + ' ' + lower(each.method));
  std::set<std::string> found;
  for (const auto& path : keys_of(paths))
    for (const auto& method : keys_of(find_member(paths, path)))
      found.insert(path + ' ' + method);
  CHECK(found == expected);
}

TEST_CASE("every operation has a name of its own, a summary and an answer with a known schema") {
  const auto routes = all_routes({});
  const auto document = openapi_document(routes, "1.2.3");
  const auto paths = std::string{find_member(document, "paths")};
  const auto schemas = schema_names();
  std::set<std::string> names;
  for (const auto& each : routes) {
    if (each.is_page)
      continue;
    const auto operation = find_member(find_member(paths, each.path), lower(each.method));
    CHECK(names.emplace(find_member(operation, "operationId")).second);
    CHECK(!each.summary.empty());
    if (!each.answer.empty())
      CHECK(std::find(schemas.begin(), schemas.end(), each.answer) != schemas.end());
    const auto answers = keys_of(find_member(operation, "responses"));
    CHECK(answers.count(std::to_string(each.status)) == 1);
    CHECK(answers.count("default") == 1);
  }
}

TEST_CASE("no two routes have the same method and path, and all have handlers") {
  std::set<std::string> seen;
  for (const auto& each : all_routes({})) {
    CHECK(seen.insert(each.method + each.path).second);
    CHECK(static_cast<bool>(each.handler));
  }
}

TEST_CASE("the schema names the attributes of a connection and the fields of a channel") {
  const auto document = openapi_document(all_routes({}), "1.2.3");
  const auto schemas = std::string{find_member(find_member(document, "components"), "schemas")};
  const auto connection = keys_of(find_member(find_member(schemas, "connection"), "properties"));
  for (const auto* name : {"id", "client_id", "labels", "remote_address", "rtt_ms", "queue_bytes"})
    CHECK(connection.count(name) == 1);
  const auto channel = keys_of(find_member(find_member(schemas, "channel"), "properties"));
  for (const auto* name : {"name", "path", "rate_limit", "message_log", "connections"})
    CHECK(channel.count(name) == 1);
  CHECK(channel.count("create_topics") == 1);
  const auto topic = keys_of(find_member(find_member(schemas, "topic"), "properties"));
  for (const auto* name : {"name", "retention_count", "created_at", "depth", "publish_rate"})
    CHECK(topic.count(name) == 1);
}

TEST_CASE("a verb behind a parameter is a path with that parameter") {
  const auto document = openapi_document(all_routes({}), "1.2.3");
  const auto operation = find_member(
      find_member(find_member(document, "paths"), "/api/v1/topics/{name}:clear"), "post");
  CHECK(find_member(operation, "operationId") == R"("post_topics_name_clear")");
  CHECK(operation.find(R"("name":"name","in":"path")") != std::string_view::npos);
}

TEST_CASE_METHOD(admin_world,
                 "the document and the page of calls are served to those with a token") {
  CHECK(call("GET", "/api/v1/openapi.json").status == 200);
  const auto page = call("GET", "/docs");
  CHECK(page.status == 200);
  CHECK(page.body.find("/api/v1/connections/{id}") != std::string::npos);
  CHECK(header_of(page, "Content-Security-Policy").find("default-src 'none'") == 0);
  CHECK(page.body.find("<script") == std::string::npos);
  CHECK(send(request("GET", "/docs", {}, {}, ""))->response.status == 401);
}

TEST_CASE_METHOD(admin_world, "open documents need no token") {
  options.open_docs = true;
  CHECK(send(request("GET", "/docs", {}, {}, ""))->response.status == 200);
  CHECK(send(request("GET", "/api/v1/openapi.json", {}, {}, ""))->response.status == 200);
  CHECK(send(request("GET", "/metrics", {}, {}, ""))->response.status == 401);
}
