#include "server/config_draft.hpp"

#include <algorithm>

namespace muster {

const std::vector<setting>& all_settings() {
  using draft = config_draft;
  using texts = std::vector<std::string>;
  static const std::vector<setting> table{
      {"server", "name", +[](draft& d) -> std::string& { return d.value.server_name; }},
      {"server", "data_dir", +[](draft& d) -> std::string& { return d.value.data_dir; }},
      {"server", "listen", +[](draft& d) -> texts& { return d.listen; }},
      {"server", "loops", +[](draft& d) -> unsigned& { return d.value.loops; }, {}, 0, 256},
      {"server", "workers", +[](draft& d) -> unsigned& { return d.value.workers; }, {}, 1, 256},
      {"server", "drain", +[](draft& d) -> double& { return d.value.drain_seconds; }, {}, 0, 3600},
      {"admin", "address", +[](draft& d) -> endpoint& { return d.value.admin.address; }},
      {"admin", "certificate", +[](draft& d) -> std::string& { return d.admin_tls.certificate; }},
      {"admin", "key", +[](draft& d) -> std::string& { return d.admin_tls.key; }},
      {"admin", "open_metrics", +[](draft& d) -> bool& { return d.value.open_metrics; }},
      {"admin", "open_docs", +[](draft& d) -> bool& { return d.value.open_docs; }},
      {"log", "level", +[](draft& d) -> std::string& { return d.value.logging.level; },
       "trace|debug|info|warn|error|critical|off"},
      {"log", "format", +[](draft& d) -> std::string& { return d.value.logging.format; },
       "auto|human|json"},
      {"log", "file", +[](draft& d) -> std::string& { return d.value.logging.file; }},
      {"proxy", "trusted", +[](draft& d) -> texts& { return d.value.proxies.blocks; }},
  };
  return table;
}

const setting* find_setting(std::string_view section, std::string_view key) {
  const auto& all = all_settings();
  const auto at = std::find_if(all.begin(), all.end(), [&](const setting& candidate) {
    return candidate.section == section && candidate.key == key;
  });
  return at == all.end() ? nullptr : &*at;
}

bool is_section(std::string_view section) {
  const auto& all = all_settings();
  return std::any_of(all.begin(), all.end(),
                     [&](const setting& candidate) { return candidate.section == section; });
}

} // namespace muster
