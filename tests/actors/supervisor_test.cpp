#include "actors/spawn.hpp"
#include "actors/supervisor.hpp"
#include "messages/codec.hpp"
#include "tests/actors/fake_doors.hpp"
#include "tests/actors/fake_http_caller.hpp"
#include "tests/actors/fake_storage.hpp"
#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <string>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

publish message_of(std::string json) {
  publish made;
  made.data = std::move(json);
  return made;
}

/// A supervisor with everyone whom it starts, on CAF's own scheduler, since the store has a thread
/// of its own.
class one_supervisor {
public:
  one_supervisor() {
    foundations ground;
    ground.storage = disk;
    ground.workers = &any_loop(system);
    ground.http = &http;
    ground.channels.doors = &doors;
    ground.channels.fatal = [this](const std::string& reason) { stopped.set_value(reason); };
    ground.topics.fatal = ground.channels.fatal;
    ground.announce = [this](const house_ptr&) { ++announced; };
    testee = spawn<supervisor>(system, std::move(ground));
    known = now();
  }
  ~one_supervisor() { caf::anon_send_exit(testee, caf::exit_reason::user_shutdown); }

  template <class Reply, class Handle, class Request>
  caf::expected<Reply> ask(const Handle& whom, Request request) {
    caf::expected<Reply> result{caf::none};
    caf::scoped_actor asker{system};
    asker->request(whom, 10s, std::move(request))
        .receive([&](Reply& reply) { result = std::move(reply); },
                 [&](caf::error& why) { result = std::move(why); });
    return result;
  }
  house now() { return **ask<house_ptr>(testee, find_house{}); }

  /// Has it fail, and waits until the houses differ.
  template <class Handle>
  bool fail(Handle house::*who) {
    known = now();
    caf::anon_send(caf::actor_cast<caf::actor>(known.*who), drill{});
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (now().*who == known.*who)
      if (std::chrono::steady_clock::now() > end)
        return false;
    return true;
  }

  std::shared_ptr<fake_storage> disk = std::make_shared<fake_storage>();
  fake_http_caller http;
  fake_doors doors;
  std::promise<std::string> stopped;
  std::atomic<int> announced{0};
  caf::actor_system_config config;
  caf::actor_system system{config};
  /// Before the last failure.
  house known;
  supervisor_actor testee;
};

} // namespace

TEST_CASE_METHOD(one_supervisor, "everyone is there and can be asked for") {
  CHECK(announced == 1);
  CHECK((known.store && known.reader && known.hasher && known.accounts && known.services
         && known.registry && known.lister && known.topics && known.channels && known.operations));
}

TEST_CASE_METHOD(one_supervisor, "who fails is started anew, and all are told") {
  REQUIRE(fail(&house::registry));
  const auto addresses = now();
  CHECK(announced == 2);
  CHECK(addresses.lister == known.lister);
  CHECK(addresses.channels == known.channels);
  CHECK(ask<snapshot_taken>(addresses.registry, take_snapshot{}));
  // Who keeps addresses has the new one.
  CHECK(ask<connection_page>(addresses.lister, connection_query{}));
  const auto called =
      ask<invoke_finished>(addresses.operations, start_invoke{"ws.1", "{}", 1s, "ada"});
  CHECK(code_of(called.error()) == errc::not_found);
}

TEST_CASE_METHOD(one_supervisor, "who keeps the store's address goes and comes with it") {
  // It has read what it needs: from now on it fails with nobody but the store.
  REQUIRE(ask<token_list>(known.accounts, list_tokens{}));
  REQUIRE(fail(&house::store));
  CHECK(now().accounts != known.accounts);
  CHECK(now().registry == known.registry);
  CHECK(ask<token_list>(now().accounts, list_tokens{}));
  CHECK(announced == 2);
}

TEST_CASE_METHOD(one_supervisor,
                 "topics outlive the store and the reader, and come back themselves") {
  REQUIRE(ask<found_topic>(known.topics, find_topic{"news", 0, true}));
  REQUIRE(fail(&house::store));
  REQUIRE(fail(&house::reader));
  CHECK(now().topics == known.topics);
  const auto told = ask<found_topic>(now().topics, find_topic{"news", 0, false});
  REQUIRE(told);
  // Through the store that came last.
  CHECK(ask<published>(told->actor, message_of("1"))->seq == 1);
  REQUIRE(fail(&house::topics));
  const auto again = ask<found_topic>(now().topics, find_topic{"news", 0, false});
  REQUIRE(again);
  CHECK(again->definition->number == told->definition->number);
  CHECK(ask<published>(again->actor, message_of("2"))->seq == 2);
}

