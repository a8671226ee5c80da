// muster.db                          the database; muster.db-wal the log ahead of it, muster.db-shm
// muster.db.incoming                 a backup that waits to take its place
// muster.db.before-restore-TIME      one whose place was taken

#include "storage/backup.hpp"

#include "messages/errc.hpp"
#include "storage/data_lock.hpp"
#include "storage/schema.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <ctime>
#include <string>
#include <system_error>
#include <utility>

namespace muster {

namespace {

using path = std::filesystem::path;

path beside(const path& file, const char* end) {
  return file.string() + end;
}

bool is_there(const path& file) {
  std::error_code failure;
  return std::filesystem::exists(std::filesystem::symlink_status(file, failure));
}

caf::error failure_of(const std::string& what) {
  return make_error(errc::unavailable, what + ": " + std::generic_category().message(errno));
}

/// A file that is being made; goes unless it is kept.
class unfinished {
public:
  explicit unfinished(path file) : file_{std::move(file)} {}
  ~unfinished() {
    for (const auto* end : {"", "-wal", "-shm", "-journal"})
      ::unlink(beside(file_, end).c_str());
  }
  unfinished(const unfinished&) = delete;
  unfinished& operator=(const unfinished&) = delete;

  /// Empty, and for nobody else to read.
  caf::error make() const {
    const int file = ::open(file_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0)
      return failure_of("cannot write " + file_.string());
    ::close(file);
    return {};
  }
  const path& name() const { return file_; }

private:
  path file_;
};

/// Of a file or a directory: what was written is on the disk.
caf::error sync(const path& what) {
  const int file = ::open(what.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0)
    return failure_of("cannot write " + what.string());
  const bool failed = ::fsync(file) != 0;
  auto why = failed ? failure_of("cannot write " + what.string()) : caf::error{};
  ::close(file);
  return why;
}

path directory_of(const path& file) {
  return file.has_parent_path() ? file.parent_path() : path{"."};
}

/// A new name for a file that is whole.
caf::error finish(const path& whole, const path& to, bool replace) {
  if (auto failed = sync(whole))
    return failed;
  const unsigned how = replace ? 0 : RENAME_NOREPLACE;
  if (::renameat2(AT_FDCWD, whole.c_str(), AT_FDCWD, to.c_str(), how) != 0)
    return failure_of("cannot write " + to.string());
  return sync(directory_of(to));
}

caf::error copy_to(sqlite_database& source, const path& to, const copy_progress& progress) {
  auto copy = sqlite_database::open(to.string());
  if (!copy)
    return copy.error();
  // It is worth nothing before it is whole.
  if (auto failed = copy->execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF"))
    return failed;
  return copy->copy_from(source, progress);
}

// The copy is one file, without a log ahead of it.
caf::error make_plain(const path& copy) {
  auto database = sqlite_database::open(copy.string());
  if (!database)
    return database.error();
  if (auto failed = bring_up_to_date(*database))
    return failed;
  return database->execute("PRAGMA journal_mode = DELETE");
}

caf::error check_pages(sqlite_database& database, bool thorough) {
  auto faults = find_faults(database, thorough);
  if (!faults)
    return faults.error();
  return faults->empty()
             ? caf::error{}
             : make_error(errc::conflict, "the database is damaged: " + faults->front());
}

/// A copy that is whole, of this version and on the disk.
caf::error copy_whole(const path& from, const unfinished& to, const copy_progress& progress) {
  auto source = open_to_check(from);
  if (!source)
    return source.error();
  auto version = version_of(*source);
  if (!version)
    return version.error();
  if (*version == 0)
    return make_error(errc::conflict, "there is nothing in it");
  if (auto failed = to.make())
    return failed;
  return copy_to(*source, to.name(), progress);
}

caf::error about(const path& what, const caf::error& why) {
  return make_error(code_of(why), what.string() + " cannot be used: " + detail_of(why));
}

/// Root works for whom the directory belongs to.
caf::error give_to_owner(const path& file, const path& like) {
  struct ::stat owner {};
  if (::geteuid() != 0 || ::stat(like.c_str(), &owner) != 0)
    return {};
  if (::chown(file.c_str(), owner.st_uid, owner.st_gid) != 0)
    return failure_of("cannot give " + file.string() + " to its owner");
  return {};
}

path name_for_old(const path& database) {
  const auto now = std::time(nullptr);
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  std::array<char, 64> text{};
  std::strftime(text.data(), text.size(), ".before-restore-%Y%m%dT%H%M%SZ", &utc);
  const auto name = beside(database, text.data());
  auto free_name = name;
  for (int i = 2; is_there(free_name); ++i)
    free_name = beside(name, ("-" + std::to_string(i)).c_str());
  return free_name;
}

/// What is in the log ahead of the file belongs to the old one.
void move_log(const path& from, const path& to) {
  std::error_code failure;
  const auto size = std::filesystem::file_size(beside(from, "-wal"), failure);
  if (!failure && size != 0)
    ::rename(beside(from, "-wal").c_str(), beside(to, "-wal").c_str());
  else
    ::unlink(beside(from, "-wal").c_str());
  ::unlink(beside(from, "-shm").c_str());
}

} // namespace

caf::expected<database_contents> back_up(const path& directory, const path& to, bool replace,
                                         const copy_progress& progress) {
  if (!replace && is_there(to))
    return make_error(errc::conflict, to.string() + " is there already");
  const auto from = directory / database_name;
  const unfinished copy{beside(to, (".part-" + std::to_string(::getpid())).c_str())};
  if (auto failed = copy_whole(from, copy, progress))
    return about(from, failed);
  if (auto failed = make_plain(copy.name()))
    return about(copy.name(), failed);
  auto database = open_to_check(copy.name());
  if (!database)
    return about(copy.name(), database.error());
  if (auto failed = check_pages(*database, false))
    return about(from, failed);
  auto contents = count_contents(*database);
  if (!contents)
    return about(from, contents.error());
  if (auto failed = finish(copy.name(), to, replace))
    return failed;
  return contents;
}

caf::expected<waiting_backup> lay_backup_ready(const path& backup, const path& directory,
                                               const copy_progress& progress) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure)
    return make_error(errc::unavailable, "cannot make the data directory " + directory.string()
                                             + ": " + failure.message());
  const unfinished copy{beside(directory / waiting_name, ".part")};
  for (const auto* end : {"", "-wal", "-shm", "-journal"})
    ::unlink(beside(copy.name(), end).c_str());
  if (auto failed = copy_whole(backup, copy, progress))
    return about(backup, failed);
  if (auto failed = make_plain(copy.name()))
    return about(backup, failed);
  auto database = open_to_check(copy.name());
  if (!database)
    return about(backup, database.error());
  if (auto failed = check_pages(*database, true))
    return about(backup, failed);
  auto records = check_records(*database, std::chrono::steady_clock::duration::max(), {});
  auto contents = count_contents(*database);
  if (!records || !contents)
    return about(backup, records ? contents.error() : records.error());
  if (records->damaged_documents != 0)
    return about(backup, make_error(errc::conflict, "damaged: " + records->damaged.front()));
  const auto known = directory / database_name;
  if (auto failed = give_to_owner(copy.name(), is_there(known) ? known : directory))
    return failed;
  if (auto failed = finish(copy.name(), directory / waiting_name, true))
    return failed;
  return waiting_backup{*contents, records->damaged_messages, records->damaged_subscriptions};
}

