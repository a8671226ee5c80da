#include "messages/selector_node.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <compare>
#include <optional>

namespace muster {

namespace {

std::optional<std::string_view> text_in(const attribute_value& value) {
  if (const auto* view = std::get_if<std::string_view>(&value))
    return *view;
  if (const auto* text = std::get_if<std::string>(&value))
    return *text;
  return std::nullopt;
}

// How an attribute's value is read as a literal's type; nothing when it is null.
auto read(const attribute_value& value, const std::string&) {
  return text_in(value);
}

std::optional<number> read(const attribute_value& value, const number&) {
  if (const auto* whole = std::get_if<std::int64_t>(&value))
    return *whole;
  if (const auto* real = std::get_if<double>(&value))
    return *real;
  return std::nullopt;
}

std::optional<timestamp> read(const attribute_value& value, const timestamp&) {
  const auto* time = std::get_if<timestamp>(&value);
  return time ? std::optional{*time} : std::nullopt;
}

std::optional<std::chrono::nanoseconds> read(const attribute_value& value,
                                             const std::chrono::nanoseconds&) {
  const auto* span = std::get_if<std::int64_t>(&value);
  return span ? std::optional{std::chrono::nanoseconds{*span}} : std::nullopt;
}

std::optional<ip_address> read(const attribute_value& value, const ip_address&) {
  const auto text = text_in(value);
  return text ? ip_address::parse_host(*text) : std::nullopt;
}

template <class A, class B>
std::partial_ordering order(const A& a, const B& b) {
  return a < b ? std::partial_ordering::less
               : (b < a ? std::partial_ordering::greater : std::partial_ordering::equivalent);
}

std::partial_ordering order(const number& a, const number& b) {
  return std::visit(
      [](auto x, auto y) -> std::partial_ordering {
        if constexpr (std::is_same_v<decltype(x), decltype(y)>)
          return x <=> y;
        else
          return static_cast<double>(x) <=> static_cast<double>(y);
      },
      a, b);
}

bool holds(relation how, std::partial_ordering found) {
  switch (how) {
  case relation::equal:
    return found == 0;
  case relation::unequal:
    return found != 0;
  case relation::less:
    return found < 0;
  case relation::at_most:
    return found <= 0;
  case relation::greater:
    return found > 0;
  case relation::at_least:
    return found >= 0;
  }
  return false;
}

/// A node made of a function.
template <class Test>
class node_of final : public selector::node {
public:
  explicit node_of(Test test) : test_{std::move(test)} {}
  bool matches(const connection_row& row, timestamp now) const override { return test_(row, now); }

private:
  Test test_;
};

template <class Test>
node_ptr make_node(Test test) {
  return std::make_unique<const node_of<Test>>(std::move(test));
}

} // namespace

attribute_value selector_field::value(const connection_row& row, timestamp now) const {
  if (what)
    return what->get(row, now);
  for (const auto& [key, value] : row.who->tags)
    if (key == label)
      return std::string_view{value};
  return std::monostate{};
}

node_ptr all_of(std::vector<node_ptr> parts) {
  if (parts.size() == 1)
    return std::move(parts.front());
  return make_node([parts = std::move(parts)](const connection_row& row, timestamp now) {
    return std::all_of(parts.begin(), parts.end(),
                       [&](const node_ptr& part) { return part->matches(row, now); });
  });
}

node_ptr any_of(std::vector<node_ptr> parts) {
  if (parts.size() == 1)
    return std::move(parts.front());
  return make_node([parts = std::move(parts)](const connection_row& row, timestamp now) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](const node_ptr& part) { return part->matches(row, now); });
  });
}

node_ptr negate(node_ptr part) {
  return make_node([part = std::move(part)](const connection_row& row, timestamp now) {
    return !part->matches(row, now);
  });
}

node_ptr exists(selector_field field) {
  return make_node([field = std::move(field)](const connection_row& row, timestamp now) {
    return !std::holds_alternative<std::monostate>(field.value(row, now));
  });
}

node_ptr like(selector_field field, std::string glob) {
  return make_node(
      [field = std::move(field), glob = std::move(glob)](const connection_row& row, timestamp now) {
        const auto value = field.value(row, now);
        const auto text = text_in(value);
        return text && matches_glob(glob, *text);
      });
}

node_ptr like(selector_field field, std::shared_ptr<const re2::RE2> pattern) {
  return make_node([field = std::move(field),
                    pattern = std::move(pattern)](const connection_row& row, timestamp now) {
    const auto value = field.value(row, now);
    const auto text = text_in(value);
    return text && re2::RE2::PartialMatch(re2::StringPiece{text->data(), text->size()}, *pattern);
  });
}

node_ptr inside(selector_field field, std::vector<ip_network> networks) {
  return make_node([field = std::move(field),
                    networks = std::move(networks)](const connection_row& row, timestamp now) {
    const auto address = read(field.value(row, now), ip_address{});
    return address && std::any_of(networks.begin(), networks.end(), [&](const ip_network& each) {
             return each.contains(*address);
           });
  });
}

template <class Value>
node_ptr compare(selector_field field, relation how, Value value) {
  return make_node([field = std::move(field), how,
                    operand = std::move(value)](const connection_row& row, timestamp now) {
    const auto value_now = field.value(row, now);
    const auto found = read(value_now, operand);
    return found && holds(how, order(*found, operand));
  });
}

template <class Value>
node_ptr one_of(selector_field field, std::vector<Value> values) {
  const auto precedes = [](const auto& a, const auto& b) { return order(a, b) < 0; };
  std::sort(values.begin(), values.end(), precedes);
  return make_node([field = std::move(field), values = std::move(values),
                    precedes](const connection_row& row, timestamp now) {
    const auto value_now = field.value(row, now);
    const auto found = read(value_now, values.front());
    return found && std::binary_search(values.begin(), values.end(), *found, precedes);
  });
}

template node_ptr compare(selector_field, relation, std::string);
template node_ptr compare(selector_field, relation, number);
template node_ptr compare(selector_field, relation, timestamp);
template node_ptr compare(selector_field, relation, std::chrono::nanoseconds);
template node_ptr compare(selector_field, relation, ip_address);
template node_ptr one_of(selector_field, std::vector<std::string>);
template node_ptr one_of(selector_field, std::vector<number>);
template node_ptr one_of(selector_field, std::vector<timestamp>);
template node_ptr one_of(selector_field, std::vector<std::chrono::nanoseconds>);

} // namespace muster
