#include "tests/catch.hpp"
#include "tests/fuzz/message_holds.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

TEST_CASE("everything that the fuzzer has found is still handled well") {
  auto files = 0;
  for (const auto& entry : std::filesystem::directory_iterator{MUSTER_FUZZ_CORPUS}) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    CHECK(muster::test::message_holds(bytes));
    ++files;
  }
  CHECK(files > 0);
}
