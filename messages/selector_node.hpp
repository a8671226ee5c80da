#pragma once

#include "messages/attribute.hpp"
#include "messages/ip_address.hpp"
#include "messages/literal.hpp"
#include "messages/selector.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace re2 {
class RE2;
}

namespace muster {

/// One condition of a selector, with everything in it prepared at parse time.
class selector::node {
public:
  virtual ~node() = default;
  virtual bool matches(const connection_row& row, timestamp now) const = 0;
};

using node_ptr = std::unique_ptr<const selector::node>;

/// What a condition looks at: an attribute, or one label.
struct selector_field {
  /// Null for a label.
  const attribute* what = nullptr;
  std::string label;

  attribute_kind kind() const { return what ? what->kind : attribute_kind::text; }
  attribute_value value(const connection_row& row, timestamp now) const;
};

enum class relation : std::uint8_t { equal, unequal, less, at_most, greater, at_least };

node_ptr all_of(std::vector<node_ptr> parts);
node_ptr any_of(std::vector<node_ptr> parts);
node_ptr negate(node_ptr part);
node_ptr exists(selector_field field);
node_ptr like(selector_field field, std::string glob);
node_ptr like(selector_field field, std::shared_ptr<const re2::RE2> pattern);
node_ptr inside(selector_field field, std::vector<ip_network> networks);

/// `Value` is std::string, number, timestamp, std::chrono::nanoseconds or ip_address.
template <class Value>
node_ptr compare(selector_field field, relation how, Value value);
template <class Value>
node_ptr one_of(selector_field field, std::vector<Value> values);

} // namespace muster
