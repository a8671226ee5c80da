#include "server/data_commands.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/render.hpp"
#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "messages/errc.hpp"
#include "server/config_commands.hpp"
#include "server/doctor.hpp"
#include "server/serve_options.hpp"
#include "storage/backup.hpp"
#include "storage/data_lock.hpp"
#include "storage/schema.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <string>
#include <utility>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

constexpr double reload_patience_seconds = 150;

struct doctor_options {
  bool thorough = false;
};
struct backup_options {
  std::string to;
  bool force = false;
};
struct restore_options {
  std::string from;
};

/// How far something is, on standard error; nothing where that is no terminal.
check_progress progress_of(const char* what) {
  if (!progress_wanted())
    return {};
  return [what](std::uint64_t done, std::uint64_t all) {
    constexpr std::uint64_t whole = 100;
    fmt::print(stderr, "\r{}: {} %{}", what, all == 0 ? whole : done * whole / all,
               done >= all ? "\r\x1b[K" : "");
  };
}

/// The admin endpoint that is asked for, or else the one of the configuration.
server_options admin_of(const shared_options& shared, const config& settings) {
  auto admin = shared.server;
  if (const auto known = admin_url_of(settings);
      admin.url == server_options{}.url && !known.empty())
    admin.url = known;
  return admin;
}

loaded_config load_or_fail(const config_sources& sources) {
  auto loaded = load_config(sources);
  if (!report_faults(loaded))
    throw failure{exit_code::usage, "the configuration is wrong"};
  return loaded;
}

template <class T>
T value_or_fail(caf::expected<T> result) {
  if (!result)
    throw failure{exit_code::failed, detail_of(result.error())};
  return std::move(*result);
}

json::object as_object(const database_contents& what) {
  return {
      {"channels", what.channels}, {"topics", what.topics}, {"subscriptions", what.subscriptions},
      {"messages", what.messages}, {"users", what.users},   {"tokens", what.tokens}};
}

std::string in_words(const database_contents& what) {
  return fmt::format("{} channels, {} topics, {} subscriptions, {} messages, {} users, {} tokens",
                     what.channels, what.topics, what.subscriptions, what.messages, what.users,
                     what.tokens);
}

// Doctor -----------------------------------------------------------------------------------------

void print_findings(const std::vector<finding>& all) {
  table out{{"check", "result", ""}};
  for (const auto& each : all)
    out.add({each.check, std::string{to_string(each.what)}, each.text});
  // A sentence is not cut.
  const auto text = out.print(0, may_style());
  std::fwrite(text.data(), 1, text.size(), stdout);
}

