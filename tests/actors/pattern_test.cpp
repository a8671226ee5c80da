#include "actors/pattern.hpp"

#include "tests/catch.hpp"

#include <random>
#include <string>

using namespace muster;

namespace {

// By definition: slow and right.
bool matches_naively(std::string_view pattern, std::string_view text) {
  if (pattern.empty())
    return text.empty();
  if (pattern.front() == '*')
    return matches_naively(pattern.substr(1), text)
           || (!text.empty() && matches_naively(pattern, text.substr(1)));
  return !text.empty() && pattern.front() == text.front()
         && matches_naively(pattern.substr(1), text.substr(1));
}

} // namespace

TEST_CASE("a pattern matches the whole name") {
  CHECK(matches("ping", "ping"));
  CHECK(!matches("ping", "pings"));
  CHECK(!matches("ping", "zato.ping"));
  CHECK(matches("pubsub.*", "pubsub.subscribe"));
  CHECK(matches("pubsub.*", "pubsub."));
  CHECK(!matches("pubsub.*", "pubsub"));
  CHECK(!matches("pubsub.*", "zato.pubsub.x"));
  CHECK(matches("*.ping", "zato.ping"));
  CHECK(matches("*", ""));
  CHECK(!matches("", "x"));
}

TEST_CASE("what stands before a star and what stands behind it may not overlap") {
  CHECK(!matches("aba*aba", "ababa"));
  CHECK(matches("aba*aba", "abaaba"));
  CHECK(!matches("*ab*b", "ab"));
}

TEST_CASE("every character but the star is itself") {
  CHECK(!matches("a.c", "abc"));
  CHECK(!matches("a?c", "abc"));
  CHECK(matches("[a]*", "[a]b"));
}

TEST_CASE("patterns match as they do by definition") {
  std::mt19937 random{20261123};
  const auto text_of = [&](std::string_view letters, std::size_t longest) {
    std::string text(random() % (longest + 1), ' ');
    for (auto& c : text)
      c = letters[random() % letters.size()];
    return text;
  };
  for (int i = 0; i < 100000; ++i) {
    const auto pattern = text_of("ab*", 6);
    const auto text = text_of("ab", 8);
    const bool right = matches(pattern, text) == matches_naively(pattern, text);
    if (!right)
      CHECK(pattern + " of " + text == "");
    REQUIRE(right);
  }
}

TEST_CASE("a pattern of many stars is no work") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i)
    pattern += "*a";
  CHECK(!matches(pattern + "*b", std::string(1000000, 'a')));
  CHECK(!matches("*" + std::string(50000, 'a') + "b*", std::string(1000000, 'a')));
}
