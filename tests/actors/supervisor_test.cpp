#include "actors/spawn.hpp"
#include "actors/supervisor.hpp"
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
  CHECK((known.store && known.hasher && known.accounts && known.services && known.registry
         && known.lister && known.channels && known.operations));
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
  REQUIRE(fail(&house::store));
  CHECK(now().accounts != known.accounts);
  CHECK(now().registry == known.registry);
  CHECK(ask<token_list>(now().accounts, list_tokens{}));
  CHECK(announced == 2);
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
