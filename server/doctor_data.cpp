// What a doctor finds in a data directory.

#include "server/doctor.hpp"

#include "messages/errc.hpp"
#include "storage/schema.hpp"

#include <spdlog/fmt/fmt.h>

#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>

namespace muster {
namespace {

using kind = finding::kind;
using std::filesystem::path;

constexpr std::uint64_t mebibyte = 1U << 20U;
/// Below this no commit is sure.
constexpr std::uint64_t no_room = mebibyte;
constexpr std::uint64_t little_room = 256 * mebibyte;
constexpr double little_share = 0.05;
constexpr auto usual_time = std::chrono::seconds{5};

std::string name_of_user(::uid_t id) {
  const auto* known = ::getpwuid(id);
  return known ? known->pw_name : "user " + std::to_string(id);
}

std::string size_text(std::uint64_t bytes) {
  constexpr double step = 1024;
  auto size = static_cast<double>(bytes);
  const auto* unit = "bytes";
  for (const auto* next : {"KiB", "MiB", "GiB", "TiB"}) {
    if (size < step)
      break;
    size /= step;
    unit = next;
  }
  return bytes < 1024 ? fmt::format("{} bytes", bytes) : fmt::format("{:.1f} {}", size, unit);
}

bool may_write(const path& what, int how) {
  return ::faccessat(AT_FDCWD, what.c_str(), how, AT_EACCESS) == 0;
}

finding not_writable(const path& what, const std::string& owner, bool server_runs) {
  if (errno == EROFS)
    return {"directory", kind::fault,
            what.string()
                + " is on a file system that is mounted to read only: nothing can be "
                  "stored until it is mounted rw"};
  const auto me = name_of_user(::geteuid());
  if (server_runs)
    return {"directory", kind::ok,
            what.string() + " belongs to " + owner + ", whose server works in it; " + me
                + " may not write there"};
  return {"directory", kind::fault,
          fmt::format("{} may not be written to by {}: run the server as {}, or chown it",
                      what.string(), me, owner)};
}

finding check_pages(sqlite_database& database, bool thorough) {
  auto faults = find_faults(database, thorough);
  if (faults && faults->empty())
    return {"pages", kind::ok,
            thorough ? "all are whole, and the indexes agree with them" : "all are whole"};
  return {"pages", kind::fault,
          "the database is damaged: " + (faults ? faults->front() : detail_of(faults.error()))
              + "; take a copy of the directory, then muster restore a backup"};
}

finding judge_records(const records_checked& found) {
  const auto damaged =
      found.damaged_documents + found.damaged_subscriptions + found.damaged_messages;
  const auto extent = found.looked_at < found.all
                          ? fmt::format("{} of {} looked at, the newest first (--thorough: all)",
                                        found.looked_at, found.all)
                          : fmt::format("all {} looked at", found.all);
  if (damaged == 0)
    return {"records", kind::ok, "none is damaged; " + extent};
  std::string names;
  for (const auto& each : found.damaged)
    names += (names.empty() ? "" : ", ") + each;
  if (found.damaged.size() < damaged)
    names += ", ...";
  return {"records", kind::fault,
          fmt::format("{} damaged: {}; they are not used, the others are; a backup may have them; "
                      "{}",
                      damaged, names, extent)};
}

finding check_all_records(sqlite_database& database, bool thorough,
                          const check_progress& progress) {
  const auto at_most = thorough ? std::chrono::steady_clock::duration::max() : usual_time;
  auto found = check_records(database, at_most, progress);
  if (found)
    return judge_records(*found);
  return {"records", kind::fault,
          "they cannot be read: " + detail_of(found.error())
              + "; take a copy of the directory, then muster restore a backup"};
}

/// Nothing when all is well with the file as such.
std::vector<finding> check_file(const path& file) {
  struct ::stat about {};
  if (::stat(file.c_str(), &about) != 0) {
    if (errno == ENOENT)
      return {{"database", kind::ok, "there is none yet; the server makes it"}};
    return {{"database", kind::fault,
             file.string() + " cannot be read: " + std::generic_category().message(errno)}};
  }
  if (!may_write(file, R_OK))
    return {{"database", kind::fault,
             fmt::format("{} may not be read by {}: run this as {}", file.string(),
                         name_of_user(::geteuid()), name_of_user(about.st_uid))}};
  return {};
}

finding describe(const path& file, std::int64_t version) {
  struct ::stat about {};
  ::stat(file.c_str(), &about);
  const auto size = size_text(static_cast<std::uint64_t>(about.st_size));
  if ((about.st_mode & (S_IWUSR | S_IWGRP)) == 0)
    return {"database", kind::fault,
            file.string() + " is read-only: nothing can be stored; chmod u+w it"};
  if ((about.st_mode & (S_IRGRP | S_IROTH | S_IWGRP | S_IWOTH)) != 0)
    return {"database", kind::warning,
            file.string() + " holds hashes of secrets and others may read it: chmod 600 it"};
  if (version < newest_version())
    return {"database", kind::ok,
            fmt::format("version {}, {}; the server brings it to version {} when it starts",
                        version, size, newest_version())};
  return {"database", kind::ok, fmt::format("version {}, {}", version, size)};
}

} // namespace

finding check_directory(const path& directory, bool server_runs) {
  struct ::stat about {};
  if (::stat(directory.c_str(), &about) != 0) {
    if (errno == ENOENT)
      return {"directory", kind::warning,
              directory.string() + " is not there; the server makes it when it starts"};
    return {"directory", kind::fault,
            directory.string() + " cannot be used: " + std::generic_category().message(errno)};
  }
  if (!S_ISDIR(about.st_mode))
    return {"directory", kind::fault, directory.string() + " is no directory: name another one"};
  const auto owner = name_of_user(about.st_uid);
  if (!may_write(directory, W_OK | X_OK))
    return not_writable(directory, owner, server_runs);
  return {"directory", kind::ok,
          fmt::format("{} belongs to {}, and {} may write to it", directory.string(), owner,
                      name_of_user(::geteuid()))};
}

finding check_room(const path& directory) {
  auto there = directory;
  struct ::statvfs room {};
  while (::statvfs(there.empty() ? "." : there.c_str(), &room) != 0) {
    if (errno != ENOENT || there.empty())
      return {"room", kind::warning,
              "how much there is cannot be told: " + std::generic_category().message(errno)};
    there = there.parent_path();
  }
  const auto free_bytes = std::uint64_t{room.f_bavail} * room.f_frsize;
  const auto all = std::uint64_t{room.f_blocks} * room.f_frsize;
  const auto share = all == 0 ? 1.0 : static_cast<double>(free_bytes) / static_cast<double>(all);
  const auto text = fmt::format("{} of {} are free", size_text(free_bytes), size_text(all));
  if (free_bytes < no_room || (room.f_files != 0 && room.f_favail == 0))
    return {"room", kind::fault,
            text + ": the disk is full, publishers to durable topics get 503 until there is room"};
  if (free_bytes < little_room || share < little_share)
    return {"room", kind::warning, text + ": make room before the disk is full"};
  return {"room", kind::ok, text};
}

std::vector<finding> check_database(const path& directory, bool thorough,
                                    const check_progress& progress) {
  const auto file = directory / database_name;
  if (auto found = check_file(file); !found.empty())
    return found;
  const auto unusable = [&](const caf::error& why) {
    return std::vector<finding>{
        {"database", kind::fault, file.string() + " cannot be used: " + detail_of(why)}};
  };
  auto database = open_to_check(file);
  if (!database)
    return unusable(database.error());
  auto version = version_of(*database);
  if (!version)
    return unusable(version.error());
  if (*version == 0)
    return {{"database", kind::warning, file.string() + " is empty; the server fills it"}};
  std::vector<finding> all{describe(file, *version), check_pages(*database, thorough)};
  if (*version == newest_version())
    all.push_back(check_all_records(*database, thorough, progress));
  return all;
}

} // namespace muster
