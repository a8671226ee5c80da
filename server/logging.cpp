#include "server/logging.hpp"

#include "messages/json_scan.hpp"
#include "messages/time.hpp"
#include "server/recent_incidents.hpp"

#include <spdlog/async.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <string>

namespace muster {
namespace {

/// Lines that may wait for the disk or the terminal; beyond, the oldest are dropped, since a log
/// that stands still must not stop the server.
constexpr std::size_t queued_lines = 8192;

/// One JSON object a line.
class json_lines final : public spdlog::formatter {
public:
  void format(const spdlog::details::log_msg& entry, spdlog::memory_buf_t& out) override {
    std::string line = "{\"time\":\"";
    line += to_rfc3339(std::chrono::time_point_cast<timestamp::duration>(entry.time));
    line += "\",\"level\":\"";
    const auto level = spdlog::level::to_string_view(entry.level);
    line.append(level.data(), level.size());
    line += "\",\"message\":";
    append_json_string(line, {entry.payload.data(), entry.payload.size()});
    line += "}\n";
    out.append(line.data(), line.data() + line.size());
  }
  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_lines>();
  }
};

bool on_terminal(const log_config& settings) {
  return settings.file.empty() && isatty(STDERR_FILENO) == 1;
}

std::shared_ptr<spdlog::sinks::sink> make_sink(const log_config& settings) {
  if (!settings.file.empty())
    return std::make_shared<spdlog::sinks::basic_file_sink_mt>(settings.file);
  if (on_terminal(settings) && std::getenv("NO_COLOR") == nullptr)
    return std::make_shared<spdlog::sinks::stderr_color_sink_mt>();
  return std::make_shared<spdlog::sinks::stderr_sink_mt>();
}

/// The same for every logger of this process.
const std::shared_ptr<recent_incidents>& incidents() {
  static const auto all = std::make_shared<recent_incidents>();
  return all;
}

} // namespace

void set_up_logging(const log_config& settings) {
  if (!spdlog::thread_pool())
    spdlog::init_thread_pool(queued_lines, 1);
  auto sink = make_sink(settings);
  const auto level = spdlog::level::from_str(settings.level);
  sink->set_level(level);
  const auto sinks = {std::move(sink), spdlog::sink_ptr{incidents()}};
  auto logger = std::make_shared<spdlog::async_logger>(
      "muster", sinks, spdlog::thread_pool(), spdlog::async_overflow_policy::overrun_oldest);
  const bool json =
      settings.format == "json" || (settings.format == "auto" && !on_terminal(settings));
  if (json)
    logger->set_formatter(std::make_unique<json_lines>());
  else
    logger->set_pattern("%H:%M:%S.%e %^%-8l%$ %v");
  // Operators are told of warnings, however little the log says.
  logger->set_level(std::min(level, spdlog::level::warn));
  logger->flush_on(spdlog::level::warn);
  spdlog::set_default_logger(std::move(logger));
  spdlog::flush_every(std::chrono::seconds{1});
}

std::vector<incident> logged_incidents() {
  return incidents()->all();
}

void end_logging() {
  spdlog::shutdown();
}

} // namespace muster
