#include "server/doctor.hpp"

#include "cli/failure.hpp"
#include "cli/http_client.hpp"
#include "messages/errc.hpp"
#include "server/process.hpp"
#include "storage/data_lock.hpp"

#include <spdlog/fmt/fmt.h>

#include <exception>
#include <utility>

namespace muster {
namespace {

using kind = finding::kind;

/// With fewer open files a server is full early.
constexpr std::uint64_t few_files = 4096;
constexpr double patience_seconds = 5;

finding check_configuration(const loaded_config& settings) {
  if (settings.faults.empty()) {
    const auto& file = settings.value.sources.file;
    return {"configuration", kind::ok, file.empty() ? "no file is used" : file + " is good"};
  }
  const auto& first = settings.faults.front();
  const auto more = settings.faults.size() - 1;
  return {"configuration", kind::fault,
          fmt::format("{}: {}{}; the server does not start with it", first.where, first.what,
                      more == 0 ? std::string{}
                                : fmt::format(" (and {} more: muster config check)", more))};
}

finding check_lock(const caf::expected<bool>& held) {
  if (!held)
    return {"lock", kind::warning,
            "whether a server runs on the directory cannot be told: " + detail_of(held.error())};
  return {"lock", kind::ok,
          *held ? "a server runs on the directory" : "no server runs on the directory"};
}

finding check_files() {
  const auto limit = raise_file_limit();
  if (limit < few_files)
    return {"open files", kind::warning,
            fmt::format("at most {} may be open at once, one a connection: raise the limit "
                        "(ulimit -Hn, LimitNOFILE= of systemd)",
                        limit)};
  return {"open files", kind::ok, fmt::format("{} may be open at once", limit)};
}

finding judge_answer(unsigned status, const std::string& url, bool server_runs) {
  if (status == 503)
    return {"server", kind::warning,
            "the server at " + url + " drains: it takes no new connections"};
  if (status != 200)
    return {"server", kind::warning,
            fmt::format("what answers at {} is no Muster, or not ready: status {}", url, status)};
  if (!server_runs)
    return {"server", kind::warning,
            "a server is ready at " + url + ", but it works on another data directory"};
  return {"server", kind::ok, "it is ready at " + url};
}

finding check_server(const server_options& admin, bool server_runs) {
  const auto url = parse_url(admin.url);
  if (!url)
    return {"server", kind::fault, admin.url + " is no http:// or https:// address"};
  try {
    const auto answer =
        perform({*url, "GET", "/readyz", {}, {}, admin.authorities, patience_seconds});
    return judge_answer(answer.status, admin.url, server_runs);
  } catch (const failure& why) {
    if (!server_runs)
      return {"server", kind::ok, "none runs"};
    return {"server", kind::warning,
            std::string{"a server has the directory, but does not answer: "} + why.what()
                + "; is its admin endpoint elsewhere (--url)?"};
  }
}

} // namespace

std::string_view to_string(finding::kind what) {
  switch (what) {
  case kind::ok:
    return "ok";
  case kind::warning:
    return "warning";
  case kind::fault:
    return "FAULT";
  }
  return {};
}

std::string admin_url_of(const config& settings) {
  auto where = settings.admin.address;
  if (where.port == 0)
    return {};
  if (where.ip == "0.0.0.0")
    where.ip = "127.0.0.1";
  else if (where.ip == "::")
    where.ip = "::1";
  return (settings.admin.tls ? "https://" : "http://") + to_string(where);
}

std::vector<finding> examine(const examination& what) {
  const std::filesystem::path directory{what.settings.value.data_dir};
  const auto held = data_lock::is_held(directory);
  const bool server_runs = held && *held;
  std::vector<finding> all{check_configuration(what.settings),
                           check_directory(directory, server_runs), check_room(directory),
                           check_lock(held)};
  auto data = check_database(directory, what.thorough, what.progress);
  // A server that was started meanwhile has changed what nobody was to change.
  if (const auto now = data_lock::is_held(directory); now && *now && !server_runs)
    data = check_database(directory, what.thorough, what.progress);
  std::move(data.begin(), data.end(), std::back_inserter(all));
  all.push_back(check_files());
  all.push_back(check_server(what.admin, server_runs));
  return all;
}

} // namespace muster
