#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/render.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct account {
  std::string name;
  std::string role = "viewer";
  bool new_password = false;
  bool from_input = false;

  std::string target(const std::string& list) const { return list + '/' + percent_encoded(name); }
};

void add_role(CLI::App* command, account& options) {
  command->add_option("--role", options.role, "viewer, operator or admin")->capture_default_str();
}

void add_users(command_set& commands) {
  auto* users = commands.group("users", "People who sign in with a password");
  commands.leaf<no_options>(users->add_subcommand("ls", "List the users"),
                            [](const shared_options& shared, const no_options&) {
                              return shared.list(
                                  shared.endpoint().get("/users", {{"limit", "1000"}}),
                                  {"username", "role", "created_at"});
                            });
  auto* add = users->add_subcommand("add", "Add a user; the password is asked for");
  auto added =
      commands.leaf<account>(add, [](const shared_options& shared, const account& options) {
        const auto password = read_secret("Password of " + options.name, options.from_input, true);
        return shared.done(
            shared.endpoint().send(
                "POST", "/users",
                {{"username", options.name}, {"password", password}, {"role", options.role}}),
            "added " + options.name);
      });
  add->add_option("username", added->name, "The user")->required();
  add_role(add, *added);
  add->add_flag("--password-stdin", added->from_input, "Read the password from standard input");

  auto* edit = users->add_subcommand("edit", "Change a user's role or password");
  auto edited =
      commands.leaf<account>(edit, [](const shared_options& shared, const account& options) {
        json::object body;
        if (!options.role.empty())
          body["role"] = options.role;
        if (options.new_password || options.from_input)
          body["password"] =
              read_secret("New password of " + options.name, options.from_input, true);
        if (body.empty())
          throw failure{exit_code::usage, "nothing to change: give --role or --password"};
        return shared.done(shared.endpoint().send("PATCH", options.target("/users"), body),
                           "changed " + options.name);
      });
  edited->role.clear();
  edit->add_option("username", edited->name, "The user")->required();
  add_role(edit, *edited);
  edit->add_flag("--password", edited->new_password, "Ask for a new password");
  edit->add_flag("--password-stdin", edited->from_input, "Read it from standard input");

  auto* remove = users->add_subcommand("rm", "Remove a user");
  auto removed =
      commands.leaf<account>(remove, [](const shared_options& shared, const account& options) {
        return shared.done(shared.endpoint().send("DELETE", options.target("/users"), nullptr),
                           "removed " + options.name);
      });
  remove->add_option("username", removed->name, "The user")->required();
}

void add_tokens(command_set& commands) {
  auto* tokens = commands.group("tokens", "API tokens of programs");
  commands.leaf<no_options>(tokens->add_subcommand("ls", "List the tokens"),
                            [](const shared_options& shared, const no_options&) {
                              return shared.list(
                                  shared.endpoint().get("/tokens", {{"limit", "1000"}}),
                                  {"id", "name", "role", "created_at"});
                            });
  auto* add = tokens->add_subcommand("add", "Make a token; it is printed this once");
  add->footer("Example:\n  export MUSTER_TOKEN=$(muster tokens add reports --role viewer)");
  auto added =
      commands.leaf<account>(add, [](const shared_options& shared, const account& options) {
        const auto answer = shared.endpoint().send(
            "POST", "/tokens", {{"name", options.name}, {"role", options.role}});
        return shared.done(answer, cell(member(answer, "token")));
      });
  add->add_option("name", added->name, "What it is for")->required();
  add_role(add, *added);
  auto* remove = tokens->add_subcommand("rm", "Revoke a token");
  auto removed =
      commands.leaf<account>(remove, [](const shared_options& shared, const account& options) {
        return shared.done(shared.endpoint().send("DELETE", options.target("/tokens"), nullptr),
                           "removed " + options.name);
      });
  remove->add_option("id", removed->name, "The token's id")->required();
}

} // namespace

void add_account_commands(command_set& commands) {
  add_users(commands);
  add_tokens(commands);
}

} // namespace muster
