#pragma once

#include "actors/interfaces.hpp"
#include "actors/name_lookups.hpp"
#include "actors/outside.hpp"
#include "actors/roll.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace muster {

/// Keeps the roll: every connection enters it, and leaves it by ending.
class registry {
public:
  using handle = registry_actor;
  explicit registry(handle::pointer self);
  /// Without `names` no address has one.
  handle::behavior_type start(reverse_dns* names);

  std::string name = "registry";

private:
  done enter(roll_entry entry);
  void update(row_ptr row);
  caf::result<found_connection> find(const std::string& id) const;
  void look_up(const std::string& ip);
  void name_rows(const name_found& found);

  row_ptr with_name_of(const row_ptr& row, const connection_row& known) const;
  row_ptr await_name(const row_ptr& row);

  handle::pointer self_;
  reverse_dns* names_ = nullptr;
  roll roll_;
  name_lookups lookups_;
};

} // namespace muster
