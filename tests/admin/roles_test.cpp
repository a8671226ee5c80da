#include "admin/resources.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The path with something in the place of its parameters; a key must look like one.
std::string filled(std::string path) {
  for (auto begin = path.find('{'); begin != std::string::npos; begin = path.find('{')) {
    const auto length = path.find('}') - begin + 1;
    const auto is_key = path.substr(begin, length) == "{sub_key}";
    path.replace(begin, length, is_key ? "zpsk.wsx.x1.000000010123456789abcdef" : "x1");
  }
  return path;
}

std::uint16_t expected_refusal(const admin_route& each, const std::string& token) {
  if (!each.needs)
    return 0;
  const auto has = parse_role(token);
  if (!has)
    return 401;
  return *has < *each.needs ? 403 : 0;
}

} // namespace

TEST_CASE_METHOD(admin_world, "every route lets in exactly the roles that it is for") {
  std::vector<std::string> wrong;
  for (const auto& each : all_routes(options))
    for (const auto* token : {"", "nobody", "viewer", "operator", "admin"}) {
      if (each.path.starts_with("/assets/"))
        continue;
      const auto exchange = send(request(each.method, filled(each.path), {}, {}, token));
      const auto status = exchange->response.status;
      const auto refusal = expected_refusal(each, token);
      const auto is_in = status != 401 && status != 403 && status != 404 && status != 405;
      if (exchange->answers != 1 || (refusal != 0 ? status != refusal : !is_in))
        wrong.push_back(each.method + ' ' + each.path + " as '" + token
                        + "': " + std::to_string(status));
    }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("a viewer changes nothing, an operator no channels, topics, users or tokens") {
  std::vector<std::string> wrong;
  for (const auto& each : all_routes({})) {
    if (each.is_page)
      continue;
    const auto has = [&](const char* part) { return each.path.find(part) != std::string::npos; };
    const auto defines = has("/channels") || has("/store:") || each.path.ends_with("/topics")
                         || each.path.ends_with("/topics/{name}");
    auto expected = each.needs;
    if (has("/users") || has("/tokens") || (defines && is_unsafe(each.method)))
      expected = role::admin;
    else if (is_unsafe(each.method) && !has("/session"))
      expected = role::operator_;
    else if (has("/api/") && !has("/session"))
      expected = role::viewer;
    if (each.needs != expected)
      wrong.push_back(each.method + ' ' + each.path);
  }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("only health, version, the pages and sign-in are open to anybody") {
  std::vector<std::string> open;
  for (const auto& each : all_routes({}))
    if (!each.needs && !each.is_page)
      open.push_back(each.method + ' ' + each.path);
  CHECK(open
        == std::vector<std::string>{"POST /api/v1/session", "GET /healthz", "GET /readyz",
                                    "GET /version"});
}
