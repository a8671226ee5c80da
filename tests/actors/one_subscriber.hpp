#pragma once

#include "actors/pubsub_service.hpp"
#include "actors/reader.hpp"
#include "actors/store.hpp"
#include "actors/topics.hpp"
#include "tests/actors/fake_storage.hpp"
#include "tests/actors/one_connection.hpp"
#include "tests/actors/some_connections.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// A channel whose clients may use topics called `news...`.
inline channel_definition with_topics(slow_consumer policy = slow_consumer::close) {
  channel_definition made;
  made.permissions = "pub=news*\nsub=news*";
  made.slow_consumer = policy;
  made.send_queue_bytes = 65536;
  return made;
}

/// A client with a session, and topics: `news`, on a disk in memory.
class one_subscriber : public one_connection {
public:
  struct delivery {
    std::uint64_t seq = 0;
    std::uint64_t count = 0;
    std::string data;
    bool operator==(const delivery&) const = default;
  };
  using numbers = std::vector<std::uint64_t>;

  explicit one_subscriber(const channel_definition& definition = with_topics())
      : one_connection{definition} {
    first_house.store = start<store>(std::shared_ptr<storage>{disk});
    first_house.reader = start<reader>(std::shared_ptr<storage>{disk});
    first_house.registry = start<fake_registry>(roll);
    ports.fatal = [this](const std::string& reason) { fatal.push_back(reason); };
    ports.wall_now = [this] { return loop.wall_now(); };
    begin_topics();
    make_topic(R"({"name":"news"})");
    know(testee);
    sign_in();
    wire->texts.clear();
  }

  /// Starts a directory: the first, or one after another has gone.
  void begin_topics() {
    first_house.topics = start<topics>(std::make_shared<const house>(first_house), ports);
    settle();
    addresses = std::make_shared<const house>(first_house);
    tell(testee_channel, addresses);
  }
  void make_topic(const std::string& json) {
    ask<topic_info>(first_house.topics, create_topic{json}).reply();
  }
  topic_actor topic(const std::string& name = "news") {
    return ask<found_topic>(first_house.topics, find_topic{name, 0, false})->actor;
  }
  /// One more connection with a session.
  std::pair<connection_actor, std::shared_ptr<fake_wire>> come(const std::string& client_id) {
    const auto who = connect();
    const auto its_wire = wires.back();
    know(who);
    say(who, create(client_id));
    its_wire->texts.clear();
    return {who, its_wire};
  }

  void publish(const std::string& data = "1", std::uint8_t priority = usual_priority) {
    muster::publish what;
    what.data = data;
    what.priority = priority;
    ask<published>(topic(), what).reply();
  }
  void publish_many(std::size_t count, const std::string& data = "1") {
    const auto to = topic();
    muster::publish what;
    what.data = data;
    for (std::size_t i = 0; i < count; ++i)
      ask_later<published>(to, what);
    settle();
  }
  answer<subscribed> subscribe(subscription_options options = {},
                               const std::string& name = "news") {
    return subscribe(testee, options, name);
  }
  answer<subscribed> subscribe(const connection_actor& who, subscription_options options,
                               const std::string& name = "news") {
    return ask<subscribed>(who, muster::subscribe{name, options, false});
  }
  static subscription_options options(bool durable, ack_mode ack = ack_mode::automatic) {
    subscription_options made;
    made.durable = durable;
    made.ack = ack;
    return made;
  }
  /// The client answers a delivery.
  void confirm(const std::string& id) { say(answer_to(id, "null")); }
  void drain() {
    wire->full = false;
    take(testee, wire_drained{});
  }

  /// What a wire was given, message by message, and how many messages each frame had.
  static std::vector<delivery> delivered(const fake_wire& by,
                                         std::vector<std::size_t>* frames = {}) {
    std::vector<delivery> out;
    for (const auto& text : by.texts) {
      if (text.find("zwsx.psrq") == std::string::npos)
        continue;
      const auto data = find_member(text, "data");
      const auto all =
          data.starts_with('[') ? json_elements(data) : std::vector<std::string_view>{data};
      if (frames)
        frames->push_back(all.size());
      for (const auto each : all)
        out.push_back({number(each, "seq"), number(each, "delivery_count"),
                       std::string{find_member(each, "data")}});
    }
    return out;
  }
  numbers seqs(const fake_wire& by) const {
    numbers out;
    for (const auto& each : delivered(by))
      out.push_back(each.seq);
    return out;
  }
  numbers seqs() const { return seqs(*wire); }
  static numbers up_to(std::uint64_t last, std::uint64_t first = 1) {
    numbers out;
    for (auto i = first; i <= last; ++i)
      out.push_back(i);
    return out;
  }
  answer<subscription_info> info(const std::string& key) {
    return ask<subscription_info>(topic(), find_subscription{key, {}, {}});
  }

  std::shared_ptr<fake_storage> disk = std::make_shared<fake_storage>();
  roll_entries roll = std::make_shared<std::vector<roll_entry>>();
  topics_ports ports;
  std::vector<std::string> fatal;

private:
  static std::uint64_t number(std::string_view json, std::string_view name) {
    return std::stoull(std::string{find_member(json, name)});
  }
  void know(const connection_actor& who) {
    auto from = std::make_shared<arrival>();
    from->id = "ws." + std::to_string(wires.size() - 1);
    auto row = std::make_shared<connection_row>();
    row->from = std::move(from);
    roll->push_back({std::move(row), who});
  }
};

} // namespace muster::test
