#include "actors/reader.hpp"

#include "actors/log_records.hpp"
#include "messages/metrics.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_storage.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

struct a_reader : test::actor_world {
  std::shared_ptr<test::fake_storage> disk = std::make_shared<test::fake_storage>();
  reader_actor testee = start<reader>(std::shared_ptr<storage>{disk});

  void write(const log_record& record) {
    REQUIRE(!disk->begin());
    REQUIRE(!disk->append(7, record));
    REQUIRE(!disk->commit());
  }
  static topic_message message(std::uint64_t seq, std::uint8_t lane = 4) {
    topic_message made;
    made.seq = seq;
    made.msg_id = "id" + std::to_string(seq);
    made.data = "\"text " + std::to_string(seq) + "\"";
    made.priority = static_cast<std::uint8_t>(lane + lowest_priority);
    made.published_us = static_cast<std::int64_t>(seq) * 1000;
    return made;
  }
  void write(std::uint64_t seq, std::uint8_t lane = 4) { write(to_record(message(seq, lane))); }

  read_log request(std::uint64_t after = 0) {
    read_log made;
    made.topic = 7;
    made.topic_name = "/t";
    made.lane = 4;
    made.after = after;
    return made;
  }
  auto read(read_log what) { return ask<log_read>(testee, std::move(what)); }
  auto since(timestamp at) { return ask<found_since>(testee, find_since{7, at}); }
};

} // namespace

TEST_CASE_METHOD(a_reader, "messages are read as they were published") {
  write(1);
  write(2, 8);
  write(3);
  auto found = read(request());
  REQUIRE(found->messages.size() == 2);
  const auto& first = *found->messages[0];
  CHECK(first.seq() == 1);
  CHECK(first.id() == "id1");
  CHECK(first.data() == "\"text 1\"");
  CHECK(first.after().find("\"topic_name\":\"/t\"") != std::string::npos);
  CHECK(found->messages[1]->seq() == 3);
  CHECK(found->damaged.empty());
  CHECK(found->reached == 3);
}

TEST_CASE_METHOD(a_reader, "reading goes on behind what was reached, until there is nothing") {
  for (std::uint64_t seq = 1; seq <= 3; ++seq)
    write(seq);
  auto what = request();
  what.limit = 2;
  auto first = read(what);
  CHECK(first->messages.size() == 2);
  CHECK(first->reached == 2);
  what.after = first->reached;
  what.max_bytes = 0;
  CHECK(read(what)->messages.size() == 1);
  auto end = read(request(3));
  CHECK(end->messages.empty());
  CHECK(end->reached == 0);
}

TEST_CASE_METHOD(a_reader, "a text chooses among the messages that were looked at") {
  for (std::uint64_t seq = 1; seq <= 12; ++seq)
    write(seq);
  auto what = request();
  what.text = "text 1";
  what.limit = 11;
  auto found = read(what);
  REQUIRE(found->messages.size() == 3);
  CHECK(found->messages[1]->seq() == 10);
  CHECK(found->reached == 11);
  // Of the data, not of what is around it.
  what.text = "/t";
  CHECK(read(what)->messages.empty());
}

TEST_CASE_METHOD(a_reader, "damaged messages are told apart from the others") {
  const auto before = counters().damaged_records.load();
  write(1);
  auto flipped = to_record(message(2));
  flipped.body[20] = static_cast<char>(flipped.body[20] ^ 1);
  write(flipped);
  auto elsewhere = to_record(message(99));
  elsewhere.seq = 3;
  write(elsewhere);
  auto other_lane = to_record(message(4, 5));
  other_lane.lane = 4;
  write(other_lane);
  auto empty = to_record(message(5));
  empty.body.clear();
  write(empty);
  auto found = read(request());
  CHECK(found->messages.size() == 1);
  CHECK(found->damaged == std::vector<std::uint64_t>{2, 3, 4, 5});
  CHECK(found->reached == 5);
  CHECK(counters().damaged_records == before + 4);
}

TEST_CASE_METHOD(a_reader, "the first message since a time is sought in all lanes") {
  write(1, 8);
  write(2, 0);
  write(3);
  CHECK(since(time_of(0))->seq == 1);
  CHECK(since(time_of(1000))->seq == 1);
  CHECK(since(time_of(1000) + std::chrono::nanoseconds{1})->seq == 2);
  CHECK(since(time_of(2001))->seq == 3);
  CHECK(since(time_of(3001))->seq == 0);
}

TEST_CASE_METHOD(a_reader, "logs are loaded and surveyed") {
  write(1);
  write(5);
  auto loaded = ask<log_loaded>(testee, load_log{7});
  CHECK(loaded->log.last_seq == 5);
  CHECK(loaded->log.entries.size() == 2);
  auto surveyed = ask<logs_surveyed>(testee, survey_logs{});
  REQUIRE(surveyed->logs.size() == 1);
  CHECK(surveyed->logs[0].topic == 7);
  CHECK(surveyed->logs[0].messages == 2);
}

TEST_CASE_METHOD(a_reader, "what cannot be read is unavailable, until it can be") {
  write(1);
  SECTION("it cannot be opened") {
    disk->fail_open_reader = true;
    CHECK(detail_of(read(request()).failure()) == "unable to open database file");
    disk->fail_open_reader = false;
  }
  SECTION("a read fails, and so the next one opens it anew") {
    REQUIRE(read(request()).replied());
    disk->fail_read = true;
    CHECK(read(request()).error() == errc::unavailable);
    CHECK(since(time_of(0)).error() == errc::unavailable);
    CHECK(ask<log_loaded>(testee, load_log{7}).error() == errc::unavailable);
    disk->fail_open_reader = true;
    disk->fail_read = false;
    CHECK(detail_of(ask<logs_surveyed>(testee, survey_logs{}).failure())
          == "unable to open database file");
    disk->fail_open_reader = false;
  }
  CHECK(read(request())->messages.size() == 1);
}
