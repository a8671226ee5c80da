#include "messages/plain_text.hpp"

#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <string>

using namespace muster;

namespace {

bool is_mark(char byte) {
  return byte == '"' || byte == '\\';
}

bool is_odd(char byte) {
  const auto value = static_cast<unsigned char>(byte);
  return is_mark(byte) || value < 0x20 || value >= 0x80;
}

/// Mostly plain, of any length, with bytes of all kinds thrown in.
std::string some_text() {
  static const std::string odd = {'"', '\\', '\0',   '\x1f', ' ',    '!',    '#',
                                  '[', ']',  '\x7f', '\x80', '\xff', '\xa2', '\xdc'};
  std::string text(*rc::gen::inRange<std::size_t>(0, 80), 'a');
  for (auto left = text.empty() ? 0 : *rc::gen::inRange(0, 4); left > 0; --left)
    text[*rc::gen::inRange<std::size_t>(0, text.size())] = *rc::gen::elementOf(odd);
  return text;
}

} // namespace

TEST_CASE("plain text ends where it ends byte by byte") {
  CHECK(rc::check([] {
    const auto text = some_text();
    const auto* const end = text.data() + text.size();
    RC_ASSERT(skip_plain(text.data(), end) == std::find_if(text.data(), end, is_odd));
    RC_ASSERT(skip_plain<plain_until::mark>(text.data(), end)
              == std::find_if(text.data(), end, is_mark));
  }));
}

TEST_CASE("every byte is known for what it is, wherever it stands") {
  for (auto value = 0; value < 256; ++value)
    for (std::size_t at = 0; at < 40; ++at) {
      std::string text(40, 'x');
      text[at] = static_cast<char>(value);
      const auto* const end = text.data() + text.size();
      const auto* const here = text.data() + at;
      CHECK(skip_plain(text.data(), end) == (is_odd(text[at]) ? here : end));
      CHECK(skip_plain<plain_until::mark>(text.data(), end) == (is_mark(text[at]) ? here : end));
    }
}
