#include "net/frame_scanner.hpp"

#include <algorithm>

namespace muster {

bool frame_scanner::begin_frame() {
  left_ = header_.length();
  if (header_.is_control())
    return true;
  ++fragments_;
  const bool few = fragments_ <= most_fragments;
  if (header_.is_final())
    fragments_ = 0;
  return few;
}

bool frame_scanner::read(std::string_view text) {
  for (std::span bytes{text.data(), text.size()}; !bytes.empty();) {
    if (left_ != 0) {
      const auto skipped = std::min<std::uint64_t>(left_, bytes.size());
      left_ -= skipped;
      bytes = bytes.subspan(static_cast<std::size_t>(skipped));
    } else if (header_.read(bytes)) {
      header_.clear();
      if (!begin_frame())
        return false;
    }
  }
  return true;
}

} // namespace muster
