// Requests of clients about topics, as JSON.

#include "messages/pubsub.hpp"

#include "messages/errc.hpp"
#include "messages/json_field.hpp"
#include "messages/json_scan.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <span>

namespace muster {

namespace {

constexpr std::size_t longest_id = 200;
constexpr std::size_t longest_text = 1024;
constexpr std::uint32_t largest_batch = 1000;

bool is_absent(std::string_view json) {
  return json.empty() || json == "null";
}

/// The members of a request, found all at once and read one by one, by their places in `names`; the
/// first fault stays.
class request {
public:
  static constexpr std::size_t max_members = 12;

  template <std::size_t Count>
  request(std::string_view json, const std::array<std::string_view, Count>& names) : names_{names} {
    static_assert(Count <= max_members);
    find_members(json, names_, std::span{values_}.first(Count));
  }

  std::string_view operator[](std::size_t which) const { return values_[which]; }

  const caf::error& fault() const { return fault_; }

  void text(std::size_t which, std::string& out, std::size_t longest = longest_text) {
    const auto value = values_[which];
    if (is_absent(value))
      return;
    if (!json_string(value, out) || out.size() > longest)
      fail(which, "must be a text of at most " + std::to_string(longest) + " bytes");
  }
  void flag(std::size_t which, bool& out) {
    const auto value = values_[which];
    if (is_absent(value))
      return;
    if (value != "true" && value != "false")
      fail(which, "must be true or false");
    out = value == "true";
  }
  template <class Number>
  void number(std::size_t which, Number least, Number most, Number& out, const std::string& must) {
    const auto value = values_[which];
    if (is_absent(value))
      return;
    Number read{};
    const auto* end = value.data() + value.size();
    const auto result = std::from_chars(value.data(), end, read);
    if (result.ec != std::errc{} || result.ptr != end || read < least || read > most)
      fail(which, must);
    else
      out = read;
  }
  void fail(std::size_t which, const std::string& must) {
    if (!fault_)
      fault_ = wrong_field(names_[which], must);
  }

private:
  std::span<const std::string_view> names_;
  std::array<std::string_view, max_members> values_;
  caf::error fault_;
};

namespace publish_member {

enum : std::size_t {
  data,
  msg_id,
  priority,
  expiration,
  mime_type,
  correl_id,
  in_reply_to,
  ext_client_id,
  ext_pub_time,
  key,
  has_gd,
  topic_name
};
constexpr std::array<std::string_view, 12> names{
    "data",        "msg_id",        "priority",     "expiration", "mime_type", "correl_id",
    "in_reply_to", "ext_client_id", "ext_pub_time", "key",        "has_gd",    "topic_name"};

} // namespace publish_member

namespace subscribe_member {

enum : std::size_t { batch_size, wrap_one, ends_with_connection, durable, ack, from };
constexpr std::array<std::string_view, 6> names{
    "delivery_batch_size", "wrap_one_msg_in_list", "unsub_on_wsx_close", "durable", "ack", "from"};

} // namespace subscribe_member

} // namespace

caf::expected<publish> parse_publish(std::string_view json, std::string* topic_name) {
  namespace member = publish_member;
  request in{json, member::names};
  if (topic_name && !json_string(in[member::topic_name], *topic_name))
    topic_name->clear();
  publish out;
  const auto data = in[member::data];
  // Numbers and truth values say something, whatever they are.
  const bool may_be_empty =
      !data.empty() && std::string_view{"n\"{["}.find(data.front()) != std::string_view::npos;
  if (data.empty() || (may_be_empty && is_empty_json(data)))
    return wrong_field("data", "must not be missing or empty");
  out.data = data;
  in.text(member::msg_id, out.msg_id, longest_id);
  unsigned priority = usual_priority;
  in.number(member::priority, lowest_priority, highest_priority, priority,
            "must be a whole number between 1 and 9");
  out.priority = static_cast<std::uint8_t>(priority);
  in.number(member::expiration, 0.0, 1e9, out.expiration,
            "must be a number of seconds of at least 0");
  in.text(member::mime_type, out.mime_type);
  in.text(member::correl_id, out.correl_id);
  in.text(member::in_reply_to, out.in_reply_to);
  in.text(member::ext_client_id, out.ext_client_id);
  in.text(member::ext_pub_time, out.ext_pub_time);
  in.text(member::key, out.key);
  // The topic decides what is guaranteed; the wish is accepted from clients of old.
  bool has_gd = false;
  in.flag(member::has_gd, has_gd);
  if (in.fault())
    return in.fault();
  return out;
}

caf::expected<subscription_options> parse_subscription_options(std::string_view json) {
  namespace member = subscribe_member;
  request in{json, member::names};
  subscription_options out;
  in.number(member::batch_size, 1U, largest_batch, out.batch_size,
            "must be a whole number between 1 and 1000");
  in.flag(member::wrap_one, out.wrap_one);
  bool ends_with_connection = true;
  in.flag(member::ends_with_connection, ends_with_connection);
  in.flag(member::durable, out.durable);
  out.durable = out.durable || !ends_with_connection;
  std::string ack = "auto";
  in.text(member::ack, ack);
  if (ack != "auto" && ack != "client")
    in.fail(member::ack, "must be auto or client");
  out.ack = ack == "client" ? ack_mode::client : ack_mode::automatic;
  if (const auto from = in[member::from]; !is_absent(from)) {
    if (auto parsed = parse_start_point(from))
      out.from = *parsed;
    else
      in.fail(member::from, "must be new, first, a sequence or a time (RFC 3339)");
  }
  if (in.fault())
    return in.fault();
  return out;
}

} // namespace muster
