#include "storage/data_lock.hpp"

#include "messages/errc.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <system_error>
#include <thread>

namespace muster {

caf::expected<data_lock> data_lock::take(const std::filesystem::path& directory) {
  const auto path = directory / "muster.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return make_error(errc::unavailable, "cannot write to the data directory: " + path.string()
                                             + ": " + std::generic_category().message(errno));
  data_lock lock{file};
  // Somebody who only asks whether it is held has it for a moment.
  int tries = 3;
  while (::flock(file, LOCK_EX | LOCK_NB) != 0 && --tries > 0)
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  if (tries == 0)
    return make_error(errc::unavailable,
                      "another server uses the data directory " + directory.string());
  return lock;
}

caf::expected<bool> data_lock::is_held(const std::filesystem::path& directory) {
  const auto path = directory / "muster.lock";
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0 && (errno == ENOENT || errno == ENOTDIR))
    return false;
  if (file < 0)
    return make_error(errc::unavailable,
                      path.string() + ": " + std::generic_category().message(errno));
  const bool held = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(file);
  return held;
}

data_lock::~data_lock() {
  if (file_ >= 0)
    ::close(file_);
}

} // namespace muster
