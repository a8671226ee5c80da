#include "server/spare_memory.hpp"

#include "tests/catch.hpp"

using namespace muster;

TEST_CASE("memory is given back once after many have gone, when no more go") {
  spare_memory testee;
  CHECK(!testee.look(50));
  CHECK(!testee.look(10'000));
  CHECK(!testee.look(6'000));
  CHECK(!testee.look(1'200));
  CHECK(testee.look(1'150));
  CHECK(!testee.look(1'150));
  CHECK(!testee.look(50));
  CHECK(testee.look(50));
  CHECK(!testee.look(50));
}

TEST_CASE("a few that come and go cost nothing") {
  spare_memory testee;
  for (int i = 0; i < 1000; ++i) {
    CHECK(!testee.look(5'000));
    CHECK(!testee.look(4'100));
  }
}

TEST_CASE("those who go little by little leave memory to be given back as well") {
  spare_memory testee;
  std::size_t given = 0;
  for (std::size_t actors = 10'050; actors > 50; actors -= 50)
    given += testee.look(actors) ? 1 : 0;
  CHECK(given == 9);
}
