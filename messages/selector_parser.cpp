#include "messages/selector_parser.hpp"

#include <re2/re2.h>

#include <array>
#include <utility>

// disjunction = conjunction ( "or" conjunction )*
// conjunction = term ( "and" term )*
// term        = "not" term | "(" disjunction ")" | condition
// condition   = field ( "exists" | "in" ( value | "(" value ( "," value )* ")" ) | op value )
// field       = an attribute | "label." KEY | "label." text
//
// Brackets may stand for the parentheses of a list. What a value may be is up to the field.

namespace muster {

namespace {

/// Nothing recurses deeper, neither here nor where rows are matched.
constexpr std::size_t max_depth = 64;

/// Regular expressions are the only thing in a selector that may take much memory.
constexpr std::size_t max_patterns = 16;
constexpr std::int64_t pattern_memory = 1 << 20;

constexpr std::array<std::pair<std::string_view, relation>, 6> relations{
    {{"==", relation::equal},
     {"!=", relation::unequal},
     {"<", relation::less},
     {"<=", relation::at_most},
     {">", relation::greater},
     {">=", relation::at_least}}};

/// Addresses with a port are compared as they are written; a bare one by its number.
bool is_bare_address(const selector_field& field) {
  return field.what && field.what->name == "remote_ip";
}

bool is_text(attribute_kind kind) {
  return kind == attribute_kind::text || kind == attribute_kind::address;
}

std::string_view operators_of(attribute_kind kind) {
  if (kind == attribute_kind::label_map)
    return "exists (one label is the field label.KEY)";
  if (is_text(kind))
    return "one of == != < <= > >= ~ =~ in exists";
  return "one of == != < <= > >= in exists";
}

} // namespace

node_ptr selector_parser::run() {
  auto root = disjunction();
  if (root && here().what != kind::end)
    return fail(here(), "and, or, or the end");
  return root;
}

node_ptr selector_parser::disjunction() {
  std::vector<node_ptr> parts;
  do {
    parts.push_back(conjunction());
    if (!parts.back())
      return nullptr;
  } while (skip_word("or"));
  return any_of(std::move(parts));
}

node_ptr selector_parser::conjunction() {
  std::vector<node_ptr> parts;
  do {
    parts.push_back(term());
    if (!parts.back())
      return nullptr;
  } while (skip_word("and"));
  return all_of(std::move(parts));
}

node_ptr selector_parser::term() {
  if (is_word("not"))
    return deeper(false);
  if (here().what == kind::open && here().value == "(")
    return deeper(true);
  return condition();
}

node_ptr selector_parser::deeper(bool parenthesis) {
  if (depth_ == max_depth)
    return fail(here(), "at most " + std::to_string(max_depth) + " levels of nesting");
  ++depth_;
  ++at_;
  auto inner = parenthesis ? disjunction() : term();
  --depth_;
  if (!inner)
    return nullptr;
  if (!parenthesis)
    return negate(std::move(inner));
  if (here().what != kind::close || here().value != ")")
    return fail(here(), "and, or, or )");
  ++at_;
  return inner;
}

bool selector_parser::field(selector_field& out) {
  const auto& token = here();
  constexpr std::string_view label = "label.";
  if (token.what != kind::word || token.value == "and" || token.value == "or" || token.value == "in"
      || token.value == "exists") {
    fail(token, "a field, not or (");
    return false;
  }
  ++at_;
  if (token.value == label && here().what == kind::text
      && here().offset == token.offset + label.size()) {
    out.label = here().value;
    ++at_;
    return true;
  }
  if (token.value.size() > label.size() && token.value.starts_with(label)) {
    out.label = token.value.substr(label.size());
    return true;
  }
  out.what = find_attribute(token.value);
  if (!out.what)
    fail(token, "a field: an attribute of a connection, idle, age, remote_ip or label.KEY");
  return out.what != nullptr;
}

node_ptr selector_parser::condition() {
  selector_field what;
  if (!field(what))
    return nullptr;
  if (skip_word("exists"))
    return exists(std::move(what));
  if (is_word("in") && what.kind() != attribute_kind::label_map) {
    ++at_;
    return membership(std::move(what));
  }
  const auto& op = here();
  if (op.what != kind::op || what.kind() == attribute_kind::label_map)
    return fail(op, std::string{operators_of(what.kind())});
  if (op.value == "~" || op.value == "=~") {
    if (!is_text(what.kind()))
      return fail(op, std::string{operators_of(what.kind())});
    ++at_;
    return pattern(std::move(what), op);
  }
  ++at_;
  return comparison(std::move(what), op);
}

node_ptr selector_parser::comparison(selector_field what, const selector_token& op) {
  auto how = relation::equal;
  for (const auto& [text, each] : relations)
    if (text == op.value)
      how = each;
  switch (what.kind()) {
  case attribute_kind::number:
    return compare_with<number>(std::move(what), how);
  case attribute_kind::time:
    return compare_with<timestamp>(std::move(what), how);
  case attribute_kind::span:
    return compare_with<std::chrono::nanoseconds>(std::move(what), how);
  default:
    if (is_bare_address(what))
      return compare_with<ip_address>(std::move(what), how);
    return compare_with<std::string>(std::move(what), how);
  }
}

node_ptr selector_parser::pattern(selector_field what, const selector_token& op) {
  const auto& token = here();
  std::string text;
  if (!literal(text))
    return nullptr;
  if (op.value == "~")
    return like(std::move(what), std::move(text));
  if (++patterns_ > max_patterns)
    return fail(op, "at most " + std::to_string(max_patterns) + " regular expressions");
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(pattern_memory);
  auto compiled = std::make_shared<const re2::RE2>(text, options);
  if (!compiled->ok())
    return fail(token, "a regular expression (" + compiled->error() + ")");
  return like(std::move(what), std::move(compiled));
}

node_ptr selector_parser::membership(selector_field what) {
  switch (what.kind()) {
  case attribute_kind::number:
    return list_of<number>(std::move(what));
  case attribute_kind::time:
    return list_of<timestamp>(std::move(what));
  case attribute_kind::span:
    return list_of<std::chrono::nanoseconds>(std::move(what));
  case attribute_kind::address:
    return list_of<ip_network>(std::move(what));
  default:
    return list_of<std::string>(std::move(what));
  }
}

template <class Value>
node_ptr selector_parser::compare_with(selector_field what, relation how) {
  Value value{};
  if (!literal(value))
    return nullptr;
  return compare(std::move(what), how, std::move(value));
}

template <class Value>
node_ptr selector_parser::list_of(selector_field what) {
  std::vector<Value> values;
  const bool many = here().what == kind::open;
  const std::string_view end = many && here().value == "[" ? "]" : ")";
  if (many)
    ++at_;
  else if constexpr (!std::is_same_v<Value, ip_network>)
    return fail(here(), "a list of values in parentheses");
  do {
    if (!values.empty())
      ++at_;
    Value value{};
    if (!literal(value))
      return nullptr;
    values.push_back(std::move(value));
  } while (many && here().what == kind::comma);
  if (many && (here().what != kind::close || here().value != end))
    return fail(here(), ", or " + std::string{end});
  if (many)
    ++at_;
  if constexpr (std::is_same_v<Value, ip_network>)
    return inside(std::move(what), std::move(values));
  else
    return one_of(std::move(what), std::move(values));
}

bool selector_parser::skip_word(std::string_view word) {
  const bool found = is_word(word);
  at_ += found ? 1 : 0;
  return found;
}

std::nullptr_t selector_parser::fail(const selector_token& where, std::string expected) {
  fault_ = {column_of(text_, where.offset), std::move(expected)};
  return nullptr;
}

} // namespace muster
