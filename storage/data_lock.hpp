#pragma once

#include <caf/expected.hpp>

#include <filesystem>

namespace muster {

/// Keeps a data directory for one server. The kernel lets go of it when the process ends, however
/// it ends.
class data_lock {
public:
  /// Fails when another server has the directory, or when it cannot be written to.
  static caf::expected<data_lock> take(const std::filesystem::path& directory);

  /// Whether a server has the directory now; an error when that may not be asked.
  static caf::expected<bool> is_held(const std::filesystem::path& directory);

  data_lock(data_lock&& other) noexcept : file_{other.file_} { other.file_ = -1; }
  data_lock& operator=(data_lock&&) = delete;
  data_lock(const data_lock&) = delete;
  ~data_lock();

private:
  explicit data_lock(int file) : file_{file} {}
  int file_;
};

} // namespace muster
