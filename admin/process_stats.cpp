#include "admin/process_stats.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace muster {

namespace {

double in_seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

void read_memory(process_stats& out) {
  std::ifstream file{"/proc/self/statm"};
  std::uint64_t total = 0;
  std::uint64_t resident = 0;
  if (!(file >> total >> resident))
    return;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  out.virtual_bytes = total * page;
  out.resident_bytes = resident * page;
}

void read_threads(process_stats& out) {
  std::ifstream file{"/proc/self/status"};
  for (std::string word; file >> word;)
    if (word == "Threads:") {
      file >> out.threads;
      return;
    }
}

/// Since Linux 6.2 the size of the folder is the number of descriptors; before, it is 0.
std::uint64_t count_fds() {
  struct stat folder {};
  if (stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0)
    return static_cast<std::uint64_t>(folder.st_size);
  std::error_code failed;
  const std::filesystem::directory_iterator entries{"/proc/self/fd", failed};
  return failed ? 0 : static_cast<std::uint64_t>(std::distance(begin(entries), end(entries)));
}

} // namespace

double read_cpu_seconds() {
  rusage usage{};
  if (getrusage(RUSAGE_SELF, &usage) != 0)
    return 0;
  return in_seconds(usage.ru_utime) + in_seconds(usage.ru_stime);
}

process_stats read_process_stats() {
  process_stats out;
  out.cpu_seconds = read_cpu_seconds();
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
    out.max_fds = limit.rlim_cur;
  out.open_fds = count_fds();
  read_memory(out);
  read_threads(out);
  return out;
}

} // namespace muster
