#include "messages/selector_lexer.hpp"

#include <algorithm>

// selector = token*
// word     = [A-Za-z0-9_.:/+-]+                    fields, keywords, bare literals
// text     = '"' ( [^"\] | '\"' | '\\' )* '"'
// op       = == | != | < | <= | > | >= | ~ | =~
// other    = ( | ) | [ | ] | ,

namespace muster {

namespace {

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80;
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
         || std::string_view{"_.:/+-"}.find(c) != std::string_view::npos;
}

class lexer {
public:
  lexer(std::string_view text, std::vector<selector_token>& out, selector_fault& fault)
      : text_{text}, out_{out}, fault_{fault} {}

  bool run() {
    while (true) {
      while (at_ < text_.size() && is_blank(text_[at_]))
        ++at_;
      if (at_ == text_.size()) {
        out_.push_back({kind::end, {}, at_});
        return true;
      }
      if (!next())
        return false;
    }
  }

private:
  using kind = selector_token::kind;

  bool next() {
    const char c = text_[at_];
    if (is_word(c)) {
      const auto from = at_;
      while (at_ < text_.size() && is_word(text_[at_]))
        ++at_;
      out_.push_back({kind::word, std::string{text_.substr(from, at_ - from)}, from});
      return true;
    }
    switch (c) {
    case '"':
      return quoted_text();
    case '(':
    case '[':
      return take(kind::open, 1);
    case ')':
    case ']':
      return take(kind::close, 1);
    case ',':
      return take(kind::comma, 1);
    default:
      return op();
    }
  }

  bool take(kind what, std::size_t length) {
    out_.push_back({what, std::string{text_.substr(at_, length)}, at_});
    at_ += length;
    return true;
  }

  bool op() {
    for (std::string_view each : {"==", "=~", "!=", "<=", ">=", "<", ">", "~"})
      if (text_.substr(at_).starts_with(each))
        return take(kind::op, each.size());
    if (text_[at_] == '=')
      return fail(at_, "== or =~");
    if (text_[at_] == '!')
      return fail(at_, "!= or not");
    return fail(at_, "a field, an operator, a value, and, or, not or a parenthesis");
  }

  bool quoted_text() {
    const auto from = at_;
    std::string value;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') {
        if (at_ + 1 == text_.size() || (text_[at_ + 1] != '"' && text_[at_ + 1] != '\\'))
          return fail(at_, "\\\" or \\\\");
        ++at_;
      }
      value += text_[at_];
    }
    if (at_ == text_.size())
      return fail(at_, "\" at the end of the text");
    ++at_;
    out_.push_back({kind::text, std::move(value), from});
    return true;
  }

  bool fail(std::size_t offset, std::string expected) {
    fault_ = {column_of(text_, offset), std::move(expected)};
    return false;
  }

  std::string_view text_;
  std::vector<selector_token>& out_;
  selector_fault& fault_;
  std::size_t at_ = 0;
};

} // namespace

bool lex_selector(std::string_view text, std::vector<selector_token>& out, selector_fault& fault) {
  if (std::count_if(text.begin(), text.end(), begins_character)
          > static_cast<std::ptrdiff_t>(max_selector_length)
      || text.size() > 4 * max_selector_length) {
    fault = {max_selector_length + 1,
             "at most " + std::to_string(max_selector_length) + " characters"};
    return false;
  }
  return lexer{text, out, fault}.run();
}

std::size_t column_of(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  const auto characters = std::count_if(before.begin(), before.end(), begins_character);
  return static_cast<std::size_t>(characters) + 1;
}

} // namespace muster
