#include "bench/wsload/process_use.hpp"

#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>

#include <sys/resource.h>

namespace muster::bench {
namespace {

std::string slurp(const std::string& path) {
  std::string out;
  if (std::FILE* file = std::fopen(path.c_str(), "r")) {
    char part[4096];
    for (std::size_t n; (n = std::fread(part, 1, sizeof part, file)) > 0;)
      out.append(part, n);
    std::fclose(file);
  }
  return out;
}

std::int64_t field_kb(const std::string& text, const char* name) {
  const auto at = text.find(name);
  if (at == std::string::npos)
    return 0;
  return std::strtoll(text.c_str() + at + std::strlen(name), nullptr, 10);
}

double seconds(timeval time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

} // namespace

process_use measure_use(const std::vector<int>& pids) {
  process_use use;
  for (const int pid : pids) {
    const auto base = "/proc/" + std::to_string(pid);
    use.rss_kb += field_kb(slurp(base + "/status"), "VmRSS:");
    std::error_code gone;
    for (const auto& task : std::filesystem::directory_iterator(base + "/task", gone))
      use.cpu_s += std::strtod(slurp(task.path() / "schedstat").c_str(), nullptr) / 1e9;
  }
  return use;
}

double own_cpu_s() {
  rusage use;
  ::getrusage(RUSAGE_SELF, &use);
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

std::int64_t kernel_slab_kb() {
  return field_kb(slurp("/proc/meminfo"), "Slab:");
}

} // namespace muster::bench
