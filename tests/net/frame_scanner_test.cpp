#include "net/frame_scanner.hpp"

#include "tests/catch.hpp"
#include "tests/net/raw_client.hpp"

using namespace muster;
using test::client_frame;

namespace {

/// The frames of one message, in one piece or octet by octet.
bool accepts(frame_scanner& testee, const std::string& frames, bool in_pieces) {
  if (!in_pieces)
    return testee.read(frames);
  bool good = true;
  for (const char& each : frames)
    good = good && testee.read({&each, 1});
  return good;
}

std::string fragments(std::uint32_t count) {
  auto frames = client_frame(1, "", false);
  for (std::uint32_t i = 2; i < count; ++i)
    frames += client_frame(0, "", false);
  return frames + client_frame(0, "", true);
}

} // namespace

TEST_CASE("a message may have as many fragments as allowed and no more") {
  for (const bool in_pieces : {false, true}) {
    frame_scanner testee;
    CHECK(accepts(testee, fragments(frame_scanner::most_fragments), in_pieces));
    CHECK(accepts(testee, fragments(frame_scanner::most_fragments), in_pieces));
    CHECK(!accepts(testee, fragments(frame_scanner::most_fragments + 1), in_pieces));
  }
}

TEST_CASE("payloads of all sizes are passed over") {
  for (const auto size :
       std::initializer_list<std::size_t>{0, 1, 125, 126, 127, 65535, 65536, 200000}) {
    for (const bool in_pieces : {false, true}) {
      frame_scanner testee;
      // A payload full of what looks like fragments; what comes after it is counted exactly.
      CHECK(accepts(testee, client_frame(2, std::string(size, '\x01')), in_pieces));
      CHECK(accepts(testee, fragments(frame_scanner::most_fragments), in_pieces));
      CHECK(!accepts(testee, fragments(frame_scanner::most_fragments + 1), in_pieces));
    }
  }
}

TEST_CASE("control frames between fragments do not count") {
  frame_scanner testee;
  auto frames = client_frame(1, "", false);
  for (std::uint32_t i = 0; i < 2 * frame_scanner::most_fragments; ++i)
    frames += client_frame(9, "ping");
  CHECK(testee.read(frames + client_frame(0, "end")));
}
