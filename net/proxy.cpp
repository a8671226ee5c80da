#include "net/proxy.hpp"

#include "messages/errc.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>

namespace muster {

namespace {

std::string print_ip(const ip_address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  auto bytes = address.bytes();
  if (address.is_v4())
    inet_ntop(AF_INET, bytes.data() + 12, text, sizeof(text));
  else
    inet_ntop(AF_INET6, bytes.data(), text, sizeof(text));
  return text;
}

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number value{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

std::string_view trim(std::string_view text) {
  auto first = text.find_first_not_of(" \t");
  if (first == text.npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// One who handed the request on, the client first; nothing where that is not told or unreadable.
using hop = std::optional<ip_address>;

/// `ip`, `ip:port`, `[ip]` or `[ip]:port`, and nothing around it.
hop parse_node(std::string_view text) {
  bool bracket = text.starts_with('[');
  auto colon = text.rfind(':');
  bool port = colon != text.npos && (bracket ? text[colon - 1] == ']' : text.find(':') == colon);
  if (port && !parse_number<std::uint16_t>(text.substr(colon + 1)))
    return std::nullopt;
  if (bracket && !port && !text.ends_with(']'))
    return std::nullopt;
  return ip_address::parse_host(text);
}

void add_listed(std::string_view value, std::vector<hop>& hops) {
  for (;;) {
    auto comma = value.find(',');
    if (auto node = trim(value.substr(0, comma)); !node.empty())
      hops.push_back(parse_node(node));
    if (comma == value.npos)
      return;
    value.remove_prefix(comma + 1);
  }
}

/// Cuts `text` at the next of `marks` that is outside of quotes and takes the quotes off; `mark`
/// becomes the one found, 0 at the end. Nothing when a quote is left open.
std::optional<std::string> take_part(std::string_view& text, std::string_view marks, char& mark) {
  std::string part;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < text.size(); ++i) {
    if (text[i] == '"')
      quoted = !quoted;
    else if (quoted && text[i] == '\\' && i + 1 < text.size())
      part += text[++i];
    else if (!quoted && marks.find(text[i]) != marks.npos)
      break;
    else
      part += text[i];
  }
  if (quoted)
    return std::nullopt;
  mark = i < text.size() ? text[i] : '\0';
  text.remove_prefix(std::min(text.size(), i + 1));
  return part;
}

/// `for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"`: a hop for every element.
void add_forwarded(std::string_view value, std::vector<hop>& hops) {
  hop current;
  bool blank = true;
  for (;;) {
    char mark = '\0';
    auto name = take_part(value, "=,;", mark);
    if (name && mark == '=') {
      auto node = take_part(value, ",;", mark);
      if (!node) {
        hops.emplace_back();
        return;
      }
      auto key = trim(*name);
      if (key.size() == 3 && (key[0] | 0x20) == 'f' && (key[1] | 0x20) == 'o'
          && (key[2] | 0x20) == 'r')
        current = parse_node(trim(*node));
    }
    blank = blank && name && trim(*name).empty() && mark != ';';
    if (!name || mark == ',' || mark == '\0') {
      if (!blank)
        hops.push_back(current);
      current.reset();
      blank = true;
    }
    if (!name || mark == '\0')
      return;
  }
}

// ---- PROXY protocol ----
//
//   version 1: "PROXY" SP ( "TCP4" | "TCP6" ) SP source SP destination SP port SP port CRLF
//              "PROXY UNKNOWN" … CRLF                       at most 107 bytes
//   version 2: 12 bytes of signature, version and command, family, 2 bytes of length, addresses

constexpr std::string_view v1_signature = "PROXY ";
constexpr std::size_t v1_longest = 107;
constexpr std::string_view v2_signature{"\r\n\r\n\0\r\nQUIT\n", 12};
constexpr std::size_t v2_fixed = 16;
constexpr std::size_t v2_longest = 4096;

proxy_header bad_header() {
  return {.state = proxy_header::outcome::bad, .consumed = 0, .source = {}, .destination = {}};
}

proxy_header done_header(std::size_t consumed) {
  return {
      .state = proxy_header::outcome::done, .consumed = consumed, .source = {}, .destination = {}};
}

std::optional<endpoint> parse_endpoint(std::string_view ip, std::string_view port, bool v6) {
  auto address = ip_address::parse(ip);
  auto number = parse_number<std::uint16_t>(port);
  bool looks_v6 = ip.find(':') != ip.npos && ip.front() != '[';
  if (!address || !number || looks_v6 != v6)
    return std::nullopt;
  return endpoint{print_ip(*address), *number};
}

proxy_header parse_v1(std::string_view bytes) {
  auto end = bytes.substr(0, v1_longest).find("\r\n");
  if (end == bytes.npos)
    return bytes.size() < v1_longest ? proxy_header{} : bad_header();
  auto line = bytes.substr(v1_signature.size(), end - v1_signature.size());
  auto result = done_header(end + 2);
  if (line == "UNKNOWN" || line.starts_with("UNKNOWN "))
    return result;
  std::vector<std::string_view> words;
  for (std::size_t from = 0; from <= line.size();) {
    auto space = std::min(line.find(' ', from), line.size());
    words.push_back(line.substr(from, space - from));
    from = space + 1;
  }
  if (words.size() != 5 || (words[0] != "TCP4" && words[0] != "TCP6"))
    return bad_header();
  bool v6 = words[0] == "TCP6";
  result.source = parse_endpoint(words[1], words[3], v6);
  result.destination = parse_endpoint(words[2], words[4], v6);
  return result.source && result.destination ? result : bad_header();
}

endpoint read_endpoint(std::string_view bytes, std::size_t address, int family, std::size_t port) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, bytes.data() + address, text, sizeof(text));
  auto high = static_cast<unsigned char>(bytes[port]);
  auto low = static_cast<unsigned char>(bytes[port + 1]);
  return {text, static_cast<std::uint16_t>(high << 8 | low)};
}

proxy_header parse_v2(std::string_view bytes) {
  if (bytes.size() < v2_fixed)
    return {};
  auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  auto command = byte(12);
  auto family = byte(13);
  auto length = static_cast<std::size_t>(byte(14) << 8 | byte(15));
  if ((command >> 4) != 2 || (command & 0xf) > 1 || length > v2_longest)
    return bad_header();
  if (bytes.size() < v2_fixed + length)
    return {};
  auto result = done_header(v2_fixed + length);
  // LOCAL, and families without IP addresses: there is nothing to believe.
  if ((command & 0xf) == 0 || (family != 0x11 && family != 0x21))
    return result;
  std::size_t size = family == 0x11 ? 4 : 16;
  if (length < 2 * size + 4)
    return bad_header();
  int kind = size == 4 ? AF_INET : AF_INET6;
  result.source = read_endpoint(bytes, v2_fixed, kind, v2_fixed + 2 * size);
  result.destination = read_endpoint(bytes, v2_fixed + size, kind, v2_fixed + 2 * size + 2);
  return result;
}

} // namespace

caf::expected<address_set> address_set::parse(const std::vector<std::string>& blocks) {
  address_set result;
  for (auto& text : blocks) {
    auto parsed = ip_network::parse(trim(text));
    if (!parsed)
      return make_error(errc::bad_request, "'" + text + "' is no IP address and no CIDR block");
    result.blocks_.push_back(*parsed);
  }
  return result;
}

bool address_set::contains(std::string_view ip) const {
  auto address = ip_address::parse(ip);
  return address && std::any_of(blocks_.begin(), blocks_.end(), [&](const ip_network& block) {
           return block.contains(*address);
         });
}

std::string forwarded_for(const std::vector<std::string_view>& x_forwarded_for,
                          const std::vector<std::string_view>& forwarded, std::string_view peer_ip,
                          const address_set& trusted) {
  if (!trusted.contains(peer_ip))
    return {};
  // Proxies that know only the older header pass a client's own `Forwarded` on unread, so where
  // both are there the older one is the proxy's.
  std::vector<hop> hops;
  for (auto value : x_forwarded_for)
    add_listed(value, hops);
  if (x_forwarded_for.empty())
    for (auto value : forwarded)
      add_forwarded(value, hops);
  // Each hop was written by the one right of it, who is trusted up to the first stranger. What
  // stands left of something unreadable may be anybody's.
  std::string client;
  for (auto i = hops.rbegin(); i != hops.rend() && *i; ++i) {
    client = print_ip(**i);
    if (!trusted.contains(client))
      break;
  }
  return client;
}

proxy_header parse_proxy_header(std::string_view bytes) {
  auto begins_like = [&](std::string_view signature) {
    auto common = std::min(bytes.size(), signature.size());
    return bytes.substr(0, common) == signature.substr(0, common);
  };
  if (begins_like(v1_signature))
    return bytes.size() < v1_signature.size() ? proxy_header{} : parse_v1(bytes);
  if (begins_like(v2_signature))
    return parse_v2(bytes);
  return bad_header();
}

} // namespace muster
