#pragma once

#include "bench/wsload/options.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace muster::bench {

/// The marker travels inside the payload and is looked for in whatever comes back, whichever
/// protocol wraps it: "~WSL" and the send time as 16 hex digits.
inline constexpr std::string_view marker_tag = "~WSL";
inline constexpr std::size_t marker_size = 20;

void put_marker(std::string& out, std::int64_t sent_at);

/// The time in the 16 digits of a marker.
std::int64_t marker_time(const char* digits);

/// Calls `visit` with the send time of each marker in the text.
template <class Visit>
void each_marker(std::string_view text, Visit&& visit) {
  while (text.size() >= marker_size) {
    const auto at = text.find('~');
    if (at == std::string_view::npos || text.size() - at < marker_size)
      return;
    text.remove_prefix(at);
    const bool marker = text.starts_with(marker_tag);
    if (marker)
      visit(marker_time(text.data() + marker_tag.size()));
    text.remove_prefix(marker ? marker_size : 1);
  }
}

/// What the places of a template are filled with.
struct template_values {
  std::uint32_t i = 0;  // number of the connection
  std::uint64_t id = 0; // number of the request on its connection, from 1
  std::int64_t sent_at = 0;
  std::string_view cap, rid; // captured in the greeting; captured in the frame being answered
  std::string_view target;   // whom an HTTP request is about
};

/// A text with places such as {id} in it.
class text_template {
public:
  text_template() = default;
  text_template(std::string_view text, const options& settings);

  void render(std::string& out, const template_values& values) const;

private:
  enum class kind { literal, i, id, ts, cap, rid, target };
  struct segment {
    kind what;
    std::string text;
  };

  std::vector<segment> segments_;
};

/// The text after `prefix`, up to the next quote or other end of a JSON value.
std::string_view after(std::string_view text, std::string_view prefix);

} // namespace muster::bench
