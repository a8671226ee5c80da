#include "messages/envelope.hpp"

#include "messages/errc.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace muster {

namespace {

/// Takes the members of `meta`; the first that does not fit is remembered.
class meta_sink final : public json_member_sink {
public:
  explicit meta_sink(client_envelope& out) : out_{out} {}

  void member(std::string_view key, std::string_view value) override {
    const auto fits = take(key, value == "null" ? std::string_view{} : value);
    if (!fits && wrong_.empty())
      wrong_ = key;
  }
  const std::string& wrong() const { return wrong_; }

private:
  bool take(std::string_view key, std::string_view value) {
    if (key == "id")
      return text(value, out_.id);
    if (key == "action")
      return action(value);
    if (key == "timestamp")
      return timestamp(value);
    if (key == "token")
      return text(value, out_.token);
    if (key == "in_reply_to")
      return text(value, out_.in_reply_to);
    if (key == "client_id")
      return text(value, out_.client_id);
    if (key == "client_name")
      return client_name(value);
    if (key == "attrs")
      return text(value, out_.attrs);
    if (key == "username")
      return text(value, out_.username);
    if (key == "secret")
      return text(value, out_.secret);
    if (key == "status")
      return status(value);
    return key != "ctx" || context(value);
  }

  static bool text(std::string_view value, std::string& to) {
    to.clear();
    return value.empty() || json_string(value, to);
  }
  bool timestamp(std::string_view value) {
    out_.has_timestamp = value.size() > 2;
    return value.empty() || value.front() == '"';
  }
  bool action(std::string_view value) {
    using enum client_action;
    std::string name;
    if (!text(value, name))
      return false;
    if (value.empty() || name == "client-response")
      out_.action = client_response;
    else
      out_.action = name == "create-session" ? create_session : invoke_service;
    return true;
  }
  bool status(std::string_view value) {
    out_.status.reset();
    if (value.empty())
      return true;
    auto number = 0;
    const auto* const end = value.data() + value.size();
    const auto result = std::from_chars(value.data(), end, number);
    if (result.ec != std::errc{} || result.ptr != end)
      return false;
    out_.status = number;
    return true;
  }
  bool client_name(std::string_view value);
  bool context(std::string_view value);

  client_envelope& out_;
  std::string wrong_;
};

/// The members of a `client_name` that is an object, as texts.
class name_parts final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view value) override {
    std::string text;
    if (!json_string(value, text))
      text = value;
    const auto same = std::find_if(parts_.begin(), parts_.end(),
                                   [&](const auto& part) { return part.first == key; });
    if (same != parts_.end())
      same->second = std::move(text);
    else
      parts_.emplace_back(key, std::move(text));
  }
  std::string joined() {
    std::sort(parts_.begin(), parts_.end());
    std::string out;
    for (const auto& [key, text] : parts_)
      out += (out.empty() ? "" : "; ") + key + ": " + text;
    return out;
  }

private:
  std::vector<std::pair<std::string, std::string>> parts_;
};

bool meta_sink::client_name(std::string_view value) {
  if (text(value, out_.client_name))
    return true;
  name_parts parts;
  if (scan_object(value, parts))
    return false;
  out_.client_name = parts.joined();
  return true;
}

bool read_texts(std::string_view value, std::vector<std::string>& out) {
  out.clear();
  if (value.empty() || value == "null")
    return true;
  if (value.front() != '[')
    return false;
  for (const auto element : json_elements(value))
    if (!json_string(element, out.emplace_back()))
      return false;
  return true;
}

bool meta_sink::context(std::string_view value) {
  out_.reply_to_sk.clear();
  out_.deliver_to_sk.clear();
  return value.empty()
         || (value.front() == '{' && read_texts(find_member(value, "reply_to_sk"), out_.reply_to_sk)
             && read_texts(find_member(value, "deliver_to_sk"), out_.deliver_to_sk));
}

/// The two members of an envelope that matter.
class envelope_sink final : public json_member_sink {
public:
  explicit envelope_sink(client_envelope& out) : out_{out} {}

  json_member_sink* within(std::string_view key) override {
    if (key != "meta")
      return nullptr;
    // A later one takes the place of an earlier one as a whole.
    if (meta_)
      out_ = {};
    meta_.emplace(out_);
    return &*meta_;
  }
  void member(std::string_view key, std::string_view value) override {
    if (key == "meta")
      meta_text = value;
    else if (key == "data")
      data = value;
  }
  bool has_meta() const { return meta_text.starts_with('{'); }
  const std::string& wrong() const { return meta_->wrong(); }

  /// Of the last one that was read to its end.
  std::string_view meta_text;
  std::string_view data = "null";

private:
  client_envelope& out_;
  std::optional<meta_sink> meta_;
};

std::string describe(const json_fault& found) {
  return "The message is not valid: " + std::string{found.what} + " at byte "
         + std::to_string(found.offset);
}

/// The id in a `meta` that has been checked; empty when there is none.
std::string id_of(std::string_view meta) {
  std::string id;
  json_string(find_member(meta, "id"), id);
  return id;
}

} // namespace

bool parse_envelope(std::string_view text, client_envelope& out, envelope_fault& fault) {
  envelope_sink parts{out};
  if (const auto found = scan_object(text, parts)) {
    fault.what = describe(found);
    fault.too_deep = found.what == nested_too_deeply;
    fault.id = id_of(parts.meta_text);
  } else if (!parts.has_meta()) {
    fault.what = "The message has no object 'meta'";
  } else if (!parts.wrong().empty()) {
    fault.what = "The field 'meta." + parts.wrong() + "' has a wrong type";
    fault.id = out.id;
  }
  out.data = parts.data;
  return fault.what.empty();
}

caf::expected<labels> parse_labels(std::string_view attrs) {
  const auto trim = [](std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r");
    if (first == std::string_view::npos)
      return std::string_view{};
    return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
  };
  labels out;
  while (!attrs.empty()) {
    const auto length = std::min(attrs.find_first_of(";\n"), attrs.size());
    const auto part = trim(attrs.substr(0, length));
    attrs.remove_prefix(std::min(length + 1, attrs.size()));
    if (part.empty() || part.front() == '#')
      continue;
    const auto mark = part.find('=');
    const auto key = trim(part.substr(0, mark));
    if (mark == std::string_view::npos || key.empty())
      return make_error(errc::bad_request, "The field 'meta.attrs' is not made of key=value pairs");
    out.emplace_back(key, trim(part.substr(mark + 1)));
  }
  const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
  std::stable_sort(out.begin(), out.end(), by_key);
  // Of pairs with the same key the last one counts.
  labels unique;
  for (auto& pair : out) {
    if (!unique.empty() && unique.back().first == pair.first)
      unique.back() = std::move(pair);
    else
      unique.push_back(std::move(pair));
  }
  return unique;
}

client_answer unwrap_answer(std::string_view data) {
  if (!data.starts_with('{'))
    return {data, false};
  const auto [response, error] = find_members(data, {"response", "error"});
  if (response.empty())
    return {data, false};
  return {response, !is_empty_json(error)};
}

} // namespace muster
