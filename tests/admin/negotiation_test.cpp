#include "admin/negotiation.hpp"
#include "tests/catch.hpp"

using namespace muster;

TEST_CASE("gzip is sent to those who take it") {
  for (const auto* header : {"gzip", "deflate, gzip;q=0.5, br", "GZIP", "x-gzip", "*", "br;q=1, *",
                             " gzip ; q=1.0 ", "gzip;q=0.001"})
    CHECK(takes_gzip(header));
  for (const auto* header : {"", "identity", "br, deflate", "gzip;q=0", "gzip;q=0.000", "*;q=0",
                             "*, gzip;q=0", "gzip; Q=0", "gzipped", ",,;"})
    CHECK(!takes_gzip(header));
}

TEST_CASE("a tag is found among others, weak or not") {
  for (const auto* header : {R"("a")", R"(W/"a")", R"("b", "a")", "*", R"( "b" ,W/"a" )"})
    CHECK(names_tag(header, R"("a")"));
  for (const auto* header : {"", R"("b")", "a", R"("a-gz")", ","})
    CHECK(!names_tag(header, R"("a")"));
}
