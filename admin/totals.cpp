#include "admin/totals.hpp"

namespace muster {

totals totals_of(const channel_list& all) {
  totals out;
  for (const auto& info : all.items) {
    ++out.channels;
    out.channels_active += info.definition->is_active ? 1U : 0U;
    out.connections += info.connections;
    out.sessions += info.sessions;
  }
  return out;
}

} // namespace muster
