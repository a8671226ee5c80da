#include "actors/hasher.hpp"

#include "messages/secret.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/catch.hpp"

#include <utility>
#include <vector>

using namespace muster;

namespace {

/// Workers that do nothing until they are told to.
class idle_workers final : public caf::execution_unit {
public:
  using caf::execution_unit::execution_unit;
  void exec_later(caf::resumable* job) override { jobs.push_back(job); }

  std::vector<caf::resumable*> jobs;
};

struct a_hasher : test::actor_world {
  hasher_actor testee = start<hasher>(static_cast<caf::execution_unit*>(&loop), std::size_t{2});

  bool check(const std::string& secret, const std::string& hash) {
    return ask<secret_checked>(testee, check_secret{secret, hash})->right;
  }
};

} // namespace

TEST_CASE_METHOD(a_hasher, "a secret is right for its own hash alone") {
  const auto hash = ask<secret_hash>(testee, hash_secret{"open sesame"})->hash;
  CHECK(verify_password(hash, "open sesame"));
  CHECK(check("open sesame", hash));
  CHECK(!check("open barley", hash));
  CHECK(!check("open sesame", "no hash at all"));
}

TEST_CASE_METHOD(a_hasher, "a secret that was right lately is not computed again") {
  const auto hash = hash_password("open sesame");
  REQUIRE(check("open sesame", hash));
  const auto before = std::chrono::steady_clock::now();
  for (int i = 0; i < 200; ++i)
    CHECK(check("open sesame", hash));
  // Two hundred computations take seconds.
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{1});
}

TEST_CASE_METHOD(test::actor_world, "more than the bound are refused while the workers are busy") {
  idle_workers workers{&system};
  auto testee = start<hasher>(static_cast<caf::execution_unit*>(&workers), std::size_t{2});
  std::vector<test::answer<secret_checked>> answers;
  for (std::size_t i = 0; i < hasher::max_waiting; ++i)
    answers.push_back(ask_later<secret_checked>(testee, check_secret{"x", "no hash"}));
  settle();
  auto refused = ask<secret_checked>(testee, check_secret{"x", "no hash"});
  CHECK(refused.error() == errc::too_many_requests);
  CHECK(ask<secret_hash>(testee, hash_secret{"x"}).error() == errc::too_many_requests);
  CHECK(workers.jobs.size() == 2);

  while (!workers.jobs.empty()) {
    for (auto* job : std::exchange(workers.jobs, {}))
      loop.exec_later(job);
    settle();
  }
  for (const auto& answer : answers)
    CHECK(answer.replied());
  exit(testee);
}
