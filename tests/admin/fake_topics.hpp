#pragma once

#include "tests/admin/admin_world.hpp"

#include <optional>
#include <string>
#include <vector>

namespace muster::test {

inline topic_ptr topic_named(const std::string& name, std::uint32_t number) {
  topic_definition out;
  out.name = name;
  out.number = number;
  out.created_at_us = 1'795'435'200'000'000;
  return std::make_shared<const topic_definition>(std::move(out));
}

inline publication_ptr message_of(std::uint64_t seq, const std::string& data) {
  topic_message out;
  out.seq = seq;
  out.msg_id = "zpsm." + std::to_string(seq);
  out.data = data;
  out.publisher = "till 7";
  out.published_us = 1'795'435'200'000'000;
  out.expires_us = 1'795'435'260'000'000;
  return std::make_shared<const publication>(std::move(out), "/orders/new");
}

/// Topics `/orders/new` and `/news`, a message log and one subscription of the first; what they are
/// asked is kept.
class some_topics : public admin_world {
public:
  some_topics() {
    gauges->messages = 3;
    gauges->publications = 30;
    gauges->subscriptions = 2;
    gauges->lately = 25;
    subscription_facts facts;
    facts.sub_key = key;
    facts.topic_name = "/orders/new";
    facts.channel = "crm";
    facts.client_id = "till 7";
    facts.ack = ack_mode::client;
    facts.durable = true;
    facts.subscribed_at_us = 1'795'435'200'000'000;
    info.about = std::make_shared<const subscription>(facts);
    answer_about_topics();
    answer_about_messages();
    answer_about_subscriptions();
  }

  static topic_info info_of(const topic_ptr& definition,
                            std::shared_ptr<const topic_gauges> gauges) {
    return {definition, std::move(gauges), false};
  }

  topic_ptr orders = topic_named("/orders/new", 7);
  topic_ptr news = topic_named("/news", 8);
  std::shared_ptr<topic_gauges> gauges = std::make_shared<topic_gauges>();
  const std::string key = "zpsk.wsx.till 7.000000070123456789abcdef";
  const std::string one = "/api/v1/topics/%2Forders%2Fnew";
  const std::string queue = "/api/v1/subscriptions/zpsk.wsx.till%207.000000070123456789abcdef";
  subscription_info info;

  std::vector<find_topic> sought;
  std::string created;
  std::vector<edit_topic> edits;
  std::vector<publish> publications;
  std::vector<message_query> queries;
  message_page page;
  std::vector<delete_messages> deletions;
  std::uint64_t deleted = 0;
  std::vector<end_subscription> ended;
  std::vector<subscribe> subscribed_for;

private:
  topic_ptr known(const std::string& name) const {
    return name == "/orders/new" ? orders : name == "/news" ? news : nullptr;
  }
  static caf::error no_topic() { return make_error(errc::not_found, "There is no such topic"); }

  void answer_about_topics() {
    desk.on<list_topics, topic_list>([this](const list_topics&) {
      return topic_list{{info_of(orders, gauges), info_of(news, nullptr)}};
    });
    desk.on<describe_topic, topic_info>(
        [this](const describe_topic& what) -> caf::expected<topic_info> {
          if (const auto found = known(what.name))
            return info_of(found, gauges);
          return no_topic();
        });
    desk.on<find_topic, found_topic>([this](const find_topic& what) -> caf::expected<found_topic> {
      sought.push_back(what);
      const auto found =
          what.name.empty() ? (what.number == 7 ? orders : nullptr) : known(what.name);
      if (!found)
        return no_topic();
      return found_topic{found, {}};
    });
    desk.on<create_topic, topic_info>([this](const create_topic& what) {
      created = what.json;
      return info_of(orders, gauges);
    });
    desk.on<edit_topic, topic_info>([this](const edit_topic& what) {
      edits.push_back(what);
      return info_of(orders, gauges);
    });
  }

  void answer_about_messages() {
    desk.on<publish, published>([this](const publish& what) {
      publications.push_back(what);
      return published{"zpsm.1", 17};
    });
    desk.on<message_query, message_page>([this](const message_query& what) {
      queries.push_back(what);
      return page;
    });
    desk.on<delete_messages, messages_deleted>([this](const delete_messages& what) {
      deletions.push_back(what);
      return messages_deleted{deleted};
    });
    desk.on<list_publishers, publisher_list>([](const list_publishers&) {
      return publisher_list{{{"till 7", "crm", 5, timestamp{std::chrono::seconds{100}}},
                             {"token:ops", "", 1, timestamp{std::chrono::seconds{200}}}}};
    });
  }

  void answer_about_subscriptions() {
    desk.on<find_connection, found_connection>(
        [](const find_connection& what) -> caf::expected<found_connection> {
          if (what.id != "ws.1")
            return make_error(errc::not_found, "There is no such connection");
          return found_connection{};
        });
    desk.on<list_subscriptions, subscription_list>(
        [this](const list_subscriptions&) { return subscription_list{{info}}; });
    desk.on<find_subscription, subscription_info>(
        [this](const find_subscription& what) -> caf::expected<subscription_info> {
          if (what.sub_key != key)
            return make_error(errc::not_found, "There is no such subscription");
          return info;
        });
    desk.on<end_subscription, done>([this](const end_subscription& what) {
      ended.push_back(what);
      return done{};
    });
    desk.on<subscribe, subscribed>([this](const subscribe& what) {
      subscribed_for.push_back(what);
      return subscribed{what.topic_name, key, 4};
    });
  }
};

} // namespace muster::test
