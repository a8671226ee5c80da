#include "actors/roster.hpp"

#include "tests/actors/actor_world.hpp"
#include "tests/actors/silent_connection.hpp"
#include "tests/actors/some_publications.hpp"
#include "tests/catch.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A roster with connections on two loops.
struct a_topic {
  actor_world world;
  fake_home other_loop{world.system, world.scheduler, world.wall_start};
  roster testee;

  connection_actor connect() { return world.start<silent_connection>(); }

  member a_member(const std::string& key, const std::string& client, bool durable) {
    subscription_facts facts;
    facts.sub_key = key;
    facts.topic_name = "/news";
    facts.channel = "crm";
    facts.client_id = client;
    facts.durable = durable;
    member out;
    out.about = std::make_shared<const subscription>(std::move(facts));
    return out;
  }

  member& add(const std::string& key, const std::string& client = "ext.1", bool durable = false) {
    return testee.add(a_member(key, client, durable));
  }

  join_topic by(const connection_actor& who, std::uint32_t cookie, home* loop = nullptr) {
    join_topic out;
    out.connection = who;
    out.cookie = cookie;
    out.loop = loop ? loop : &world.loop;
    out.from = std::make_shared<const arrival>();
    return out;
  }

  using place = std::pair<connection_actor, std::uint32_t>;
  std::map<home*, std::set<place>> recipients() {
    std::map<home*, std::set<place>> out;
    for (const auto& [loop, slice] : testee.recipients())
      for (const auto& each : *slice)
        REQUIRE(out[loop].emplace(each.connection, each.cookie).second);
    return out;
  }
};

} // namespace

TEST_CASE("a subscription is found by its key until it goes") {
  a_topic topic;
  CHECK(topic.testee.empty());
  const auto& added = topic.add("k1");
  topic.add("k2");
  CHECK(topic.testee.size() == 2);
  CHECK(topic.testee.find("k1") == &added);
  CHECK(topic.testee.find("k3") == nullptr);
  topic.testee.erase(added);
  CHECK(topic.testee.find("k1") == nullptr);
  CHECK(topic.testee.size() == 1);
}

TEST_CASE("a lasting subscription is found by its client, a passing one is not") {
  a_topic topic;
  topic.add("k1", "ext.1");
  CHECK_FALSE(topic.testee.has_lasting());
  CHECK(topic.testee.find_lasting("crm", "ext.1") == nullptr);
  const auto& lasting = topic.add("k2", "ext.1", true);
  CHECK(topic.testee.has_lasting());
  CHECK(topic.testee.find_lasting("crm", "ext.1") == &lasting);
  CHECK(topic.testee.find_lasting("crm", "ext.2") == nullptr);
  CHECK(topic.testee.find_lasting("other", "ext.1") == nullptr);
  topic.testee.erase(*topic.testee.find("k1"));
  CHECK(topic.testee.find_lasting("crm", "ext.1") == &lasting);
  topic.testee.erase(lasting);
  CHECK(topic.testee.find_lasting("crm", "ext.1") == nullptr);
  CHECK_FALSE(topic.testee.has_lasting());
}

TEST_CASE("a subscription is found by who has it") {
  a_topic topic;
  const auto first = topic.connect();
  const auto second = topic.connect();
  auto& a = topic.add("k1");
  auto& b = topic.add("k2");
  topic.testee.attach(a, topic.by(first, 1));
  topic.testee.attach(b, topic.by(second, 1));
  CHECK(topic.testee.find(first, 1) == &a);
  CHECK(topic.testee.find(second, 1) == &b);
  CHECK(topic.testee.find(first, 2) == nullptr);
  topic.testee.detach(a, noon);
  CHECK(topic.testee.find(first, 1) == nullptr);
}

TEST_CASE("who comes and who goes is counted") {
  a_topic topic;
  const auto first = topic.connect();
  auto& a = topic.add("k1", "ext.1", true);
  CHECK_FALSE(a.attached());
  CHECK(topic.testee.attached() == 0);
  topic.testee.attach(a, topic.by(first, 1));
  CHECK(a.attached());
  CHECK(a.detached_at == timestamp{});
  CHECK(topic.testee.attached() == 1);
  // Another takes it over.
  topic.testee.attach(a, topic.by(topic.connect(), 2));
  CHECK(topic.testee.attached() == 1);
  CHECK(a.cookie == 2);
  topic.testee.detach(a, noon);
  topic.testee.detach(a, noon);
  CHECK(topic.testee.attached() == 0);
  CHECK(a.detached_at == noon);
  CHECK(a.from == nullptr);
  CHECK(topic.testee.size() == 1);
  topic.testee.attach(a, topic.by(first, 3));
  topic.testee.erase(a);
  CHECK(topic.testee.attached() == 0);
  CHECK(topic.testee.empty());
}

TEST_CASE("a subscription that comes with its connection is there at once") {
  a_topic topic;
  auto fresh = topic.a_member("k1", "ext.1", false);
  const auto who = topic.connect();
  fresh.connection = who;
  fresh.loop = &topic.world.loop;
  fresh.cookie = 4;
  topic.testee.add(std::move(fresh));
  CHECK(topic.testee.attached() == 1);
  CHECK(topic.recipients()[&topic.world.loop] == std::set<a_topic::place>{{who, 4}});
}

TEST_CASE("recipients are those that are there, by the loop that they are on") {
  a_topic topic;
  const auto first = topic.connect();
  const auto second = topic.connect();
  CHECK(topic.testee.recipients().empty());
  auto& a = topic.add("k1", "ext.1", true);
  auto& b = topic.add("k2", "ext.2");
  topic.add("k3", "ext.3", true);
  topic.testee.attach(a, topic.by(first, 1));
  topic.testee.attach(b, topic.by(second, 2, &topic.other_loop));
  using expected = std::map<home*, std::set<a_topic::place>>;
  CHECK(topic.recipients()
        == expected{{&topic.world.loop, {{first, 1}}}, {&topic.other_loop, {{second, 2}}}});
  topic.testee.attach(a, topic.by(first, 5, &topic.other_loop));
  CHECK(topic.recipients() == expected{{&topic.other_loop, {{first, 5}, {second, 2}}}});
  topic.testee.detach(a, noon);
  CHECK(topic.recipients() == expected{{&topic.other_loop, {{second, 2}}}});
  topic.testee.erase(b);
  CHECK(topic.recipients().empty());
}

TEST_CASE("recipients that were handed out stay what they were, and are shared until one changes") {
  a_topic topic;
  auto& a = topic.add("k1");
  topic.testee.attach(a, topic.by(topic.connect(), 1));
  const auto before = topic.testee.recipients().front().second;
  topic.add("k2");
  CHECK(topic.testee.recipients().front().second == before);
  topic.testee.detach(a, noon);
  CHECK(topic.testee.recipients().empty());
  CHECK(before->size() == 1);
  CHECK(before->front().cookie == 1);
}

TEST_CASE("everybody is visited once") {
  a_topic topic;
  for (int i = 0; i < 100; ++i)
    topic.add("k" + std::to_string(i));
  std::set<std::string> seen;
  topic.testee.for_each([&](const member& each) { seen.insert(each.about->sub_key); });
  CHECK(seen.size() == 100);
}
