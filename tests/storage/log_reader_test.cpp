#include "tests/storage/topic_logs.hpp"

#include <limits>
#include <map>
#include <thread>

using namespace muster;
using test::numbers;
using test::some_message;
using test::some_record;
using test::time_of_seq;
using test::topic_logs;

TEST_CASE_METHOD(topic_logs, "a record comes back as it was") {
  auto message = some_message(7, 8);
  message.key = "k";
  message.own_id = true;
  message.data = std::string{"\0\xff", 2};
  append(3, to_record(message));
  const auto records = *reader->read(3, 8, 0, 10, 1000);
  REQUIRE(records.size() == 1);
  CHECK(records[0].lane == 8);
  CHECK(records[0].seq == 7);
  CHECK(records[0].size == 2);
  CHECK(records[0].published_us == time_of_seq(7));
  CHECK(records[0].expires_us == time_of_seq(107));
  CHECK(records[0].own_id == "id7");
  CHECK(records[0].key == "k");
  CHECK(from_record(records[0])->data == message.data);
}

TEST_CASE_METHOD(topic_logs, "a lane is read behind a sequence, as far as the limits allow") {
  append(1, 1, 5);
  append(1, some_record(6, 0));
  append(2, 7, 7);
  CHECK(seqs(1) == numbers{1, 2, 3, 4, 5});
  CHECK(seqs(1, 0) == numbers{6});
  CHECK(seqs(1, 1).empty());
  CHECK(seqs(1, 4, 3) == numbers{4, 5});
  CHECK(seqs(1, 4, 5).empty());
  CHECK(seqs(1, 4, std::numeric_limits<std::uint64_t>::max()).empty());
  CHECK(seqs(1, 4, 0, 2) == numbers{1, 2});
  const auto one = some_record(1).body.size();
  CHECK(seqs(1, 4, 0, 9, 2 * one) == numbers{1, 2});
  CHECK(seqs(1, 4, 0, 9, 2 * one - 1) == numbers{1});
  CHECK(seqs(1, 4, 0, 9, 0) == numbers{1});
}

TEST_CASE_METHOD(topic_logs, "loading tells all that a topic must know") {
  auto message = some_message(1);
  message.own_id = true;
  message.key = "a";
  append(1, to_record(message));
  message = some_message(2, 8);
  message.key = "b";
  append(1, to_record(message));
  message = some_message(3, 0);
  message.key = "a";
  append(1, to_record(message));
  append(1, some_record(4));
  append(2, some_record(5));
  change([&] {
    CHECK(!db->put_subscription(1, "sk2", "second"));
    CHECK(!db->put_subscription(1, "sk1", "old"));
    CHECK(!db->put_subscription(1, "sk1", "first"));
    CHECK(!db->put_subscription(1, "sk3", "third"));
    CHECK(!db->erase_subscription(1, "sk3"));
    CHECK(!db->put_subscription(2, "sk1", "another"));
  });

  const auto log = load(1);
  CHECK(log.last_seq == 4);
  REQUIRE(log.entries.size() == 4);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(log.entries[i].seq == i + 1);
  CHECK(log.entries[1].lane == 8);
  CHECK(log.entries[1].published_us == time_of_seq(2));
  CHECK(log.entries[1].size == some_message(2).data.size());
  REQUIRE(log.own_ids.size() == 1);
  CHECK(log.own_ids[0] == std::pair<std::string, std::uint64_t>{"id1", 1});
  CHECK(std::map(log.keys.begin(), log.keys.end())
        == std::map<std::string, std::uint64_t>{{"a", 3}, {"b", 2}});
  CHECK(log.subscriptions == std::vector<std::string>{"first", "second"});
}

TEST_CASE_METHOD(topic_logs, "a topic that has nothing loads as nothing") {
  const auto log = load(17);
  CHECK(log.last_seq == 0);
  CHECK(log.entries.empty());
  CHECK(reader->survey()->empty());
}

TEST_CASE_METHOD(topic_logs, "the first message since a time is found, gaps or not") {
  append(1, 1, 100);
  const auto since = [&](std::uint64_t seq, std::int64_t more = 0) {
    return *reader->first_since(1, 4, time_of_seq(seq) + more);
  };
  for (std::uint64_t seq = 1; seq <= 100; ++seq)
    CHECK(since(seq) == seq);
  CHECK(since(0) == 1);
  CHECK(since(50, -1) == 50);
  CHECK(since(50, 1) == 51);
  CHECK(since(100, 1) == 0);
  CHECK(*reader->first_since(1, 5, 0) == 0);

  change([&] {
    for (std::uint64_t seq = 1; seq <= 100; ++seq)
      if (seq % 10 != 3)
        CHECK(!db->erase_message(1, {4, seq}));
  });
  for (std::uint64_t seq = 1; seq <= 93; ++seq)
    CHECK(since(seq) == (seq + 6) / 10 * 10 + 3);
  CHECK(since(94) == 0);
}

TEST_CASE_METHOD(topic_logs, "a survey tells the sizes of all logs") {
  append(1, 1, 3);
  append(2, 5, 5);
  change([&] {
    CHECK(!db->put_subscription(2, "a", ""));
    CHECK(!db->put_subscription(2, "a", "again"));
    CHECK(!db->put_subscription(2, "b", ""));
    CHECK(!db->put_subscription(3, "b", ""));
  });
  CHECK(reader->survey()->size() == 3);
  CHECK(size(1).messages == 3);
  CHECK(size(1).bytes == 3 * some_message(1).data.size());
  CHECK(size(1).subscriptions == 0);
  CHECK(size(2).last_seq == 5);
  CHECK(size(2).last_published_us == time_of_seq(5));
  CHECK(size(2).subscriptions == 2);
  CHECK(size(3).subscriptions == 1);
  CHECK(size(3).messages == 0);
}

TEST_CASE_METHOD(topic_logs, "readers see what was committed, and do not wait for what was not") {
  append(1, 1, 1);
  REQUIRE(!db->begin());
  REQUIRE(!db->append(1, some_record(2)));
  CHECK(seqs(1) == numbers{1});
  CHECK(load(1).last_seq == 1);
  REQUIRE(!db->commit());
  CHECK(seqs(1) == numbers{1, 2});
}

TEST_CASE_METHOD(topic_logs, "a reader on another thread sees whole transactions only") {
  constexpr std::uint64_t commits = 100;
  constexpr std::uint64_t in_each = 10;
  std::uint64_t seen = 0;
  bool whole = true;
  std::thread reading{[&] {
    while (whole && seen < commits * in_each) {
      const auto log = reader->load(7);
      whole = log && log->entries.size() == log->last_seq && log->last_seq % in_each == 0
              && log->last_seq >= seen;
      seen = log ? log->last_seq : seen;
    }
  }};
  for (std::uint64_t i = 0; i < commits; ++i)
    append(7, i * in_each + 1, (i + 1) * in_each);
  reading.join();
  CHECK(whole);
  CHECK(seen == commits * in_each);
}

TEST_CASE_METHOD(topic_logs, "a reader outlives what it came from") {
  append(1, 1, 2);
  db = nullptr;
  CHECK(seqs(1) == numbers{1, 2});
  reopen();
  append(1, 3, 3);
  CHECK(seqs(1) == numbers{1, 2, 3});
  CHECK(size(1).messages == 3);
}
