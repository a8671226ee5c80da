#include "actors/checked_secrets.hpp"

#include "tests/catch.hpp"

using namespace muster;

namespace {

const deadline start{std::chrono::hours{1}};

} // namespace

TEST_CASE("a secret is known for the hash that it was checked against, and for no other") {
  checked_secrets known;
  CHECK(!known.knows("hash", "secret", start));
  known.remember("hash", "secret", start);
  CHECK(known.knows("hash", "secret", start));
  CHECK(!known.knows("hash", "another", start));
  CHECK(!known.knows("changed hash", "secret", start));
  CHECK(!known.knows("hashs", "ecret", start));
}

TEST_CASE("a secret is forgotten after ten minutes, however often it is asked for") {
  checked_secrets known;
  known.remember("hash", "secret", start);
  known.remember("hash", "secret", start + std::chrono::minutes{9});
  CHECK(known.knows("hash", "secret", start + std::chrono::seconds{599}));
  CHECK(!known.knows("hash", "secret", start + std::chrono::minutes{10}));
  CHECK(known.size() == 0);
}

TEST_CASE("of too many secrets the oldest are forgotten") {
  checked_secrets known;
  for (std::size_t i = 0; i < checked_secrets::max_entries + 5; ++i)
    known.remember("hash", std::to_string(i), start);
  CHECK(known.size() == checked_secrets::max_entries);
  CHECK(!known.knows("hash", "4", start));
  CHECK(known.knows("hash", "5", start));
}
