#pragma once

#include <span>
#include <string_view>

namespace muster {

/// A file of the built dashboard. All of it lives as long as the program.
struct asset {
  /// Below `dashboard/dist`: `index.html`, `assets/NAME`.
  std::string_view path;
  std::string_view media_type;
  std::string_view bytes;
  /// The same, compressed; empty where that gains nothing.
  std::string_view gzip;
  /// SHA-256 of the bytes, in hex.
  std::string_view digest;
};

/// The files that the program carries in itself.
std::span<const asset> dashboard_assets();

/// Null when there is no such file.
const asset* find_asset(std::string_view path);

} // namespace muster
