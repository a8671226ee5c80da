#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

using timestamp = std::chrono::system_clock::time_point;
using deadline = std::chrono::steady_clock::time_point;
using duration = std::chrono::steady_clock::duration;

/// A span of seconds with a fraction, as configuration and requests have it.
using seconds = std::chrono::duration<double>;

/// `span` seconds on the clock of deadlines.
inline duration to_duration(double span) {
  return std::chrono::duration_cast<duration>(seconds{span});
}

/// RFC 3339 UTC with microseconds: `2026-11-23T18:52:25.978086Z`.
std::string to_rfc3339(timestamp time);

/// The wire's form: the same without the zone.
std::string to_wire_time(timestamp time);
void append_wire_time(std::string& out, timestamp time);

/// Parses RFC 3339 with any offset and up to nine digits of a second.
std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace muster
