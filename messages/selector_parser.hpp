#pragma once

#include "messages/selector_lexer.hpp"
#include "messages/selector_node.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// Makes conditions of tokens, by recursive descent; knows the fields and the types.
class selector_parser {
public:
  selector_parser(std::string_view text, std::vector<selector_token> tokens, selector_fault& fault)
      : text_{text}, tokens_{std::move(tokens)}, fault_{fault} {}

  /// Null when there is a fault.
  node_ptr run();

private:
  using kind = selector_token::kind;

  node_ptr disjunction();
  node_ptr conjunction();
  node_ptr term();
  node_ptr deeper(bool parenthesis);
  node_ptr condition();
  bool field(selector_field& out);
  node_ptr comparison(selector_field what, const selector_token& op);
  node_ptr pattern(selector_field what, const selector_token& op);
  node_ptr membership(selector_field what);

  template <class Value>
  node_ptr compare_with(selector_field what, relation how);
  template <class Value>
  node_ptr list_of(selector_field what);

  // A literal of the type that the field asks for; false with the fault.
  bool literal(std::string& out);
  bool literal(number& out);
  bool literal(timestamp& out);
  bool literal(std::chrono::nanoseconds& out);
  bool literal(ip_address& out);
  bool literal(ip_network& out);
  template <class Parse, class Value>
  bool bare(Parse parse, bool may_be_quoted, Value& out, const char* expected);

  const selector_token& here() const { return tokens_[at_]; }
  bool is_word(std::string_view word) const {
    return here().what == kind::word && here().value == word;
  }
  bool skip_word(std::string_view word);
  std::nullptr_t fail(const selector_token& where, std::string expected);

  std::string_view text_;
  std::vector<selector_token> tokens_;
  selector_fault& fault_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t patterns_ = 0;
};

} // namespace muster