TEST_CASE_METHOD(one_supervisor, "five restarts in five seconds are all there are") {
  for (int i = 0; i < 4; ++i)
    REQUIRE(fail(&house::registry));
  REQUIRE(fail(&house::operations));
  CHECK(announced == 6);
  caf::anon_send(caf::actor_cast<caf::actor>(now().lister), drill{});
  const auto reason = stopped.get_future().get();
  CHECK(reason.starts_with("lister failed, after more than five restarts in five seconds"));
  CHECK(announced == 6);
}

TEST_CASE_METHOD(one_supervisor, "a drain is answered") {
  CHECK(ask<done>(testee, drain_connections{1s}));
}

TEST_CASE_METHOD(one_supervisor,
                 "who keeps stored data is started anew when a backup takes its place") {
  api_token kept{"t", "kept", role::admin, "hash", 1};
  disk->backup.emplace();
  disk->backup->first[{document_kind::token, "t"}] = to_bytes(kept);
  REQUIRE(ask<token_created>(known.accounts, create_token{"late", role::admin, {}}));
  REQUIRE(ask<done>(testee, reload_state{}));
  const auto addresses = now();
  CHECK(addresses.era == 1);
  CHECK(announced == 2);
  CHECK(addresses.store != known.store);
  CHECK(addresses.reader != known.reader);
  CHECK(addresses.accounts != known.accounts);
  CHECK(addresses.topics != known.topics);
  CHECK(addresses.channels != known.channels);
  CHECK(addresses.registry == known.registry);
  CHECK(addresses.hasher == known.hasher);
  CHECK(addresses.operations == known.operations);
  const auto tokens = ask<token_list>(addresses.accounts, list_tokens{});
  REQUIRE(tokens);
  REQUIRE(tokens->items.size() == 1);
  CHECK(tokens->items[0].name == "kept");
  // Nobody can write what belongs to the old data.
  CHECK(!ask<done>(known.store, put_document{document_kind::token, "stale", "x"}));
  CHECK(disk->on_disk.size() == 1);
  // They are watched as before.
  REQUIRE(fail(&house::store));
  REQUIRE(fail(&house::topics));
  CHECK(now().era == 1);
}

TEST_CASE_METHOD(one_supervisor, "a backup that cannot be taken up changes nothing") {
  REQUIRE(ask<token_created>(known.accounts, create_token{"kept", role::admin, {}}));
  SECTION("none waits") {
    CHECK(code_of(ask<done>(testee, reload_state{}).error()) == errc::conflict);
    CHECK(announced == 1);
  }
  SECTION("the disk refuses") {
    disk->backup.emplace();
    disk->fail_take_up = true;
    const auto refused = ask<done>(testee, reload_state{});
    REQUIRE(!refused);
    CHECK(code_of(refused.error()) == errc::unavailable);
    CHECK(detail_of(refused.error()) == "no room");
    CHECK(announced == 2);
  }
  CHECK(now().era == 0);
  CHECK(ask<token_list>(now().accounts, list_tokens{})->items.size() == 1);
  CHECK(ask<channel_list>(now().channels, list_channels{}));
  CHECK(ask<topic_list>(now().topics, list_topics{}));
}

TEST_CASE_METHOD(one_supervisor, "one backup is taken up at a time") {
  disk->backup.emplace();
  caf::scoped_actor one{system};
  caf::scoped_actor other{system};
  auto first = one->request(testee, 10s, reload_state{});
  auto second = other->request(testee, 10s, reload_state{});
  caf::error refused;
  const auto fine = [](const done&) {};
  first.receive(fine, [&](const caf::error& why) { refused = why; });
  CHECK(!refused);
  second.receive(fine, [&](const caf::error& why) { refused = why; });
  CHECK(code_of(refused) == errc::conflict);
  CHECK(now().era == 1);
}
