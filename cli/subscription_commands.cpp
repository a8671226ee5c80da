#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/message_commands.hpp"
#include "cli/pages.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

#include <boost/json/parse.hpp>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct list_options {
  std::string topic;
  std::string connection;
  std::string search;
  std::string sort;
  page_options pages;
};

struct key_options {
  std::string sub_key;
  std::string target() const { return "/subscriptions/" + percent_encoded(sub_key); }
};

struct add_options {
  std::string connection;
  std::string topic;
  std::string ack;
  std::string from;
  bool durable = false;
  bool wrap_one = false;
  unsigned batch = 0;
};

int list_subscriptions(const shared_options& shared, const list_options& options) {
  if (options.topic.empty() == options.connection.empty())
    throw failure{exit_code::usage, "whose subscriptions? Give --topic or --connection"};
  const auto owner = options.topic.empty() ? "/connections/" + percent_encoded(options.connection)
                                           : "/topics/" + percent_encoded(options.topic);
  return list_pages(shared, options.pages, owner + "/subscriptions",
                    {{"search", options.search}, {"sort", options.sort}},
                    {"sub_key", "topic_name", "client_id", "channel", "connection_id", "ack",
                     "durable", "depth", "unacked", "dropped"});
}

int add_subscription(const shared_options& shared, const add_options& options) {
  json::object body{{"topic_name", options.topic}};
  if (!options.ack.empty())
    body["ack"] = options.ack;
  if (!options.from.empty())
    body["from"] = json::parse(start_point_json(options.from));
  if (options.durable)
    body["durable"] = true;
  if (options.wrap_one)
    body["wrap_one_msg_in_list"] = true;
  if (options.batch > 0)
    body["delivery_batch_size"] = options.batch;
  const auto answer = shared.endpoint().send(
      "POST", "/connections/" + percent_encoded(options.connection) + "/subscriptions", body);
  return shared.done(answer, cell(member(answer, "sub_key")));
}

void add_looking(command_set& commands, CLI::App* subscriptions) {
  auto* list = subscriptions->add_subcommand("ls", "List those of a topic or a connection");
  auto listed = commands.leaf<list_options>(list, list_subscriptions);
  list->add_option("--topic", listed->topic, "All of this topic");
  list->add_option("--connection", listed->connection, "All of this connection");
  list->add_option("--search", listed->search, "Only those with this in client, channel or topic");
  list->add_option("--sort", listed->sort, "Field to sort by; -FIELD: downwards");
  listed->pages.add_to(list);

  auto* show = subscriptions->add_subcommand("show", "Show one in full");
  auto shown = commands.leaf<key_options>(
      show, [](const shared_options& shared, const key_options& options) {
        return shared.show(shared.endpoint().get(options.target()));
      });
  show->add_option("sub_key", shown->sub_key, "The subscription")->required();
}

void add_acting(command_set& commands, CLI::App* subscriptions) {
  auto* add = subscriptions->add_subcommand("add", "Subscribe a client, on its behalf");
  add->footer("Example:\n  muster subscriptions add ws.0123... /orders/new --ack client --durable");
  auto added = commands.leaf<add_options>(add, add_subscription);
  add->add_option("connection", added->connection, "The client's connection")->required();
  add->add_option("topic", added->topic, "The topic")->required();
  add->add_option("--ack", added->ack, "auto or client: who says that a message was delivered");
  add->add_option("--from", added->from, "new, first, a sequence or a time");
  add->add_flag("--durable", added->durable, "It outlives the connection");
  add->add_option("--batch", added->batch, "The most messages of one delivery");
  add->add_flag("--wrap-one", added->wrap_one, "A single message comes as a list of one");

  auto* remove = subscriptions->add_subcommand("delete", "End one, whoever has it");
  auto removed = commands.leaf<key_options>(
      remove, [](const shared_options& shared, const key_options& options) {
        return shared.done(shared.endpoint().send("DELETE", options.target(), nullptr),
                           "deleted " + options.sub_key);
      });
  remove->add_option("sub_key", removed->sub_key, "The subscription")->required();
}

} // namespace

void add_subscription_commands(command_set& commands) {
  auto* subscriptions = commands.group("subscriptions", "Who gets the messages of topics");
  add_looking(commands, subscriptions);
  add_acting(commands, subscriptions);
  add_message_commands(commands, subscriptions, {"/subscriptions/", "sub_key", "The subscription"});
}

} // namespace muster
