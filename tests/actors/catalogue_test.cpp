#include "tests/actors/one_catalogue.hpp"

#include "messages/codec.hpp"
#include "messages/secret.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

constexpr const char* shop = R"({"name":"shop","path":"/shop"})";
constexpr const char* safe = R"({"name":"safe","path":"/safe","security":"basic",)"
                             R"("credentials":[{"username":"user1","secret":"one"},)"
                             R"({"username":"user2","secret":"two"}]})";

std::string stored(const fake_storage& disk, const std::string& name) {
  const auto found = disk.on_disk.find({document_kind::channel, name});
  return found == disk.on_disk.end() ? std::string{} : found->second;
}

std::string hash_of(const channel_definition& definition, const std::string& username) {
  for (const auto& known : definition.credentials)
    if (known.username == username)
      return known.secret_hash;
  return {};
}

/// A hasher that never says anything.
class mute_hasher {
public:
  using handle = hasher_actor;
  explicit mute_hasher(handle::pointer self) : self_{self} {}
  handle::behavior_type start() {
    return {
        [this](const hash_secret&) {
          return self_->make_response_promise<caf::typed_response_promise<secret_hash>>();
        },
        [this](const check_secret&) {
          return self_->make_response_promise<caf::typed_response_promise<secret_checked>>();
        },
    };
  }

private:
  handle::pointer self_;
};

} // namespace

TEST_CASE_METHOD(one_catalogue, "a channel of the file is started and kept") {
  CHECK(find("filed")->from_file);
  CHECK(doors.at("/filed") == find("filed")->actor);
  CHECK(!stored(*disk, "filed").empty());
  CHECK(fatal.empty());
}

TEST_CASE_METHOD(one_catalogue, "a channel that was created is there in the next life") {
  CHECK(create(shop).replied());
  CHECK(doors.at("/shop"));
  exit(testee);
  begin();
  CHECK(count() == 2);
  CHECK(!find("shop")->from_file);
  CHECK(doors.at("/shop") == find("shop")->actor);
}

TEST_CASE_METHOD(one_catalogue, "the file wins at the start of the server and not at a restart") {
  CHECK(edit("filed", R"({"token_ttl":200})").replied());
  auto ttl = 200.0;
  SECTION("a restart of the catalogue") {
    tell(testee, drill{});
  }
  SECTION("a restart of the server") {
    exit(testee);
    ports.settled = std::make_shared<bool>(false);
    ttl = 100;
  }
  begin();
  CHECK(find("filed")->definition->token_ttl == ttl);
  CHECK(find("filed")->from_file);
}

TEST_CASE_METHOD(one_catalogue, "a damaged definition is not used, and the others are") {
  create(shop);
  disk->on_disk[{document_kind::channel, "shop"}] = "damaged";
  exit(testee);
  begin();
  CHECK(count() == 1);
  CHECK(find("shop").error() == errc::not_found);
}

TEST_CASE_METHOD(one_catalogue, "channels that cannot be read stop the server") {
  exit(testee);
  disk->fail_load = true;
  begin();
  CHECK(fatal.size() == 1);
}

TEST_CASE_METHOD(one_catalogue, "what is asked while it loads waits") {
  exit(testee);
  testee = start<catalogue>(std::make_shared<const house>(first), ports);
  auto found = ask_later<channel_info>(testee, find_channel{"filed"});
  auto listed = ask_later<channel_list>(testee, list_channels{});
  settle();
  CHECK(found->definition->name == "filed");
  CHECK(listed->items.size() == 1);
}