void print_json(const std::vector<finding>& all, bool well) {
  json::array checks;
  for (const auto& each : all)
    checks.push_back(
        json::object{{"check", each.check}, {"result", to_string(each.what)}, {"text", each.text}});
  const auto text = as_json(json::object{{"ok", well}, {"checks", std::move(checks)}});
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int run_doctor(const shared_options& shared, const doctor_options& options,
               const config_sources& sources) {
  examination what;
  what.settings = load_config(sources);
  what.admin = admin_of(shared, what.settings.value);
  what.thorough = options.thorough;
  what.progress = progress_of("Records");
  const auto all = examine(what);
  bool well = true;
  for (const auto& each : all)
    well = well && each.what != finding::kind::fault;
  if (shared.json)
    print_json(all, well);
  else
    print_findings(all);
  return well ? exit_code::ok : exit_code::failed;
}

// Backup -----------------------------------------------------------------------------------------

int run_backup(const shared_options& shared, const backup_options& options,
               const config_sources& sources) {
  const auto settings = load_or_fail(sources).value;
  const auto contents =
      value_or_fail(back_up(settings.data_dir, options.to, options.force, progress_of("Backup")));
  const auto size = static_cast<std::uint64_t>(std::filesystem::file_size(options.to));
  auto answer = as_object(contents);
  answer["file"] = options.to;
  answer["bytes"] = size;
  return shared.done(answer, fmt::format("{}: {} bytes, {}", options.to, size, in_words(contents)));
}

// Restore ----------------------------------------------------------------------------------------

/// What waits in a data directory, as long as it is not taken up.
class laid_ready {
public:
  explicit laid_ready(std::filesystem::path directory) : directory_{std::move(directory)} {}
  ~laid_ready() { drop_waiting_backup(directory_); }
  laid_ready(const laid_ready&) = delete;
  laid_ready& operator=(const laid_ready&) = delete;

private:
  std::filesystem::path directory_;
};

void check_rights(const admin_endpoint& server) {
  server.get("/tokens", {{"limit", "1"}});
}

/// Before anything is done: only an administrator may, and only who reaches the server.
void check_server(const admin_endpoint& server) {
  try {
    check_rights(server);
  } catch (const failure& why) {
    const auto* what = why.code() == exit_code::unreachable
                           ? "name its admin endpoint with --url, or stop it"
                           : "give an administrator's token in MUSTER_TOKEN";
    throw failure{why.code(), std::string{why.what()}
                                  + "; a server runs on the directory and must take the backup up "
                                    "itself: "
                                  + what};
  }
}

/// Whether the token is still known: it is one of the backup, or not.
bool still_signed_in(const admin_endpoint& server) {
  try {
    check_rights(server);
    return true;
  } catch (const failure&) {
    return false;
  }
}

std::string take_up_online(const admin_endpoint& server) {
  server.send("POST", "/store:reload", nullptr, reload_patience_seconds);
  std::string text =
      "the server at " + server.url() + " works with it now; the old database is kept beside it";
  if (!still_signed_in(server))
    text += "; users and tokens are those of the backup, and your token is none of them";
  return text;
}

std::string take_up(const shared_options& shared, const config& settings, bool server_runs) {
  if (server_runs)
    return take_up_online(admin_endpoint{shared.server});
  const auto old = value_or_fail(take_up_offline(settings.data_dir));
  return old.empty() ? std::string{"it is in its place"}
                     : "it is in its place; the old database is kept as " + old.string();
}

int run_restore(shared_options shared, const restore_options& options,
                const config_sources& sources) {
  const auto settings = load_or_fail(sources).value;
  shared.server = admin_of(shared, settings);
  const bool server_runs = value_or_fail(data_lock::is_held(settings.data_dir));
  if (server_runs)
    check_server(shared.endpoint());
  const auto found =
      value_or_fail(lay_backup_ready(options.from, settings.data_dir, progress_of("Restore")));
  const laid_ready waits{settings.data_dir};
  const auto outcome = take_up(shared, settings, server_runs);
  if (found.damaged_messages + found.damaged_subscriptions != 0)
    fmt::print(stderr,
               "muster: damaged in the backup, and not used: {} messages, {} subscriptions\n",
               found.damaged_messages, found.damaged_subscriptions);
  auto answer = as_object(found.contents);
  answer["restored"] = options.from;
  answer["server_runs"] = server_runs;
  return shared.done(answer,
                     fmt::format("{}: {}; {}", options.from, in_words(found.contents), outcome));
}

} // namespace

void add_data_commands(command_set& commands, config_sources& sources) {
  auto& app = commands.app();
  auto* doctor = app.add_subcommand("doctor", "Say what is wrong with the data and around it");
  auto looked = commands.leaf<doctor_options>(
      doctor, [&sources](const shared_options& shared, const doctor_options& options) {
        return run_doctor(shared, options, sources);
      });
  add_data_options(*doctor, sources);
  doctor->add_flag("--thorough", looked->thorough, "Look at everything, however long it takes");
  doctor->footer("Changes nothing and works while the server runs. Exit code 1: there is a FAULT.");

  auto* backup = app.add_subcommand("backup", "Copy the data into a file, while the server runs");
  auto copied = commands.leaf<backup_options>(
      backup, [&sources](const shared_options& shared, const backup_options& options) {
        return run_backup(shared, options, sources);
      });
  add_data_options(*backup, sources);
  backup->add_option("to", copied->to, "The file to make")->required();
  backup->add_flag("--force", copied->force, "Replace a file that is there");
  backup->footer("Example:\n  muster backup /backups/muster-$(date +%F).db --data /var/lib/muster");

  auto* restore =
      app.add_subcommand("restore", "Put a backup in the place of the data, also of a server's "
                                    "that runs");
  auto restored = commands.leaf<restore_options>(
      restore, [&sources](const shared_options& shared, const restore_options& options) {
        return run_restore(shared, options, sources);
      });
  add_data_options(*restore, sources);
  restore->add_option("from", restored->from, "A file that muster backup made")->required();
  restore->footer("The old database is kept beside the new one. While a server runs, an "
                  "administrator's token is needed.");
}

} // namespace muster
