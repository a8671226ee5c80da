#include "messages/time.hpp"

#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <cstdint>
#include <string>

using namespace muster;

namespace {

timestamp at(std::int64_t micros) {
  return timestamp{std::chrono::microseconds{micros}};
}

} // namespace

TEST_CASE("times are written with six digits of a second, always") {
  CHECK(to_rfc3339(at(1795459945978086)) == "2026-11-23T18:52:25.978086Z");
  CHECK(to_wire_time(at(1795459945978086)) == "2026-11-23T18:52:25.978086");
  CHECK(to_wire_time(at(0)) == "1970-01-01T00:00:00.000000");
  CHECK(to_wire_time(at(-1)) == "1969-12-31T23:59:59.999999");
}

TEST_CASE("RFC 3339 is read with any offset and up to nine digits") {
  const auto noon = at(1795435200000000);
  for (const auto* text :
       {"2026-11-23T12:00:00Z", "2026-11-23t12:00:00z", "2026-11-23 12:00:00Z",
        "2026-11-23T12:00:00.0Z", "2026-11-23T12:00:00.000000000Z", "2026-11-23T13:30:00+01:30",
        "2026-11-23T02:00:00-10:00", "2026-11-24T00:00:00+12:00", "2026-11-23T11:59:60Z"})
    CHECK(parse_rfc3339(text) == noon);
  CHECK(parse_rfc3339("2026-11-23T12:00:00.5Z") == noon + std::chrono::milliseconds{500});
  CHECK(parse_rfc3339("2026-11-23T12:00:00.000000001Z") == noon + std::chrono::nanoseconds{1});
  CHECK(parse_rfc3339("2024-02-29T00:00:00Z"));
}

TEST_CASE("what is no time is refused") {
  for (const auto* text : {"",
                           "2026",
                           "2026-11-23",
                           "2026-11-23T12:00:00",
                           "2026-11-23T12:00Z",
                           "2026-11-23T12:00:00.Z",
                           "2026-11-23T12:00:00.1234567890Z",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T12:60:00Z",
                           "2026-11-23T12:00:61Z",
                           "2026-11-23T12:00:00+1:00",
                           "2026-11-23T12:00:00+24:00",
                           "2026-11-23T12:00:00Z ",
                           " 2026-11-23T12:00:00Z",
                           "2026-1-23T12:00:00Z",
                           "0001-01-01T00:00:00Z",
                           "9999-01-01T00:00:00Z",
                           "2026-11-23T12:00:00,5Z"})
    CHECK_FALSE(parse_rfc3339(text));
}

TEST_CASE("every time is read back as it was written") {
  CHECK(rc::check([] {
    const auto time = at(*rc::gen::inRange<std::int64_t>(-9000000000000000, 9000000000000000));
    RC_ASSERT(parse_rfc3339(to_rfc3339(time)) == time);
  }));
}
