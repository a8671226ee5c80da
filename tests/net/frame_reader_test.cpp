#include "net/frame_reader.hpp"

#include "tests/catch.hpp"
#include "tests/net/raw_client.hpp"

#include <algorithm>
#include <random>
#include <vector>

using namespace muster;
using test::client_frame;
using test::close_frame;

namespace {

/// Writes down what it is told.
struct listener final : frame_sink {
  bool on_message(std::string_view payload, bool text) override {
    return note(text ? "text " : "binary ", payload);
  }
  bool on_ping(std::string_view payload) override { return note("ping ", payload); }
  bool on_pong() override { return note("pong", {}); }
  bool on_close(std::string_view payload) override {
    note("close ", payload);
    return false;
  }
  bool on_fragments() override { return note("fragments", {}); }
  void on_fault(frame_fault fault, const char*) override {
    note("fault ", std::to_string(static_cast<int>(fault)));
  }

  bool note(std::string_view what, std::string_view payload) {
    heard.emplace_back(what).append(payload);
    return --wanted > 0;
  }

  std::vector<std::string> heard;
  int wanted = 1'000'000;
};

constexpr int any_number = 1'000'000;

/// What is heard of the bytes when they come in pieces of that size.
std::vector<std::string> heard_of(std::string bytes, std::size_t piece = 1'000'000,
                                  std::size_t limit = 65536) {
  frame_reader testee;
  testee.limit(limit);
  listener sink;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto size = std::min(piece, bytes.size() - at);
    if (testee.read({bytes.data() + at, size}, sink, any_number) < size)
      break;
    at += size;
    if (!sink.heard.empty()
        && (sink.heard.back().starts_with("fault") || sink.heard.back().starts_with("close")))
      break;
  }
  return sink.heard;
}

std::vector<std::string> list(std::initializer_list<std::string> texts) {
  return texts;
}

std::string fragments(std::uint32_t count) {
  auto frames = client_frame(1, "", false);
  for (std::uint32_t i = 2; i < count; ++i)
    frames += client_frame(0, "", false);
  return frames + client_frame(0, "", true);
}

/// A header as the RFC draws it, and no payload.
std::string header(std::initializer_list<int> octets) {
  std::string bytes;
  for (const auto octet : octets)
    bytes += static_cast<char>(octet);
  return bytes;
}

} // namespace

TEST_CASE("frames say the same however their bytes come") {
  std::string all;
  std::vector<std::string> said;
  for (const auto size :
       std::initializer_list<std::size_t>{0, 1, 3, 7, 8, 9, 125, 126, 127, 1000, 65535, 65536}) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; ++i)
      text[i] = static_cast<char>('a' + i % 26);
    all += client_frame(1, text) + client_frame(9, "now") + client_frame(2, text)
           + client_frame(10, "");
    said.insert(said.end(), {"text " + text, "ping now", "binary " + text, "pong"});
  }
  all += client_frame(1, "one ", false) + client_frame(9, "in it") + client_frame(0, "", false)
         + client_frame(0, "two") + close_frame(4000, "bye");
  said.insert(said.end(), {"ping in it", "text one two", "close \x0f\xa0" + std::string{"bye"}});
  for (const std::size_t piece : {1U, 2U, 5U, 13U, 14U, 64U, 4096U, 1'000'000U})
    CHECK(heard_of(all, piece) == said);
}

TEST_CASE("random frames in random pieces say what was sent") {
  std::mt19937 dice{Catch::rngSeed()};
  const auto upto = [&](std::size_t most) { return dice() % (most + 1); };
  for (int round = 0; round < 200; ++round) {
    std::string bytes;
    std::vector<std::string> said;
    for (int i = 0; i < 20; ++i) {
      std::string whole;
      const auto parts = 1 + upto(3);
      for (std::size_t part = 0; part < parts; ++part) {
        const std::string text(upto(upto(1) == 0 ? 10 : 300), static_cast<char>('a' + part));
        if (part > 0 && upto(2) == 0) {
          bytes += client_frame(9, "p");
          said.emplace_back("ping p");
        }
        bytes += client_frame(part == 0 ? 2 : 0, text, part + 1 == parts);
        whole += text;
      }
      said.push_back("binary " + whole);
    }
    frame_reader testee;
    listener sink;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto size = std::min(1 + upto(200), bytes.size() - at);
      at += testee.read({bytes.data() + at, size}, sink, static_cast<int>(1 + upto(3)));
    }
    REQUIRE(sink.heard == said);
  }
}

