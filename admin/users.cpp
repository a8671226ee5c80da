#include "admin/account_json.hpp"
#include "admin/call.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "messages/secret.hpp"
#include "net/uri.hpp"

#include <algorithm>
#include <functional>

namespace muster {

namespace {

/// Hashes wait for their turn, writes for the disk.
constexpr auto edit_patience = std::chrono::seconds{20};

std::string etag_of(const user& who) {
  constexpr std::size_t enough = 16;
  return '"'
         + sha256_hex(who.username + '\n' + std::string{to_string(who.role)} + '\n'
                      + who.password_hash)
               .substr(0, enough)
         + '"';
}

http_headers etag(const user& who) {
  return {{"ETag", etag_of(who)}};
}

void list(const call_ptr& call) {
  call->ask<user_list>(call->addresses().accounts, list_users{}, [call](const user_list& all) {
    std::vector<list_item> items;
    for (const auto& who : all.items)
      items.push_back({who.username, show(who)});
    reply_list(*call, std::move(items), {"username", "role", "created_at"}, "username");
  });
}

void create(const call_ptr& call) {
  const auto wanted = read_role(*call, role::viewer);
  if (!wanted)
    return;
  call->ask<user>(
      call->addresses().accounts,
      create_user{call->body().text("username").value_or(""),
                  call->body().text("password").value_or(""), *wanted},
      [call](const user& who) {
        call->created("/api/v1/users/" + percent_encode(who.username), show(who), etag(who));
      },
      edit_patience);
}

/// Goes on when the user is still the version that the call depends on.
void if_unchanged(const call_ptr& call, std::function<void()> then) {
  const std::string wanted{call->request().header("if-match")};
  if (wanted.empty() || wanted == "*") {
    then();
    return;
  }
  call->ask<user_list>(call->addresses().accounts, list_users{},
                       [call, wanted, then = std::move(then)](const user_list& all) {
                         const auto known =
                             std::find_if(all.items.begin(), all.items.end(), [&](const user& who) {
                               return who.username == call->path("username");
                             });
                         if (known == all.items.end())
                           call->fail(errc::not_found, "There is no such user");
                         else if (wanted.find(etag_of(*known)) == std::string::npos)
                           call->fail(make_error(errc::precondition_failed));
                         else
                           then();
                       });
}

void edit(const call_ptr& call) {
  edit_user request{call->path("username"), call->body().text("password"), std::nullopt};
  if (call->body().has("role")) {
    request.role = read_role(*call, role::viewer);
    if (!request.role)
      return;
  }
  if_unchanged(call, [call, request = std::move(request)] {
    call->ask<user>(
        call->addresses().accounts, request,
        [call](const user& who) { call->reply(show(who), 200, etag(who)); }, edit_patience);
  });
}

void remove(const call_ptr& call) {
  if_unchanged(call, [call] {
    call->ask<done>(call->addresses().accounts, delete_user{call->path("username")},
                    [call](const done&) { call->no_content(); });
  });
}

} // namespace

routes user_routes() {
  const std::string all = "/api/v1/users";
  const auto one = all + "/{username}";
  const auto password = [](bool required) {
    return body_field{"password", json_kind::text, required, "Kept as an argon2id hash only."};
  };
  return {
      {"GET",
       all,
       role::admin,
       "Lists the users.",
       list,
       list_query(),
       {},
       false,
       200,
       "user_list"},
      {"POST",
       all,
       role::admin,
       "Makes a user.",
       create,
       {},
       {{"username", json_kind::text, true, "The name to sign in with."},
        password(true),
        role_field(false)},
       false,
       201,
       "user"},
      {"PATCH",
       one,
       role::admin,
       "Changes a user's password or role.",
       edit,
       {},
       {password(false), role_field(false)},
       false,
       200,
       "user",
       "application/json",
       true},
      {"DELETE",
       one,
       role::admin,
       "Deletes a user.",
       remove,
       {},
       {},
       false,
       204,
       {},
       "application/json",
       true},
  };
}

} // namespace muster
