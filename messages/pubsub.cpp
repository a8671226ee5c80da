// Requests of clients about topics, as JSON.

#include "messages/pubsub.hpp"

#include "messages/errc.hpp"
#include "messages/json_field.hpp"
#include "messages/json_scan.hpp"

#include <charconv>
#include <cmath>

namespace muster {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_text = 1024;
constexpr std::uint32_t largest_batch = 1000;

bool is_absent(std::string_view json) {
  return json.empty() || json == "null";
}

/// The members of a request, one by one; the first fault stays.
class request {
public:
  explicit request(std::string_view json) : json_{json} {}

  const caf::error& fault() const { return fault_; }

  void text(std::string_view name, std::string& out, std::size_t longest = longest_text) {
    const auto value = find_member(json_, name);
    if (is_absent(value))
      return;
    if (!json_string(value, out) || out.size() > longest)
      fail(name, "must be a text of at most " + std::to_string(longest) + " bytes");
  }
  void flag(std::string_view name, bool& out) {
    const auto value = find_member(json_, name);
    if (is_absent(value))
      return;
    if (value != "true" && value != "false")
      fail(name, "must be true or false");
    out = value == "true";
  }
  template <class Number>
  void number(std::string_view name, Number least, Number most, Number& out,
              const std::string& must) {
    const auto value = find_member(json_, name);
    if (is_absent(value))
      return;
    Number read{};
    const auto* end = value.data() + value.size();
    const auto result = std::from_chars(value.data(), end, read);
    if (result.ec != std::errc{} || result.ptr != end || read < least || read > most)
      fail(name, must);
    else
      out = read;
  }
  void fail(std::string_view name, const std::string& must) {
    if (!fault_)
      fault_ = wrong_field(name, must);
  }

private:
  std::string_view json_;
  caf::error fault_;
};

} // namespace

caf::expected<publish> parse_publish(std::string_view json) {
  publish out;
  const auto data = find_member(json, "data");
  // Numbers and truth values say something, whatever they are.
  const bool may_be_empty =
      !data.empty() && std::string_view{"n\"{["}.find(data.front()) != std::string_view::npos;
  if (data.empty() || (may_be_empty && is_empty_json(data)))
    return wrong_field("data", "must not be missing or empty");
  out.data = data;
  request in{json};
  in.text("msg_id", out.msg_id, longest_id);
  unsigned priority = usual_priority;
  in.number("priority", lowest_priority, highest_priority, priority,
            "must be a whole number between 1 and 9");
  out.priority = static_cast<std::uint8_t>(priority);
  in.number("expiration", 0.0, 1e9, out.expiration, "must be a number of seconds of at least 0");
  in.text("mime_type", out.mime_type);
  in.text("correl_id", out.correl_id);
  in.text("in_reply_to", out.in_reply_to);
  in.text("ext_client_id", out.ext_client_id);
  in.text("ext_pub_time", out.ext_pub_time);
  in.text("key", out.key);
  // The topic decides what is guaranteed; the wish is accepted from clients of old.
  bool has_gd = false;
  in.flag("has_gd", has_gd);
  if (in.fault())
    return in.fault();
  return out;
}

caf::expected<subscription_options> parse_subscription_options(std::string_view json) {
  subscription_options out;
  request in{json};
  in.number("delivery_batch_size", 1U, largest_batch, out.batch_size,
            "must be a whole number between 1 and 1000");
  in.flag("wrap_one_msg_in_list", out.wrap_one);
  bool ends_with_connection = true;
  in.flag("unsub_on_wsx_close", ends_with_connection);
  in.flag("durable", out.durable);
  out.durable = out.durable || !ends_with_connection;
  std::string ack = "auto";
  in.text("ack", ack);
  if (ack != "auto" && ack != "client")
    in.fail("ack", "must be auto or client");
  out.ack = ack == "client" ? ack_mode::client : ack_mode::automatic;
  if (const auto from = find_member(json, "from"); !is_absent(from)) {
    if (auto parsed = parse_start_point(from))
      out.from = *parsed;
    else
      in.fail("from", "must be new, first, a sequence or a time (RFC 3339)");
  }
  if (in.fault())
    return in.fault();
  return out;
}

} // namespace muster
