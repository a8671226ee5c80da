#include "net/http_head.hpp"

#include <algorithm>
#include <charconv>

// Heads of HTTP/1.1 requests (RFC 9112, field syntax of RFC 9110):
//
//   head    = request-line CRLF *( field CRLF ) CRLF
//   request = method SP target SP "HTTP/1." ( "0" / "1" )
//   field   = token ":" OWS value OWS
//
// One empty line may stand before the request line. Obsolete folding, bare CR or LF, NUL and other
// control characters, blanks before the colon, and anything unclear about the length of the body
// are refused.

namespace muster {

namespace {

constexpr std::size_t max_fields = 100;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool among(char c, std::string_view set) {
  return set.find(c) != std::string_view::npos;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return is_alnum(c) || among(c, "!#$%&'*+-.^_`|~");
  });
}

bool is_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
  });
}

/// RFC 3986: segments of pchar; each `%` has its two digits.
bool is_path(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))
        return false;
    } else if (!is_alnum(text[i]) && !among(text[i], "/-._~!$&'()*+,;=:@")) {
      return false;
    }
  }
  return true;
}

/// More than RFC 3986 has: browsers leave some of it as it is.
bool is_query(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
}

bool is_host(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return is_alnum(c) || among(c, "-._~%!$&'()*+;=:[]"); });
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && among(text.front(), " \t"))
    text.remove_prefix(1);
  while (!text.empty() && among(text.back(), " \t"))
    text.remove_suffix(1);
  return text;
}

/// What is wrong, and the status that says so.
struct fault {
  std::uint16_t status = 0;
  std::string_view reason;
  explicit operator bool() const { return status != 0; }
};

fault read_target(std::string_view target, http_head& head) {
  if (target == "*") {
    head.path = target;
    return head.method == "OPTIONS" ? fault{} : fault{400, "bad request target"};
  }
  // The absolute form (RFC 9112 section 3.2.2) means the path behind the authority.
  if (!target.empty() && target.front() != '/') {
    auto scheme = target.find("://");
    if (scheme == target.npos || !is_token(target.substr(0, scheme)))
      return {400, "bad request target"};
    target.remove_prefix(scheme + 3);
    auto authority = target.substr(0, target.find_first_of("/?"));
    if (authority.empty() || !is_host(authority))
      return {400, "bad request target"};
    target.remove_prefix(authority.size());
  }
  auto question = target.find('?');
  auto path = target.substr(0, question);
  auto query = question == target.npos ? std::string_view{} : target.substr(question + 1);
  if (!is_path(path) || !is_query(query))
    return {400, "bad character in the request target"};
  head.path = path.empty() ? "/" : path;
  head.query = query;
  return {};
}

fault read_request_line(std::string_view line, http_head& head) {
  auto first = line.find(' ');
  auto last = line.rfind(' ');
  if (first == line.npos || first == last)
    return {400, "bad request line"};
  auto method = line.substr(0, first);
  auto target = line.substr(first + 1, last - first - 1);
  auto version = line.substr(last + 1);
  if (!is_token(method) || target.empty())
    return {400, "bad request line"};
  if (version.size() != 8 || !version.starts_with("HTTP/") || !is_digit(version[5])
      || version[6] != '.' || !is_digit(version[7]))
    return {400, "bad protocol version"};
  if (version[5] != '1')
    return {505, "unsupported protocol version"};
  head.minor_version = version[7] == '0' ? 0 : 1;
  head.method = method;
  return read_target(target, head);
}

fault read_field(std::string_view line, http_head& head) {
  if (among(line.front(), " \t"))
    return {400, "obsolete line folding"};
  auto colon = line.find(':');
  if (colon == line.npos || !is_token(line.substr(0, colon)))
    return {400, "bad header name"};
  auto value = trim(line.substr(colon + 1));
  if (!is_value(value))
    return {400, "bad character in a header"};
  if (head.headers.size() == max_fields)
    return {431, "too many headers"};
  std::string name{line.substr(0, colon)};
  std::transform(name.begin(), name.end(), name.begin(), lower);
  head.headers.emplace_back(std::move(name), value);
  return {};
}

