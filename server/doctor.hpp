#pragma once

#include "cli/admin_endpoint.hpp"
#include "server/config.hpp"
#include "storage/check.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// What came of one check, in a sentence: what is so, and what to do about it.
struct finding {
  enum class kind : std::uint8_t { ok, warning, fault };
  std::string check;
  kind what = kind::ok;
  std::string text;
};

std::string_view to_string(finding::kind what); // "ok", "warning", "FAULT"

/// What a doctor looks at, and how long.
struct examination {
  loaded_config settings;
  /// The admin endpoint; its address counts.
  server_options admin;
  /// All of it, however long that takes.
  bool thorough = false;
  check_progress progress;
};

/// Looks at a data directory and what is around it; changes nothing, also while a server runs.
std::vector<finding> examine(const examination& what);

/// Where the configuration says that the admin endpoint is; empty where that is not known before
/// the server runs.
std::string admin_url_of(const config& settings);

// The parts of an examination. `server_runs`: somebody has the directory's lock.
finding check_directory(const std::filesystem::path& directory, bool server_runs);
finding check_room(const std::filesystem::path& directory);
std::vector<finding> check_database(const std::filesystem::path& directory, bool thorough,
                                    const check_progress& progress);

} // namespace muster
