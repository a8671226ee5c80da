#include "storage/data_lock.hpp"

#include "messages/errc.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace muster {

caf::expected<data_lock> data_lock::take(const std::filesystem::path& directory) {
  const auto path = directory / "muster.lock";
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0)
    return make_error(errc::unavailable, "cannot write to the data directory: " + path.string()
                                             + ": " + std::generic_category().message(errno));
  data_lock lock{file};
  if (::flock(file, LOCK_EX | LOCK_NB) != 0)
    return make_error(errc::unavailable,
                      "another server uses the data directory " + directory.string());
  return lock;
}

data_lock::~data_lock() {
  if (file_ >= 0)
    ::close(file_);
}

} // namespace muster
