// path    = [ "/zato" ] "/pubsub" [ "/subscribe" ] "/topic/" topic
// topic   = the rest of the path, slashes and all, percent-encoded or not

#include "net/pubsub_request.hpp"

#include "messages/errc.hpp"
#include "messages/json_field.hpp"
#include "messages/json_scan.hpp"
#include "messages/topic_edit.hpp"
#include "net/http_head.hpp"
#include "net/uri.hpp"

#include <sodium.h>

#include <charconv>

namespace muster {

namespace {

constexpr std::uint32_t usual_pull = 500;
constexpr std::uint32_t largest_pull = 1000;

struct pubsub_path {
  bool subscribes = false;
  /// As it stands.
  std::string_view topic;
};

bool drop_prefix(std::string_view& text, std::string_view prefix) {
  const bool there = text.starts_with(prefix);
  if (there)
    text.remove_prefix(prefix.size());
  return there;
}

std::optional<pubsub_path> take_apart(std::string_view path) {
  pubsub_path found;
  drop_prefix(path, "/zato");
  if (!drop_prefix(path, "/pubsub"))
    return std::nullopt;
  found.subscribes = drop_prefix(path, "/subscribe");
  if (!drop_prefix(path, "/topic/") || path.empty())
    return std::nullopt;
  found.topic = path;
  return found;
}

std::optional<pubsub_verb> verb_of(const pubsub_path& path, std::string_view method) {
  if (method == "POST")
    return path.subscribes ? pubsub_verb::subscribe : pubsub_verb::publish;
  if (method == "PATCH" && !path.subscribes)
    return pubsub_verb::pull;
  if (method == "DELETE" && path.subscribes)
    return pubsub_verb::unsubscribe;
  return std::nullopt;
}

/// Who writes a topic into a path easily leaves out the slash that it begins with.
std::vector<std::string> possible_names(std::string name) {
  std::vector<std::string> names;
  if (!name.starts_with('/') && is_topic_name('/' + name))
    names.push_back('/' + name);
  if (is_topic_name(name))
    names.insert(names.begin(), std::move(name));
  return names;
}

std::optional<http_credentials::login> read_basic(std::string_view header) {
  constexpr std::string_view scheme = "basic ";
  if (header.size() <= scheme.size() || !same_letters(header.substr(0, scheme.size()), scheme))
    return std::nullopt;
  header.remove_prefix(scheme.size());
  std::string text(header.size(), '\0');
  std::size_t size = 0;
  if (sodium_base642bin(reinterpret_cast<unsigned char*>(text.data()), text.size(), header.data(),
                        header.size(), " ", &size, nullptr, sodium_base64_VARIANT_ORIGINAL)
      != 0)
    return std::nullopt;
  text.resize(size);
  const auto colon = text.find(':');
  if (colon == 0 || colon == std::string::npos)
    return std::nullopt;
  return http_credentials::login{text.substr(0, colon), text.substr(colon + 1)};
}

} // namespace

std::string_view pubsub_methods(std::string_view path) {
  const auto found = take_apart(path);
  if (!found)
    return {};
  return found->subscribes ? "POST, DELETE" : "POST, PATCH";
}

caf::expected<pubsub_target> read_pubsub_target(const http_request& request) {
  const auto path = take_apart(request.path);
  if (!path)
    return make_error(errc::not_found, "There is nothing at this path");
  const auto verb = verb_of(*path, request.method);
  if (!verb)
    return make_error(errc::method_not_allowed,
                      "Allowed here: " + std::string{pubsub_methods(request.path)});
  auto name = percent_decode(path->topic);
  const auto query = parse_query(request.query);
  if (!name || !query)
    return make_error(errc::bad_request, "The path or the query string has a broken escape");
  pubsub_target target{*verb, possible_names(std::move(*name)), {}};
  if (target.names.empty())
    return make_error(errc::bad_request, "No topic can have this name");
  for (const auto& [key, value] : *query)
    if (key == "channel")
      target.channel = value;
  return target;
}

http_credentials read_credentials(const http_request& request) {
  http_credentials found;
  found.basic = read_basic(request.header("authorization"));
  found.key = request.header("x-api-key");
  return found;
}

caf::error check_object(std::string_view body) {
  struct : json_member_sink {
    void member(std::string_view, std::string_view) override {}
  } nothing;
  if (const auto fault = scan_object(body, nothing))
    return make_error(errc::bad_request,
                      "The body must be a JSON object: " + std::string{fault.what} + " (at byte "
                          + std::to_string(fault.offset) + ')');
  return caf::none;
}

caf::expected<std::uint32_t> read_pull_limit(std::string_view body) {
  if (body.empty())
    return usual_pull;
  if (auto fault = check_object(body))
    return fault;
  const auto value = find_member(body, "max_messages");
  if (value.empty() || value == "null")
    return usual_pull;
  std::uint32_t limit = 0;
  const auto* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, limit);
  if (read.ec != std::errc{} || read.ptr != end || limit < 1 || limit > largest_pull)
    return wrong_field("max_messages", "must be a whole number between 1 and 1000");
  return limit;
}

} // namespace muster
