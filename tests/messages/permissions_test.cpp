#include "messages/permissions.hpp"

#include "tests/catch.hpp"

#include <random>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

using namespace muster;

namespace {

/// The same pattern, of letters and slashes, as a regular expression: slow, and right.
std::regex as_regex(std::string_view pattern) {
  std::string out;
  for (std::size_t i = 0; i < pattern.size();) {
    std::size_t stars = 0;
    while (i < pattern.size() && pattern[i] == '*') {
      ++stars;
      ++i;
    }
    if (stars > 0)
      out += stars == 1 ? "[^/]*" : "[\\s\\S]*";
    else
      out += pattern[i++];
  }
  return std::regex{out};
}

class text_maker {
public:
  std::string make(std::string_view letters, std::size_t longest) {
    std::string text(random_() % (longest + 1), ' ');
    for (auto& letter : text)
      letter = letters[random_() % letters.size()];
    return text;
  }
  std::size_t pick(std::size_t below) { return random_() % below; }

private:
  std::mt19937 random_{20261123};
};

bool may_publish(std::string_view permissions, std::string_view name) {
  return permits(permissions, topic_right::publish, name);
}

bool may_subscribe(std::string_view permissions, std::string_view name) {
  return permits(permissions, topic_right::subscribe, name);
}

} // namespace

TEST_CASE("a pattern of a topic matches the whole name") {
  CHECK(matches_topic("/orders", "/orders"));
  CHECK_FALSE(matches_topic("/orders", "/orders/new"));
  CHECK_FALSE(matches_topic("/orders", "x/orders"));
  CHECK_FALSE(matches_topic("orders", "/orders"));
  CHECK_FALSE(matches_topic("", "/orders"));
  CHECK_FALSE(matches_topic("/Orders", "/orders"));
}

TEST_CASE("one star stops at a slash, two do not") {
  CHECK(matches_topic("/orders/*", "/orders/new"));
  CHECK(matches_topic("/orders/*", "/orders/"));
  CHECK_FALSE(matches_topic("/orders/*", "/orders/new/urgent"));
  CHECK(matches_topic("/orders/**", "/orders/new/urgent"));
  CHECK(matches_topic("/*/urgent", "/new/urgent"));
  CHECK_FALSE(matches_topic("/*/urgent", "/new/and/urgent"));
  CHECK(matches_topic("/**/urgent", "/new/and/urgent"));
  CHECK(matches_topic("/*/**", "/a/b/c"));
  CHECK_FALSE(matches_topic("*", "/a"));
  CHECK(matches_topic("**", "/a"));
  CHECK(matches_topic("***", "/a/b"));
}

TEST_CASE("every character of a topic's pattern but the star is itself") {
  CHECK_FALSE(matches_topic("/a.c", "/abc"));
  CHECK_FALSE(matches_topic("/a?c", "/abc"));
  CHECK(matches_topic("/[a]+*", "/[a]+b"));
  CHECK(matches_topic("/caf\xC3\xA9*", "/caf\xC3\xA9s"));
}

TEST_CASE("patterns of topics match as regular expressions say") {
  text_maker texts;
  int matched = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto pattern = texts.make("ab/**", 7);
    const auto name = texts.make("ab/", 8);
    const bool expected = std::regex_match(name, as_regex(pattern));
    matched += expected ? 1 : 0;
    if (matches_topic(pattern, name) != expected)
      FAIL(pattern << " of " << name);
  }
  CHECK(matched > 200);
}

TEST_CASE("a permission with many stars is no work") {
  std::string pattern;
  for (int i = 0; i < 1000; ++i)
    pattern += i % 2 == 0 ? "*a" : "**a";
  const std::string name(200, 'a');
  CHECK_FALSE(matches_topic(pattern, name));
  CHECK_FALSE(matches_topic(pattern.substr(0, 200) + "b", name));
  CHECK(matches_topic(pattern.substr(0, 200), name));
  CHECK(matches_topic(std::string(5000, '*'), name));
}

TEST_CASE("a right is one for publishing or for subscribing") {
  constexpr auto permissions = "pub=/orders/*\nsub=/prices/**";
  CHECK(may_publish(permissions, "/orders/new"));
  CHECK_FALSE(may_subscribe(permissions, "/orders/new"));
  CHECK(may_subscribe(permissions, "/prices/eu/de"));
  CHECK_FALSE(may_publish(permissions, "/prices/eu/de"));
  CHECK_FALSE(may_publish("", "/orders/new"));
  CHECK_FALSE(may_publish("PUB=/a", "/a"));
  CHECK_FALSE(may_publish("publish=/a", "/a"));
  CHECK_FALSE(may_publish("pub", "/a"));
}

TEST_CASE("any line gives a right, whatever stands around it") {
  constexpr auto permissions = "\n  pub= /a \r\n\r\n# nothing\nsub=/a\n\tpub=/b";
  CHECK(may_publish(permissions, "/a"));
  CHECK(may_publish(permissions, "/b"));
  CHECK(may_subscribe(permissions, "/a"));
  CHECK_FALSE(may_subscribe(permissions, "/b"));
  CHECK_FALSE(may_publish(permissions, "nothing"));
}

TEST_CASE("an empty pattern gives nothing") {
  CHECK_FALSE(may_publish("pub=", "/a"));
  CHECK_FALSE(may_publish("pub=\n", "/a"));
}

TEST_CASE("a right is there when one of its lines matches") {
  text_maker texts;
  int granted = 0;
  for (int i = 0; i < 1000; ++i) {
    std::string permissions;
    std::vector<std::string> publish;
    std::vector<std::string> subscribe;
    for (auto lines = texts.pick(5); lines > 0; --lines) {
      const auto pattern = texts.make("ab/**", 4);
      const bool pub = texts.pick(2) == 0;
      (pub ? publish : subscribe).push_back(pattern);
      permissions += (pub ? "pub=" : "sub=") + pattern + "\n";
    }
    const auto name = texts.make("ab/", 4) + "a";
    const auto any = [&](const std::vector<std::string>& patterns) {
      bool out = false;
      for (const auto& each : patterns)
        out = out || std::regex_match(name, as_regex(each));
      return out;
    };
    granted += any(publish) ? 1 : 0;
    REQUIRE(may_publish(permissions, name) == any(publish));
    REQUIRE(may_subscribe(permissions, name) == any(subscribe));
  }
  CHECK(granted > 30);
}
