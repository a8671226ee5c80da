#include "cli/channel_address.hpp"
#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/render.hpp"
#include "cli/subscriber.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"
#include "messages/json_scan.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <climits>
#include <cstdio>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct publish_options {
  std::string topic;
  std::string data = "-";
  unsigned priority = 0;
  double expiration = 0;
  std::string key;
  std::string msg_id;
  std::string correl_id;
  std::string in_reply_to;
  std::string mime_type;
};

struct subscribe_options : subscriber_options {
  std::string channel;
  std::string ws;
  std::string start;
};

/// The data goes out as it was given: what is parsed and written again may look different.
std::string body_of(const publish_options& options) {
  const auto data = read_argument(options.data);
  parse_json(data, "--data");
  auto body = "{\"data\":" + data;
  for (const auto& [name, text] : {std::pair{"key", &options.key},
                                   {"msg_id", &options.msg_id},
                                   {"correl_id", &options.correl_id},
                                   {"in_reply_to", &options.in_reply_to},
                                   {"mime_type", &options.mime_type}})
    if (!text->empty())
      body += fmt::format(",\"{}\":{}", name, muster::quoted(*text));
  if (options.priority > 0)
    body += fmt::format(",\"priority\":{}", options.priority);
  if (options.expiration > 0)
    body += fmt::format(",\"expiration\":{}", options.expiration);
  return body + '}';
}

int publish_message(const shared_options& shared, const publish_options& options) {
  const auto answer = shared.endpoint().send_text(
      "POST", "/topics/" + percent_encoded(options.topic) + "/publish", body_of(options));
  return shared.done(answer, cell(member(answer, "msg_id")) + ' ' + cell(member(answer, "seq")));
}

/// One message a line, whatever blanks it came with: within JSON texts there are no line breaks.
std::string one_line(std::string_view text) {
  std::string out{text};
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
  return out;
}

void print_message(bool as_is, const delivered_message& message) {
  auto line = as_is ? one_line(message.whole)
                    : message.published_at + ' ' + message.seq + ' ' + one_line(message.data);
  if (!as_is || terminal_width() > 0)
    line = harmless(line);
  line += '\n';
  // Only what has left is safe.
  if (std::fwrite(line.data(), 1, line.size(), stdout) != line.size() || std::fflush(stdout) != 0)
    throw failure{exit_code::failed, "cannot write to standard output"};
}

/// Of this machine; of this process too, unless the subscription shall be found again.
std::string usual_client_id(bool lasting) {
  char name[HOST_NAME_MAX + 1] = {};
  gethostname(name, HOST_NAME_MAX);
  return "muster." + std::string{name} + (lasting ? "" : '.' + std::to_string(getpid()));
}

int judge(const websocket_end& end) {
  if (end.by_us)
    return exit_code::ok;
  constexpr unsigned not_authorised = 4401;
  constexpr unsigned expired = 4403;
  const auto denied = end.code == not_authorised || end.code == expired;
  throw failure{
      denied ? exit_code::not_authorized : exit_code::failed,
      fmt::format("the server closed the connection: {} {}", end.code, harmless(end.reason))};
}

int follow(const shared_options& shared, const subscribe_options& options) {
  const auto address =
      options.ws.empty() ? find_channel_url(shared.endpoint(), options.channel) : options.ws;
  const auto url = parse_websocket_url(address);
  if (!url)
    throw failure{exit_code::usage, address + " is no ws:// or wss:// address"};
  subscriber_options ours = options;
  ours.from = options.start.empty() ? "" : start_point_json(options.start);
  if (ours.client_id.empty())
    ours.client_id = usual_client_id(ours.ack || ours.durable);
  subscriber client{ours,
                    [&](const delivered_message& message) { print_message(shared.json, message); },
                    [&](std::string_view sub_key, std::string_view depth) {
                      if (progress_wanted())
                        fmt::print(stderr, "subscribed as {}: {} ({} waiting)\n",
                                   harmless(ours.client_id), harmless(sub_key), harmless(depth));
                    }};
  return judge(converse(*url, shared.server.authorities,
                        [&](std::string_view text) { return client.hear(text); }));
}

void add_publish(command_set& commands) {
  auto* pub = commands.app().add_subcommand("pub", "Publish a message to a topic");
  pub->footer("Examples:\n  muster pub /orders/new --data '{\"id\":17}' --priority 9\n"
              "  date +%s | muster pub /clock");
  auto options = commands.leaf<publish_options>(pub, publish_message);
  pub->add_option("topic", options->topic, "The topic")->required();
  pub->add_option("--data", options->data, "JSON, @FILE, or - for standard input")
      ->capture_default_str();
  pub->add_option("--priority", options->priority, "1 to 9")->check(CLI::Range(1, 9));
  pub->add_option("--expiration", options->expiration, "Seconds that it lives")
      ->check(CLI::PositiveNumber);
  pub->add_option("--key", options->key, "Of messages with the same key only the newest waits");
  pub->add_option("--msg-id", options->msg_id, "Its id: the same one again is the same message");
  pub->add_option("--correl-id", options->correl_id, "What it belongs to");
  pub->add_option("--in-reply-to", options->in_reply_to, "The message that it answers");
  pub->add_option("--mime-type", options->mime_type, "What the data is");
}

void add_subscribe(command_set& commands) {
  auto* sub = commands.app().add_subcommand("sub", "Follow a topic, one message a line");
  sub->footer("Examples:\n  muster sub /orders/new --channel open\n"
              "  muster sub /orders/new --channel open --ack --from first --count 10 --json");
  auto options = commands.leaf<subscribe_options>(sub, follow);
  sub->add_option("topic", options->topic, "The topic")->required();
  sub->add_option("--channel", options->channel, "The channel to connect to; its only one");
  sub->add_option("--ws", options->ws, "The channel's URL, ws:// or wss://, without asking for it");
  sub->add_option("--client-id", options->client_id, "Who to be; of this machine and process");
  sub->add_option("--username", options->username, "For a channel with passwords");
  sub->add_option("--secret", options->secret,
                  "Password or key; better in MUSTER_SECRET, where ps does not show it")
      ->envname("MUSTER_SECRET");
  sub->add_option("--from", options->start, "new, first, a sequence or a time");
  sub->add_option("--count", options->count, "End after so many messages");
  sub->add_flag("--durable", options->durable, "The subscription stays and goes on next time");
  sub->add_flag("--ack", options->ack,
                "The same, and a message counts as delivered once it is printed");
}

} // namespace

std::string start_point_json(const std::string& text) {
  const auto is_number = !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  return is_number ? text : muster::quoted(text);
}

void add_pub_sub_commands(command_set& commands) {
  add_publish(commands);
  add_subscribe(commands);
}

} // namespace muster
