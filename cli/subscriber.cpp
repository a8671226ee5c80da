#include "cli/subscriber.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"
#include "messages/json_scan.hpp"
#include "messages/time.hpp"

#include <charconv>

namespace muster {
namespace {

/// What we ask is answered in the order in which it is asked: first the session, then the topic.
constexpr std::string_view session_id = "1";
/// The envelope around the data adds some levels.
constexpr std::size_t deepest = 64;

std::string text_in(std::string_view object, std::string_view name) {
  std::string out;
  const auto value = find_member(object, name);
  // Numbers stay as they are written.
  return json_string(value, out) ? out : std::string{value};
}

[[noreturn]] void refuse(std::string_view meta, std::string_view data) {
  const auto status = text_in(meta, "status");
  unsigned number = 0;
  std::from_chars(status.data(), status.data() + status.size(), number);
  auto why = text_in(meta, "error_message");
  if (std::string text; why.empty() && json_string(data, text))
    why = text;
  throw failure{exit_code_of(number),
                why.empty() ? "the server answered " + status : harmless(why)};
}

} // namespace

next_words subscriber::hear(std::string_view text) {
  if (text.empty())
    return {{create_session()}};
  if (check_json(text, deepest))
    throw failure{exit_code::failed, "the server sent something that is no JSON"};
  const auto meta = find_member(text, "meta");
  const auto data = find_member(text, "data");
  const auto type = text_in(meta, "msg_type");
  if (type == "zwsx.psrq")
    return hear_delivery(meta, data);
  if (type == "zwsx.rspa" || type == "zwsx.rspok")
    return hear_answer(meta, data);
  if (type == "zwsx.rqc")
    return {{answer(find_member(meta, "id"),
                    R"({"response":null,"error":"This client answers no calls"})")}};
  refuse(meta, data);
}

next_words subscriber::hear_answer(std::string_view meta, std::string_view data) {
  if (text_in(meta, "in_reply_to") == session_id) {
    token_ = text_in(data, "token");
    return {{subscribe_request()}};
  }
  joined_(text_in(data, "sub_key"), text_in(data, "current_depth"));
  return {};
}

next_words subscriber::hear_delivery(std::string_view meta, std::string_view data) {
  auto elements = json_elements(data);
  if (elements.empty())
    elements.push_back(data);
  next_words out;
  for (const auto each : elements)
    if (out.over = take(each); out.over)
      break;
  if (options_.ack)
    out.send.push_back(answer(find_member(meta, "id"), R"({"response":null})"));
  return out;
}

/// Whether that was the last one.
bool subscriber::take(std::string_view delivered) {
  print_({text_in(delivered, "pub_time_iso"), text_in(delivered, "seq"),
          find_member(delivered, "data"), delivered});
  return ++taken_ == options_.count;
}

std::string subscriber::message(std::string_view action, const std::string& more_meta,
                                std::string_view data) {
  return R"({"meta":{"id":")" + std::to_string(++last_id_) + R"(","action":)"
         + muster::quoted(action) + R"(,"timestamp":")"
         + to_wire_time(std::chrono::system_clock::now()) + '"' + more_meta + R"(},"data":)"
         + std::string{data} + '}';
}

std::string subscriber::create_session() {
  auto meta = R"(,"client_name":"muster sub","client_id":)" + muster::quoted(options_.client_id);
  if (!options_.username.empty())
    meta += R"(,"username":)" + muster::quoted(options_.username);
  if (!options_.secret.empty())
    meta += R"(,"secret":)" + muster::quoted(options_.secret);
  return message("create-session", meta, "{}");
}

std::string subscriber::subscribe_request() {
  auto request = R"({"topic_name":)" + muster::quoted(options_.topic);
  if (options_.ack || options_.durable)
    request += R"(,"durable":true)";
  // One at a time: each is acknowledged by itself.
  if (options_.ack)
    request += R"(,"ack":"client","delivery_batch_size":1)";
  if (!options_.from.empty())
    request += R"(,"from":)" + options_.from;
  return message("invoke-service", R"(,"token":)" + muster::quoted(token_),
                 R"({"service":"pubsub.subscribe","request":)" + request + "}}");
}

/// `in_reply_to` is JSON.
std::string subscriber::answer(std::string_view in_reply_to, std::string_view data) {
  return message("client-response",
                 R"(,"token":)" + muster::quoted(token_) + R"(,"in_reply_to":)"
                     + std::string{in_reply_to},
                 data);
}

} // namespace muster
