#include "tests/storage/topic_logs.hpp"

#include <limits>

using namespace muster;
using test::numbers;
using test::some_message;
using test::some_record;
using test::time_of_seq;
using test::topic_logs;

TEST_CASE_METHOD(topic_logs, "a message is erased alone") {
  append(1, 1, 3);
  append(2, 2, 2);
  change([&] {
    CHECK(!db->erase_message(1, {4, 2}));
    CHECK(!db->erase_message(1, {5, 3}));
    CHECK(!db->erase_message(1, {4, 99}));
  });
  CHECK(seqs(1) == numbers{1, 3});
  CHECK(seqs(2) == numbers{2});
  CHECK(size(1).messages == 2);
}

TEST_CASE_METHOD(topic_logs, "a log is trimmed in all lanes, and its sequences are never reused") {
  append(1, 1, 5);
  append(1, some_record(6, 0));
  append(1, some_record(7, 8));
  append(2, 1, 1);
  change([&] { CHECK(!db->trim(1, 6)); });
  CHECK(seqs(1).empty());
  CHECK(seqs(1, 0).empty());
  CHECK(seqs(1, 8) == numbers{7});
  CHECK(seqs(2) == numbers{1});
  change([&] { CHECK(!db->trim(1, std::numeric_limits<std::uint64_t>::max())); });
  reopen();
  const auto log = load(1);
  CHECK(log.entries.empty());
  CHECK(log.last_seq == 7);
  CHECK(size(1).last_published_us == time_of_seq(7));
  CHECK(size(1).bytes == 0);
}

TEST_CASE_METHOD(topic_logs, "what has expired is dropped, some at a time, the oldest first") {
  append(1, 1, 3);
  append(2, 2, 2);
  append(1, some_record(4, 0));
  const auto expire = [&](std::int64_t now, std::uint32_t limit) {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> found;
    change([&] {
      const auto expired = db->expire(now, limit);
      for (const auto& each : *expired)
        found.emplace_back(each.topic, each.seq);
    });
    std::sort(found.begin(), found.end());
    return found;
  };
  using places = std::vector<std::pair<std::uint32_t, std::uint64_t>>;
  CHECK(expire(time_of_seq(101) - 1, 10).empty());
  CHECK(expire(time_of_seq(104), 1) == places{{1, 1}});
  CHECK(expire(time_of_seq(102), 10) == places{{1, 2}, {2, 2}});
  CHECK(expire(time_of_seq(104), 10) == places{{1, 3}, {1, 4}});
  CHECK(expire(time_of_seq(104), 10).empty());
  CHECK(size(1).messages == 0);
  CHECK(size(2).bytes == 0);
}

TEST_CASE_METHOD(topic_logs, "a log is erased step by step, all of it, and no other") {
  append(1, 1, 5);
  append(2, 1, 1);
  change([&] {
    CHECK(!db->put_subscription(1, "a", ""));
    CHECK(!db->put_subscription(2, "a", ""));
  });
  const auto more = [&] {
    bool is = false;
    change([&] { is = *db->erase_log(1, 2); });
    return is;
  };
  CHECK(more());
  CHECK(size(1).messages == 3);
  CHECK(size(1).subscriptions == 1);
  CHECK(more());
  CHECK(!more());
  CHECK(!more());
  REQUIRE(reader->survey()->size() == 1);
  CHECK(load(1).last_seq == 0);
  CHECK(load(1).subscriptions.empty());
  CHECK(size(2).subscriptions == 1);
}

TEST_CASE_METHOD(topic_logs, "what was appended and erased in one transaction is gone") {
  change([&] {
    CHECK(!db->append(1, some_record(1)));
    CHECK(!db->put_subscription(1, "a", ""));
    CHECK(!*db->erase_log(1, 10));
  });
  CHECK(reader->survey()->empty());
}