TEST_CASE("what breaks the rules of frames is a fault, and the last thing heard") {
  const auto protocol = list({"fault 0"});
  CHECK(heard_of(header({0x81, 0x02}) + "hi") == protocol);             // no mask
  CHECK(heard_of(client_frame(3, "reserved")) == protocol);             // opcode
  CHECK(heard_of(client_frame(11, "reserved")) == protocol);            // control opcode
  CHECK(heard_of(header({0xc1, 0x80, 0, 0, 0, 0})) == protocol);        // RSV1
  CHECK(heard_of(header({0xa1, 0x80, 0, 0, 0, 0})) == protocol);        // RSV2
  CHECK(heard_of(header({0x91, 0x80, 0, 0, 0, 0})) == protocol);        // RSV3
  CHECK(heard_of(client_frame(0, "goes on with nothing")) == protocol); // continuation
  CHECK(heard_of(client_frame(1, "a", false) + client_frame(1, "b")) == protocol);
  CHECK(heard_of(client_frame(1, "a", false) + client_frame(2, "b")) == protocol);
  CHECK(heard_of(client_frame(9, "p", false)) == protocol);              // fragmented
  CHECK(heard_of(client_frame(9, std::string(126, 'p'))) == protocol);   // too long
  CHECK(heard_of(header({0x81, 0xfe, 0, 125, 0, 0, 0, 0})) == protocol); // not the shortest
  CHECK(heard_of(header({0x81, 0xff, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 0, 0})) == protocol);
  CHECK(heard_of(header({0x81, 0xff, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0})) == protocol);
}

TEST_CASE("a Close has no code, or one that may be sent, and a reason in UTF-8") {
  CHECK(heard_of(client_frame(8, "")) == list({"close "}));
  CHECK(heard_of(client_frame(8, "x")) == list({"fault 0"}));
  for (const int code : {1000, 1001, 1003, 1007, 1011, 1013, 3000, 3999, 4000, 4999})
    CHECK(heard_of(close_frame(static_cast<std::uint16_t>(code), "ok")).front().ends_with("ok"));
  for (const int code : {0, 999, 1004, 1005, 1006, 1014, 1015, 1016, 2999})
    CHECK(heard_of(close_frame(static_cast<std::uint16_t>(code))) == list({"fault 0"}));
  CHECK(heard_of(close_frame(1000, "\xff")) == list({"fault 1"}));
  CHECK(heard_of(close_frame(1000) + client_frame(1, "after the end")).size() == 1);
}

TEST_CASE("text is UTF-8, over the bounds of fragments too; binary is what it is") {
  CHECK(heard_of(client_frame(1, "\xc3\x28")) == list({"fault 1"}));
  CHECK(heard_of(client_frame(1, "\xc3", false) + client_frame(0, "\xa4"))
        == list({"text \xc3\xa4"}));
  CHECK(heard_of(client_frame(1, "\xc3")) == list({"fault 1"}));
  CHECK(heard_of(client_frame(2, "\xc3\x28")) == list({"binary \xc3\x28"}));
}

TEST_CASE("a message over the limit is a fault as soon as a header says so") {
  CHECK(heard_of(client_frame(1, "12345"), 100, 5) == list({"text 12345"}));
  CHECK(heard_of(client_frame(1, "123456").substr(0, 6), 100, 5) == list({"fault 2"}));
  CHECK(heard_of(client_frame(1, "123", false) + client_frame(0, "456"), 100, 5)
        == list({"fault 2"}));
  CHECK(heard_of(header({0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4}))
        == list({"fault 2"}));
  CHECK(heard_of(client_frame(9, "123456"), 100, 5) == list({"ping 123456"}));
}

TEST_CASE("a limit that is lowered counts for the message that comes") {
  auto bytes = client_frame(1, "123456");
  frame_reader testee;
  listener sink;
  const std::span all{bytes};
  testee.read(all.first(8), sink, any_number);
  testee.limit(5);
  testee.read(all.subspan(8), sink, any_number);
  CHECK(sink.heard == list({"fault 2"}));
}

TEST_CASE("a message may have as many fragments as allowed, and is told once that it has more") {
  const auto most = frame_reader::most_fragments;
  CHECK(heard_of(fragments(most) + fragments(most)) == list({"text ", "text "}));
  CHECK(heard_of(fragments(most + 5)) == list({"fragments", "text "}));
  auto frames = client_frame(1, "", false);
  for (std::uint32_t i = 0; i < most; ++i)
    frames += client_frame(10, "");
  CHECK(heard_of(frames + client_frame(0, "end")).back() == "text end");
}

TEST_CASE("it reads as many frames as it may, and none after the sink has had enough") {
  auto bytes = client_frame(1, "1") + client_frame(1, "2") + client_frame(1, "3");
  const auto frame = bytes.size() / 3;
  frame_reader testee;
  listener sink;
  CHECK(testee.read(bytes, sink, 2) == 2 * frame);
  CHECK(sink.heard == list({"text 1", "text 2"}));
  auto rest = client_frame(1, "3") + client_frame(1, "4");
  sink.wanted = 1;
  CHECK(testee.read(rest, sink, any_number) == frame);
  CHECK(sink.heard.back() == "text 3");
}