fault check_host(const http_head& head) {
  auto hosts = head.count("host");
  if (hosts > 1)
    return {400, "more than one Host"};
  if (hosts == 0 && head.minor_version > 0)
    return {400, "no Host"};
  if (!is_host(head.header("host")))
    return {400, "bad Host"};
  return {};
}

/// How long the body is (RFC 9112 section 6).
fault check_length(http_head& head) {
  auto lengths = head.count("content-length");
  auto codings = head.count("transfer-encoding");
  if (lengths > 1)
    return {400, "more than one Content-Length"};
  if (lengths > 0 && codings > 0)
    return {400, "Content-Length with Transfer-Encoding"};
  if (codings > 0) {
    if (head.minor_version == 0)
      return {400, "Transfer-Encoding in HTTP/1.0"};
    if (codings > 1)
      return {400, "more than one Transfer-Encoding"};
    if (!same_letters(head.header("transfer-encoding"), "chunked"))
      return {501, "unknown Transfer-Encoding"};
    head.chunked = true;
  }
  if (lengths > 0) {
    auto text = head.header("content-length");
    std::uint64_t length = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size())
      return {400, "bad Content-Length"};
    head.content_length = length;
  }
  return {};
}

/// `text` has whole lines only, each with its CRLF, without the empty one at the end.
fault read_lines(std::string_view text, http_head& head) {
  bool first = true;
  while (!text.empty()) {
    auto end = text.find("\r\n");
    auto line = text.substr(0, end);
    text.remove_prefix(end + 2);
    if (auto wrong = first ? read_request_line(line, head) : read_field(line, head))
      return wrong;
    first = false;
  }
  if (auto wrong = check_host(head))
    return wrong;
  return check_length(head);
}

head_result bad(fault why) {
  head_result result;
  result.state = head_result::outcome::bad;
  result.status = why.status;
  result.reason = why.reason;
  return result;
}

/// Looks at the bytes that came since the last call: the end of the head, or a byte that no head
/// has.
struct scan_result {
  std::size_t end = 0;
  fault wrong;
};

scan_result scan(std::string_view bytes, std::size_t start, std::size_t scanned) {
  for (auto i = std::max(scanned, start); i < bytes.size(); ++i) {
    if (bytes[i] == '\0')
      return {0, {400, "NUL in the head"}};
    if (bytes[i] == '\n') {
      if (i == start || bytes[i - 1] != '\r')
        return {0, {400, "line feed without carriage return"}};
      if (i - start >= 3 && bytes[i - 2] == '\n')
        return {i + 1, {}};
    } else if (i > start && bytes[i - 1] == '\r') {
      return {0, {400, "carriage return without line feed"}};
    }
  }
  return {};
}

} // namespace

head_result parse_http_head(std::string_view bytes, std::size_t scanned) {
  std::size_t start = bytes.starts_with("\r\n") ? 2 : 0;
  auto text = bytes.substr(0, max_http_head);
  if (text == "\r")
    return {};
  auto [end, wrong] = scan(text, start, scanned);
  if (wrong)
    return bad(wrong);
  head_result result;
  if (end == 0) {
    if (text.size() == max_http_head)
      return bad({431, "the head is too long"});
    result.scanned = text.size();
    return result;
  }
  if (auto fault = read_lines(text.substr(start, end - 2 - start), result.head))
    return bad(fault);
  result.state = head_result::outcome::done;
  result.consumed = end;
  return result;
}

std::string_view http_head::header(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (key == name)
      return value;
  return {};
}

std::size_t http_head::count(std::string_view name) const {
  return static_cast<std::size_t>(std::count_if(
      headers.begin(), headers.end(), [name](auto& field) { return field.first == name; }));
}

bool http_head::has_token(std::string_view name, std::string_view token) const {
  for (auto& [key, value] : headers) {
    if (key != name)
      continue;
    std::string_view rest = value;
    while (!rest.empty()) {
      auto comma = rest.find(',');
      if (same_letters(trim(rest.substr(0, comma)), token))
        return true;
      rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
    }
  }
  return false;
}

bool http_head::keeps_alive() const {
  if (has_token("connection", "close"))
    return false;
  return minor_version > 0 || has_token("connection", "keep-alive");
}

bool is_header_name(std::string_view text) {
  return is_token(text);
}

bool same_letters(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

} // namespace muster
