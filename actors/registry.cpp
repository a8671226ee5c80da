#include "actors/registry.hpp"

#include <caf/send.hpp>

#include <stdexcept>
#include <utility>

namespace muster {

namespace {

row_ptr with_name(const connection_row& row, std::string fqdn, dns_state state) {
  auto named = std::make_shared<connection_row>(row);
  named->remote_fqdn = std::move(fqdn);
  named->fqdn_state = state;
  return named;
}

dns_state state_of(reverse_dns::outcome outcome) {
  switch (outcome) {
  case reverse_dns::outcome::ok:
    return dns_state::ok;
  case reverse_dns::outcome::timeout:
    return dns_state::timeout;
  case reverse_dns::outcome::none:
    break;
  }
  return dns_state::none;
}

} // namespace

registry::registry(handle::pointer self)
    : self_{self}, lookups_{[this](const std::string& ip) { look_up(ip); }} {}

registry::handle::behavior_type registry::start(reverse_dns* names) {
  names_ = names;
  self_->set_down_handler([this](const caf::down_msg& down) { roll_.erase(down.source.id()); });
  return {
      [this](enter_roll& request) { return enter(std::move(request.entry)); },
      [this](update_row& request) { update(std::move(request.row)); },
      [this](const find_connection& request) { return find(request.id); },
      [this](const take_snapshot&) { return snapshot_taken{roll_.snapshot()}; },
      [this](const name_found& found) { name_rows(found); },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

done registry::enter(roll_entry entry) {
  const auto* known = roll_.find(entry.row->from->id);
  if (!known) {
    self_->monitor(entry.connection);
    entry.row = await_name(entry.row);
  } else {
    if (known->connection != entry.connection)
      self_->monitor(entry.connection);
    entry.row = with_name_of(entry.row, *known->row);
  }
  roll_.put(std::move(entry));
  return {};
}

void registry::update(row_ptr row) {
  if (const auto* known = roll_.find(row->from->id))
    roll_.update(with_name_of(row, *known->row));
}

caf::result<found_connection> registry::find(const std::string& id) const {
  if (const auto* known = roll_.find(id))
    return found_connection{*known};
  return make_error(errc::not_found, "there is no connection " + id);
}

row_ptr registry::with_name_of(const row_ptr& row, const connection_row& known) const {
  if (row->fqdn_state == known.fqdn_state && row->remote_fqdn == known.remote_fqdn)
    return row;
  return with_name(*row, known.remote_fqdn, known.fqdn_state);
}

row_ptr registry::await_name(const row_ptr& row) {
  const auto& ip = row->from->remote.ip;
  if (!names_ || ip.empty())
    return with_name(*row, {}, dns_state::none);
  if (!lookups_.add(ip, row->from->id))
    return with_name(*row, {}, dns_state::timeout);
  return row;
}

void registry::look_up(const std::string& ip) {
  // The answer may come from another thread, and after this actor's time.
  auto weak = caf::actor_cast<caf::weak_actor_ptr>(self_);
  names_->look_up(ip, [weak, ip](reverse_dns::outcome outcome, std::string fqdn) {
    if (auto strong = caf::actor_cast<caf::strong_actor_ptr>(weak))
      caf::anon_send(caf::actor_cast<registry_actor>(strong),
                     name_found{ip, std::move(fqdn), state_of(outcome)});
  });
}

void registry::name_rows(const name_found& found) {
  for (const auto& id : lookups_.take(found.ip))
    if (const auto* known = roll_.find(id))
      roll_.update(with_name(*known->row, found.fqdn, found.state));
}

} // namespace muster