void drop_waiting_backup(const path& directory) {
  ::unlink((directory / waiting_name).c_str());
}

caf::error settle_log(sqlite_database& database) {
  auto busy = database.number("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!busy)
    return busy.error();
  return *busy == 0 ? caf::error{}
                    : make_error(errc::unavailable, "another program reads the database");
}

caf::expected<path> swap_in_backup(const path& directory) {
  const auto database = directory / database_name;
  path old;
  if (is_there(database)) {
    old = name_for_old(database);
    // A second name, so that there is no moment without a database.
    if (::link(database.c_str(), old.c_str()) != 0)
      return failure_of("cannot keep the database as " + old.string());
    move_log(database, old);
  }
  if (::rename((directory / waiting_name).c_str(), database.c_str()) != 0) {
    auto why = failure_of("cannot put the backup in its place");
    if (!old.empty())
      swap_back(directory, old);
    return why;
  }
  if (auto failed = sync(directory))
    return failed;
  return old;
}

// Two names of one file are not renamed, so the one goes afterwards.
void swap_back(const path& directory, const path& old) {
  const auto database = directory / database_name;
  if (old.empty())
    return;
  move_log(old, database);
  ::rename(old.c_str(), database.c_str());
  ::unlink(old.c_str());
}

caf::expected<path> take_up_offline(const path& directory) {
  auto lock = data_lock::take(directory);
  if (!lock)
    return lock.error();
  if (auto failed = give_to_owner(directory / "muster.lock", directory))
    return failed;
  // One that cannot be read keeps the log that it has.
  if (is_there(directory / database_name))
    if (auto database = sqlite_database::open((directory / database_name).string()))
      settle_log(*database);
  return swap_in_backup(directory);
}

} // namespace muster