TEST_CASE_METHOD(one_catalogue, "a channel needs a name, a place and a listener of its own") {
  create(shop);
  CHECK(create(shop).error() == errc::conflict);
  CHECK(create(R"({"name":"other","path":"/shop"})").error() == errc::conflict);
  CHECK(create(R"({"name":"other","path":"/o","listener":"nobody's"})").error()
        == errc::bad_request);
  CHECK(edit("shop", R"({"path":"/filed"})").error() == errc::conflict);
  CHECK(edit("nobody", "{}").error() == errc::not_found);
  CHECK(count() == 2);
}

TEST_CASE_METHOD(one_catalogue, "an edit that was overtaken is refused") {
  const auto before = etag_of(*find("filed")->definition);
  CHECK(edit("filed", R"({"token_ttl":7})", before).replied());
  CHECK(edit("filed", R"({"token_ttl":8})", before).error() == errc::precondition_failed);
  CHECK(edit("filed", "", before).error() == errc::precondition_failed);
  CHECK(find("filed")->definition->token_ttl == 7);
}

TEST_CASE_METHOD(one_catalogue, "a dry run changes nothing and says what would be") {
  on_roll("filed");
  const auto would = edit("filed", R"({"is_active":false})", "*", true);
  CHECK(!would->info.definition->is_active);
  CHECK(would->closes == std::vector<std::string>{"ws.1"});
  CHECK(edit("filed", "", "*", true)->closes.size() == 1);
  CHECK(find("filed")->definition->is_active);
  CHECK(doors.at("/filed"));
}

TEST_CASE_METHOD(one_catalogue, "a channel that is not active or deleted is not found outside") {
  SECTION("not active") {
    edit("filed", R"({"is_active":false})");
  }
  SECTION("deleted") {
    edit("filed", "");
    CHECK(stored(*disk, "filed").empty());
    CHECK(count() == 0);
  }
  CHECK(!doors.at("/filed"));
}

TEST_CASE_METHOD(one_catalogue, "an edit that cannot be kept is none") {
  disk->fail_put = true;
  CHECK(edit("filed", R"({"token_ttl":7})").error() == errc::unavailable);
  CHECK(create(shop).error() == errc::unavailable);
  disk->fail_put = false;
  CHECK(find("filed")->definition->token_ttl == 100);
  CHECK(find("shop").error() == errc::not_found);
  CHECK(create(shop).replied());
}

TEST_CASE_METHOD(one_catalogue, "secrets are hashed once and keep their hashes when they stay") {
  const auto made = *create(safe);
  CHECK(hash_of(*made.definition, "user1") == "hash of one");
  CHECK(hashes->hashed == 2);
  on_roll("safe", "user1");
  on_roll("safe", "user2");
  const auto edited = *edit("safe", R"({"credentials":[{"username":"user1","secret":"one"},)"
                                    R"({"username":"user2","secret":"new"}]})");
  CHECK(hashes->hashed == 3);
  CHECK(hash_of(*edited.info.definition, "user2") == "hash of new");
  CHECK(edited.closes == std::vector<std::string>{"ws.2"});
}

TEST_CASE_METHOD(one_catalogue, "a credential without a secret keeps the one that it has") {
  create(safe);
  const auto edited = *edit("safe", R"({"credentials":[{"username":"user2"}]})");
  CHECK(edited.info.definition->credentials.size() == 1);
  CHECK(hash_of(*edited.info.definition, "user2") == "hash of two");
  CHECK(edit("safe", R"({"credentials":[{"username":"user1"}]})").failed());
}

TEST_CASE_METHOD(one_catalogue, "thousands of keys are settled") {
  std::string keys;
  for (int i = 0; i < 5000; ++i)
    keys += (i == 0 ? "" : ",") + (R"({"name":"till )" + std::to_string(i) + R"(","key":"k)")
            + std::to_string(i) + "\"}";
  const auto made =
      *create(R"({"name":"tills","path":"/tills","security":"api_key","keys":[)" + keys + "]}");
  CHECK(made.definition->credentials.size() == 5000);
  CHECK(hash_of(*made.definition, "till 4999") == sha256_hex("k4999"));
}

TEST_CASE_METHOD(one_catalogue, "an edit does not wait for one who failed") {
  auto other = first;
  other.hasher = start<mute_hasher>();
  tell(testee, std::make_shared<const house>(other));
  const auto waiting = create(safe);
  CHECK(waiting.pending());
  tell(testee, std::make_shared<const house>(first));
  CHECK(waiting.error() == errc::unavailable);
  CHECK(create(safe).replied());
}

TEST_CASE_METHOD(one_catalogue, "a channel that fails is started anew with its connections") {
  on_roll("filed");
  on_roll("elsewhere");
  const auto before = find("filed")->actor;
  tell(before, drill{});
  CHECK(find("filed")->actor != before);
  CHECK(doors.at("/filed") == find("filed")->actor);
  CHECK(find("filed")->connections == 1);
  CHECK(find("filed")->sessions == 1);
}

TEST_CASE_METHOD(one_catalogue, "one that comes after a catalogue hands all connections over") {
  create(shop);
  on_roll("filed");
  on_roll("shop");
  on_roll("shop");
  tell(testee, drill{});
  begin();
  CHECK(find("filed")->connections == 1);
  CHECK(find("shop")->connections == 2);
}

TEST_CASE_METHOD(one_catalogue, "a channel that fails all the time stops the server") {
  for (int i = 0; i < 5; ++i)
    tell(find("filed")->actor, drill{});
  CHECK(fatal.empty());
  tell(find("filed")->actor, drill{});
  REQUIRE(fatal.size() == 1);
  CHECK(fatal[0].find("channel filed failed") != std::string::npos);
}

TEST_CASE_METHOD(one_catalogue, "a dry run of a new channel checks it and leaves nothing") {
  const auto check = [this](const std::string& json) {
    return ask<channel_info>(testee, create_channel{json, true});
  };
  const auto good = check(R"({"name":"a","path":"/a","listener":"127.0.0.1:9"})");
  REQUIRE(good.replied());
  CHECK(good->definition->path == "/a");
  CHECK(good->connections == 0);
  CHECK(find("a").error() == errc::not_found);
  CHECK(!doors.at("/a"));
  CHECK(count() == 1);
  CHECK(create(R"({"name":"a","path":"/a"})").replied());
  const auto taken = check(R"({"name":"a","path":"/b"})");
  CHECK(taken.error() == errc::conflict);
  CHECK(field_of(taken.failure()) == "name");
  CHECK(field_of(check(R"({"name":"b","path":"/a"})").failure()) == "path");
  CHECK(field_of(check(R"({"name":"b","path":"/b","listener":"x"})").failure()) == "listener");
  CHECK(field_of(check(R"({"name":"b","path":"/b","service":"http://"})").failure()) == "service");
  CHECK(field_of(check(R"({"name":"b","path":"b"})").failure()) == "path");
}
