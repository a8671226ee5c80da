#include "messages/crc32.hpp"

#include "tests/catch.hpp"

#include <boost/crc.hpp>

#include <string>

using namespace muster;

TEST_CASE("the checksum is the CRC-32 that everybody knows") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xCBF43926);
}

TEST_CASE("the checksum is the same whatever the length") {
  std::string bytes;
  for (int length = 0; length < 100; ++length) {
    boost::crc_32_type expected;
    expected.process_bytes(bytes.data(), bytes.size());
    CHECK(crc32(bytes) == expected.checksum());
    bytes += static_cast<char>(length * 37 + 200);
  }
}
