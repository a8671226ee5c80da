#include "admin/account_json.hpp"
#include "admin/call.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "net/uri.hpp"

namespace muster {

namespace {

void list(const call_ptr& call) {
  call->ask<token_list>(call->addresses().accounts, list_tokens{}, [call](const token_list& all) {
    std::vector<list_item> items;
    for (const auto& each : all.items)
      items.push_back({each.id, show(each)});
    reply_list(*call, std::move(items), {"id", "name", "role", "created_at"}, "name");
  });
}

void create(const call_ptr& call) {
  const auto wanted = read_role(*call, role::viewer);
  if (!wanted)
    return;
  call->ask<token_created>(call->addresses().accounts,
                           create_token{call->body().text("name").value_or(""), *wanted, {}},
                           [call](const token_created& made) {
                             call->created("/api/v1/tokens/" + percent_encode(made.item.id),
                                           show(made.item, made.token));
                           });
}

void remove(const call_ptr& call) {
  call->ask<done>(call->addresses().accounts, delete_token{call->path("id")},
                  [call](const done&) { call->no_content(); });
}

} // namespace

routes token_routes() {
  const std::string all = "/api/v1/tokens";
  return {
      {"GET",
       all,
       role::admin,
       "Lists the API tokens, without the tokens themselves.",
       list,
       list_query(),
       {},
       false,
       200,
       "token_list"},
      {"POST",
       all,
       role::admin,
       "Makes an API token; the answer shows it, this once.",
       create,
       {},
       {{"name", json_kind::text, true, "What the token is for."}, role_field(false)},
       false,
       201,
       "token_created"},
      {"DELETE", all + "/{id}", role::admin, "Revokes an API token.", remove, {}, {}, false, 204},
  };
}

} // namespace muster
