#include "actors/message_log.hpp"

#include "messages/json_scan.hpp"

#include <algorithm>

namespace muster {

namespace {

// The secrets of the protocol itself are never kept.
constexpr std::string_view always_redacted[] = {"secret", "token"};

bool is_redacted(std::string_view key, const std::vector<std::string>& names) {
  return std::find(std::begin(always_redacted), std::end(always_redacted), key)
             != std::end(always_redacted)
         || std::find(names.begin(), names.end(), key) != names.end();
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// The end of the string that begins at `at` (its opening quote), behind the closing quote.
std::size_t skip_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size(); ++at) {
    if (text[at] == '\\')
      ++at;
    else if (text[at] == '"')
      return at + 1;
  }
  return text.size();
}

std::size_t skip_blanks(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at]))
    ++at;
  return at;
}

// The end of the value that begins at `at`; `text` is checked JSON.
std::size_t skip_value(std::string_view text, std::size_t at) {
  if (at < text.size() && text[at] == '"')
    return skip_string(text, at);
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"') {
      at = skip_string(text, at);
      continue;
    }
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      if (depth == 0)
        return at;
      if (--depth == 0)
        return at + 1;
    } else if (depth == 0 && (c == ',' || is_blank(c))) {
      return at;
    }
    ++at;
  }
  return at;
}

void trim(std::deque<logged_message>& entries, std::size_t most) {
  while (entries.size() > most)
    entries.pop_front();
}

std::string text_of(std::string_view meta, std::string_view key) {
  std::string text;
  json_string(find_member(meta, key), text);
  return text;
}

// Cuts between two code points.
void cut(std::string& text, std::size_t most) {
  if (text.size() <= most)
    return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  text.resize(most);
}

} // namespace

std::string redact(std::string_view json, const std::vector<std::string>& names) {
  std::string out;
  out.reserve(json.size());
  std::string key;
  for (std::size_t at = 0; at < json.size();) {
    if (json[at] != '"') {
      out += json[at++];
      continue;
    }
    const auto end = skip_string(json, at);
    out.append(json.substr(at, end - at));
    const auto colon = skip_blanks(json, end);
    const bool is_key = colon < json.size() && json[colon] == ':';
    if (is_key && json_string(json.substr(at, end - at), key) && is_redacted(key, names)) {
      const auto value = skip_blanks(json, colon + 1);
      out += ":\"***\"";
      at = skip_value(json, value);
    } else {
      at = end;
    }
  }
  return out;
}

void message_log::add(bool incoming, timestamp at, std::string_view payload) {
  logged_message entry{incoming, at, {}, {}, payload.size(), {}};
  if (!check_json(payload)) {
    const auto meta = find_member(payload, "meta");
    entry.id = text_of(meta, "id");
    entry.in_reply_to = text_of(meta, "in_reply_to");
    entry.payload = redact(payload, limits_.redact);
  } else {
    // Whatever it is, it cannot be redacted, so it is not kept.
    entry.payload = "(not JSON)";
  }
  cut(entry.payload, limits_.payload_bytes);
  auto& side = incoming ? in_ : out_;
  side.push_back(std::move(entry));
  trim(side, limits_.messages);
}

void message_log::configure(message_log_limits limits) {
  limits_ = std::move(limits);
  trim(in_, limits_.messages);
  trim(out_, limits_.messages);
}

std::vector<logged_message> message_log::entries() const {
  std::vector<logged_message> all(in_.begin(), in_.end());
  all.insert(all.end(), out_.begin(), out_.end());
  std::stable_sort(all.begin(), all.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return all;
}

} // namespace muster
