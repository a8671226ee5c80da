#pragma once

#include <cstdint>
#include <string>

namespace muster {

/// Raises the limit of open files as far as it goes, and gives it.
std::uint64_t raise_file_limit();

/// Gives memory that is free back to the system. Takes milliseconds for a hundred megabytes, and
/// whoever allocates meanwhile may have to wait for it.
void return_free_memory();

/// Tells systemd about the state of a service of `Type=notify` (sd_notify(3)), such as `READY=1`;
/// nothing happens without systemd.
void notify_service_manager(const std::string& state);

} // namespace muster
