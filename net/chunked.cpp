#include "net/chunked.hpp"

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

constexpr std::size_t longest_line = 4096;
constexpr std::size_t max_overhead = 16384;

enum class line_state : std::uint8_t { none, whole, bad };

/// The line at the beginning of `bytes`, without its CRLF; no other control characters within.
line_state read_line(std::string_view bytes, std::string_view& line) {
  auto end = std::find_if(bytes.begin(), bytes.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && byte != '\t') || byte == 0x7f;
  });
  auto length = static_cast<std::size_t>(end - bytes.begin());
  if (length > longest_line)
    return line_state::bad;
  if (bytes.size() - length >= 2 && bytes[length] == '\r' && bytes[length + 1] == '\n') {
    line = bytes.substr(0, length);
    return line_state::whole;
  }
  bool unfinished = length == bytes.size() || (bytes.size() - length == 1 && bytes[length] == '\r');
  return unfinished ? line_state::none : line_state::bad;
}

/// The hexadecimal size before any extension.
bool read_size(std::string_view line, std::size_t& size) {
  auto text = line.substr(0, line.find_first_of(" \t;"));
  auto rest = line.substr(text.size());
  auto extension = rest.find_first_not_of(" \t");
  if (extension != rest.npos && rest[extension] != ';')
    return false;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size, 16);
  return !text.empty() && error == std::errc{} && end == text.data() + text.size();
}

} // namespace

chunked_reader::outcome chunked_reader::take(std::string_view bytes, std::string& body,
                                             std::size_t limit, std::size_t& consumed) {
  consumed = 0;
  while (part_ != part::done) {
    auto rest = bytes.substr(consumed);
    if (part_ == part::data) {
      auto some = std::min(left_, rest.size());
      body.append(rest.substr(0, some));
      consumed += some;
      left_ -= some;
      if (left_ > 0)
        return outcome::need_more;
      part_ = part::data_end;
      continue;
    }
    std::string_view line;
    auto found = read_line(rest, line);
    if (found != line_state::whole)
      return found == line_state::bad ? outcome::bad : outcome::need_more;
    consumed += line.size() + 2;
    if (part_ == part::data_end) {
      if (!line.empty())
        return outcome::bad;
      part_ = part::size;
    } else if (part_ == part::size) {
      if (!read_size(line, left_))
        return outcome::bad;
      if (left_ > limit - std::min(limit, body.size()))
        return outcome::too_large;
      part_ = left_ == 0 ? part::trailer : part::data;
      overhead_ += line.size();
    } else {
      overhead_ += line.size() + 2;
      if (line.empty())
        part_ = part::done;
    }
    if (overhead_ > max_overhead + body.size())
      return outcome::bad;
  }
  return outcome::done;
}

void append_chunk(std::string& out, std::string_view bytes) {
  if (bytes.empty())
    return;
  char size[16];
  auto end = std::to_chars(size, size + sizeof(size), bytes.size(), 16).ptr;
  out.append(size, end).append("\r\n").append(bytes).append("\r\n");
}

} // namespace muster
