#include "messages/selector.hpp"
#include "tests/catch.hpp"
#include "tests/messages/a_row.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;

namespace {

/// An expression that knows its text and, beside the parser, whether a row fits.
struct expression {
  std::string text;
  std::function<bool(const connection_row&)> holds;
};

class expression_maker {
public:
  explicit expression_maker(unsigned seed) : random_{seed} {}

  expression make(int depth) {
    switch (depth == 0 ? 3 : pick(5)) {
    case 0:
      return join(make(depth - 1), make(depth - 1), true);
    case 1:
      return join(make(depth - 1), make(depth - 1), false);
    case 2: {
      auto inner = make(depth - 1);
      return {"not (" + inner.text + ")", [f = inner.holds](const auto& r) { return !f(r); }};
    }
    default:
      return leaf();
    }
  }

  a_row row() {
    a_row result;
    result.from->channel = text();
    result.from->tls = pick(2) == 0 ? "" : text();
    result.from->connected_at = noon - std::chrono::minutes{pick(5)};
    result.who->client_id = pick(3) == 0 ? "" : text();
    result.who->tags.clear();
    if (pick(2) == 0)
      result.who->tags.emplace_back("site", text());
    result.counters->queue_bytes = static_cast<std::uint64_t>(pick(4)) * 1024;
    return result;
  }

private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }

  std::string text() {
    static const std::array<std::string, 6> texts{"a", "ab", "b", "a\"b", "a\\", "\u00e4"};
    return texts[static_cast<std::size_t>(pick(6))];
  }

  static std::string quoted_text(const std::string& plain) {
    std::string out = "\"";
    for (const char c : plain) {
      if (c == '"' || c == '\\')
        out += '\\';
      out += c;
    }
    return out + '"';
  }

  static expression join(expression a, expression b, bool both) {
    return {"(" + a.text + (both ? ") and (" : ") or (") + b.text + ")",
            [x = a.holds, y = b.holds, both](const connection_row& r) {
              return both ? x(r) && y(r) : x(r) || y(r);
            }};
  }

  template <class Value>
  expression comparison(const std::string& field, const std::string& literal, Value value,
                        std::function<std::optional<Value>(const connection_row&)> get) {
    static const std::array<std::string, 6> ops{"==", "!=", "<", "<=", ">", ">="};
    const auto op = pick(6);
    return {field + " " + ops[static_cast<std::size_t>(op)] + " " + literal,
            [op, value, get](const connection_row& r) {
              const auto found = get(r);
              if (!found)
                return false;
              switch (op) {
              case 0:
                return *found == value;
              case 1:
                return *found != value;
              case 2:
                return *found < value;
              case 3:
                return *found <= value;
              case 4:
                return *found > value;
              default:
                return *found >= value;
              }
            }};
  }

  using maybe_text = std::optional<std::string>;
  static maybe_text unless_empty(const std::string& text) {
    return text.empty() ? std::nullopt : maybe_text{text};
  }
  static maybe_text site(const connection_row& r) {
    return r.who->tags.empty() ? std::nullopt : maybe_text{r.who->tags.front().second};
  }

  expression leaf() {
    const auto value = text();
    switch (pick(7)) {
    case 0:
      return comparison<std::string>("channel", quoted_text(value), value,
                                     [](const auto& r) { return unless_empty(r.from->channel); });
    case 1:
      return comparison<std::string>("client_id", quoted_text(value), value,
                                     [](const auto& r) { return unless_empty(r.who->client_id); });
    case 2:
      return comparison<std::string>("label.site", quoted_text(value), value, site);
    case 3: {
      const auto kib = pick(4);
      return comparison<int>("queue_bytes", std::to_string(kib) + "KiB", kib, [](const auto& r) {
        return static_cast<int>(r.counters->queue_bytes.load() / 1024);
      });
    }
    case 4: {
      const auto minutes = pick(5);
      return comparison<int>("age", std::to_string(minutes) + "m", minutes, [](const auto& r) {
        return static_cast<int>((noon - r.from->connected_at) / std::chrono::minutes{1});
      });
    }
    case 5:
      return {"tls exists", [](const connection_row& r) { return !r.from->tls.empty(); }};
    default:
      return {"channel in (" + quoted_text(value) + ", \"b\")", [value](const connection_row& r) {
                return r.from->channel == value || r.from->channel == "b";
              }};
    }
  }

  std::mt19937 random_;
};

} // namespace

TEST_CASE("a selector means what its expression means") {
  for (unsigned seed = 0; seed < 400; ++seed) {
    expression_maker make{seed};
    const auto expected = make.make(5);
    selector where;
    selector_fault fault;
    INFO(expected.text);
    if (expected.text.size() > 4096)
      continue;
    REQUIRE(selector::parse(expected.text, where, fault));
    for (int i = 0; i < 20; ++i) {
      const auto each = make.row();
      REQUIRE(where.matches(each.row, noon) == expected.holds(each.row));
    }
  }
}

TEST_CASE("garbage is refused with a column within the text") {
  const std::vector<std::string> pieces{"channel",
                                        "idle",
                                        "label.",
                                        "label.x",
                                        "remote_ip",
                                        "==",
                                        "=~",
                                        "~",
                                        "<",
                                        "in",
                                        "exists",
                                        "and",
                                        "or",
                                        "not",
                                        "(",
                                        ")",
                                        "[",
                                        "]",
                                        ",",
                                        "\"",
                                        "\"a\"",
                                        "\\",
                                        "10m",
                                        "1MiB",
                                        "10.0.0.0/8",
                                        "::/0",
                                        "2026-11-23T00:00:00Z",
                                        "\u00e4",
                                        "\xff",
                                        "\x80",
                                        std::string(1, '\0'),
                                        " ",
                                        "=",
                                        "!",
                                        "99999999999999999999",
                                        "1e999",
                                        "-",
                                        ".",
                                        "\"(\"",
                                        "\"[[:\""};
  std::mt19937 random{42};
  const a_row one;
  for (int i = 0; i < 30000; ++i) {
    std::string text;
    for (auto n = random() % 12; n > 0; --n) {
      text += pieces[random() % pieces.size()];
      if (random() % 2 == 0)
        text += ' ';
    }
    selector where;
    selector_fault fault;
    if (selector::parse(text, where, fault)) {
      where.matches(one.row, noon);
      continue;
    }
    INFO(text);
    REQUIRE(fault.column >= 1);
    REQUIRE(fault.column <= text.size() + 1);
    REQUIRE(!fault.expected.empty());
  }
}
