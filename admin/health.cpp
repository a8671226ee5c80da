// What load balancers and service managers ask.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"

namespace muster {

namespace {

void healthy(const call_ptr& call) {
  call->reply(R"({"status":"ok"})");
}

void ready(const call_ptr& call) {
  const auto& draining = call->parts().options.draining;
  if (draining && draining())
    call->fail(errc::draining, "The server is draining and takes no new connections");
  else
    call->reply(R"({"status":"ready"})");
}

void version(const call_ptr& call) {
  json_writer json;
  json.begin_object().member("name", "muster");
  json.member("version", call->parts().options.version).end_object();
  call->reply(json.take());
}

} // namespace

routes health_routes() {
  return {
      {"GET",
       "/healthz",
       std::nullopt,
       "Says that the process is alive.",
       healthy,
       {},
       {},
       false,
       200,
       "status"},
      {"GET",
       "/readyz",
       std::nullopt,
       "Says whether it takes connections; 503 while it drains.",
       ready,
       {},
       {},
       false,
       200,
       "status"},
      {"GET",
       "/version",
       std::nullopt,
       "Says which version runs.",
       version,
       {},
       {},
       false,
       200,
       "version"},
  };
}

} // namespace muster
