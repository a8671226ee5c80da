#include "actors/delivery_frame.hpp"

#include "tests/catch.hpp"

#include <memory>
#include <string>
#include <string_view>

using namespace muster;

namespace {

const timestamp noon{std::chrono::hours{12}};

/// A batch as a topic pushes it, and one who gets it.
struct a_batch {
  explicit a_batch(std::size_t size) {
    for (std::size_t i = 1; i <= size; ++i) {
      topic_message message;
      message.seq = i;
      message.msg_id = "id-" + std::to_string(i);
      message.data = R"({"n":)" + std::to_string(i) + "}";
      batch.messages.push_back(std::make_shared<const publication>(std::move(message), "/a"));
      batch.first_deliveries.emplace_back(*batch.messages.back(), noon);
    }
    batch.id_of_all = "all";
    // What is built anew would have another.
    batch.head_of_all = delivery_head("all", noon);
  }

  std::string built(std::string key, bool wrap_one, std::size_t first, std::size_t size,
                    std::string_view id) {
    subscription_facts facts;
    facts.sub_key = std::move(key);
    facts.wrap_one = wrap_one;
    const subscription about{std::move(facts)};
    testee.build(about, batch, first, size, id, noon);
    CHECK(testee.bytes() == testee.text().size());
    return testee.text();
  }
  std::string object(std::size_t i, std::string_view key) {
    return delivery_object(*batch.messages[i], key, 1);
  }

  push_batch batch;
  delivery_frame testee;
};

} // namespace

TEST_CASE("a delivery of one message is the message in its envelope") {
  a_batch all{3};
  for (const std::string key : {"zpsk.plain", "zpsk.\"not\\plain\n"}) {
    CHECK(all.built(key, false, 1, 1, "")
          == delivery_head("id-2", noon) + all.object(1, key) + "}");
    CHECK(all.built(key, true, 1, 1, "id-2")
          == delivery_head("id-2", noon) + "[" + all.object(1, key) + "]}");
  }
}

TEST_CASE("a delivery of several is a list with an id of its own") {
  a_batch all{3};
  for (const std::string key : {"zpsk.plain", "zpsk.\"not\\plain\n"}) {
    CHECK(all.built(key, false, 0, 3, "not looked at")
          == delivery_head("all", noon) + "[" + all.object(0, key) + "," + all.object(1, key) + ","
                 + all.object(2, key) + "]}");
    CHECK(all.built(key, false, 1, 2, "other")
          == delivery_head("other", noon) + "[" + all.object(1, key) + "," + all.object(2, key)
                 + "]}");
  }
}

TEST_CASE("a batch of one message that is wrapped has the id of the message") {
  a_batch one{1};
  CHECK(one.built("k", true, 0, 1, "id-1")
        == delivery_head("id-1", noon) + "[" + one.object(0, "k") + "]}");
}

TEST_CASE("a list goes to one after the other, and what else is built between leaves it alone") {
  a_batch all{3};
  const auto list = [](a_batch& of, std::string_view key) {
    std::string text = delivery_head(of.batch.id_of_all, noon) + "[";
    for (std::size_t i = 0; i < of.batch.messages.size(); ++i)
      text += (i == 0 ? "" : ",") + of.object(i, key);
    return text + "]}";
  };
  for (const std::string key :
       {"short", "later", "", "one that is longer", "with \"quotes\"", "short"}) {
    CHECK(all.built(key, false, 0, 3, "") == list(all, key));
    CHECK(all.built(key, false, 2, 1, "")
          == delivery_head("id-3", noon) + all.object(2, key) + "}");
    CHECK(all.built(key, true, 0, 3, "") == list(all, key));
  }
  a_batch next{2};
  next.batch.id_of_all = "next";
  next.batch.head_of_all = delivery_head("next", noon);
  std::swap(all.testee, next.testee);
  CHECK(next.built("key", false, 0, 2, "") == list(next, "key"));
}
