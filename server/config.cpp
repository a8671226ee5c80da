#include "server/config.hpp"

#include "messages/channel_edit.hpp"
#include "messages/errc.hpp"
#include "messages/topic_edit.hpp"
#include "server/address.hpp"
#include "server/config_draft.hpp"
#include "server/config_file.hpp"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <climits>
#include <map>
#include <set>
#include <utility>

namespace muster {
namespace {

std::string host_name() {
  char name[HOST_NAME_MAX + 1] = {};
  return gethostname(name, HOST_NAME_MAX) == 0 && name[0] ? name : "muster";
}

/// `MUSTER_LOG__LEVEL` of `log.level`.
std::string variable_of(const setting& which) {
  std::string name = fmt::format("MUSTER_{}__{}", which.section, which.key);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const auto& value : values)
    out += (out.empty() ? "" : ",") + value;
  return out;
}

/// Lays the sources over each other, the weakest first.
class loader {
public:
  explicit loader(const config_sources& sources) : sources_{sources} {
    draft_.value.server_name = host_name();
    draft_.value.sources = sources;
  }

  loaded_config load() {
    if (!sources_.file.empty()) {
      file_ = read_config_file(sources_.file, draft_);
      faults_ = std::move(file_.faults);
      origins_ = file_.origins;
    }
    read_environment();
    read_flags();
    settle_listeners();
    settle_admin();
    settle_channels();
    settle_topics();
    loaded_config result;
    result.lines = lines();
    result.value = std::move(draft_.value);
    result.faults = std::move(faults_);
    return result;
  }

private:
  void take(const setting& which, const std::string& text, const std::string& origin) {
    if (const auto problem = assign_text(which, draft_, text); !problem.empty())
      faults_.push_back({origin, fmt::format("\"{}\" {}", which.name(), problem)});
    origins_[which.name()] = origin;
    if (which.name() == "server.listen")
      file_.listeners.clear();
  }

  void read_environment() {
    std::set<std::string> known;
    for (const auto& which : all_settings()) {
      const auto variable = variable_of(which);
      known.insert(variable);
      if (const auto at = sources_.environment.find(variable); at != sources_.environment.end())
        take(which, at->second, variable);
    }
    for (const auto& [name, value] : sources_.environment)
      if (name.starts_with("MUSTER_") && name.find("__") != std::string::npos
          && !known.contains(name))
        faults_.push_back({name, "no such setting"});
  }

  void read_flags() {
    for (const auto& which : all_settings())
      if (const auto at = sources_.flags.find(which.name()); at != sources_.flags.end())
        take(which, joined(at->second), "flag");
  }

  void settle_listeners() {
    auto& listeners = draft_.value.listeners;
    if (draft_.listen.empty() && file_.listeners.empty())
      draft_.listen.push_back("127.0.0.1:8080");
    for (const auto& address : draft_.listen)
      if (const auto parsed = parse_endpoint(address))
        listeners.push_back({{}, *parsed, std::nullopt, false});
    std::move(file_.listeners.begin(), file_.listeners.end(), std::back_inserter(listeners));
    std::set<std::string> names;
    for (auto& listener : listeners) {
      if (listener.name.empty())
        listener.name = &listener == &listeners.front() ? "default" : to_string(listener.address);
      if (!names.insert(listener.name).second)
        faults_.push_back(
            {origin_of_listeners(), fmt::format("two listeners are named \"{}\"", listener.name)});
    }
  }

  std::string origin_of_listeners() const {
    for (const auto* key : {"server.listen", "listener"})
      if (const auto at = origins_.find(key); at != origins_.end())
        return at->second;
    return "default";
  }

  void settle_admin() {
    auto& tls = draft_.admin_tls;
    if (tls.certificate.empty() != tls.key.empty())
      faults_.push_back(
          {origin_of("admin.certificate"), "\"admin.certificate\" and \"admin.key\" go together"});
    if (!tls.certificate.empty())
      draft_.value.admin.tls = tls;
    if (draft_.value.data_dir.empty())
      faults_.push_back({origin_of("server.data_dir"), "\"server.data_dir\" must not be empty"});
  }

  void settle_channels() {
    std::set<std::string> names;
    std::map<std::pair<std::string, std::string>, std::string> places;
    for (auto& channel : file_.channels) {
      const auto fault = [&](std::string what) {
        faults_.push_back({channel.where, std::move(what)});
      };
      if (const auto parsed = parse_channel(channel.json)) {
        const auto& definition = parsed->definition;
        if (!names.insert(definition.name).second)
          fault(fmt::format("two channels are named \"{}\"", definition.name));
        if (!is_listener(definition.listener))
          fault(fmt::format("channel \"{}\": there is no listener named \"{}\"", definition.name,
                            definition.listener));
        const auto [other, is_new] =
            places.try_emplace({definition.listener, definition.path}, definition.name);
        if (!is_new && other->second != definition.name)
          fault(fmt::format("channels \"{}\" and \"{}\" have one path: {}", other->second,
                            definition.name, definition.path));
      } else {
        fault(detail_of(parsed.error()));
      }
      draft_.value.channels_json.push_back(std::move(channel.json));
    }
  }

  void settle_topics() {
    std::set<std::string> names;
    for (auto& topic : file_.topics) {
      if (const auto parsed = parse_topic(topic.json); !parsed)
        faults_.push_back({topic.where, detail_of(parsed.error())});
      else if (!names.insert(parsed->name).second)
        faults_.push_back({topic.where, fmt::format("two topics are named \"{}\"", parsed->name)});
      draft_.value.topics_json.push_back(std::move(topic.json));
    }
  }

  /// A configured listener's name, or an address that the channel brings along.
  bool is_listener(const std::string& name) const {
    const auto& all = draft_.value.listeners;
    return parse_endpoint(name)
           || std::any_of(all.begin(), all.end(),
                          [&](const listener_definition& each) { return each.name == name; });
  }

  std::string origin_of(const std::string& name) const {
    const auto at = origins_.find(name);
    return at == origins_.end() ? "default" : at->second;
  }

  std::vector<config_line> lines() {
    std::vector<config_line> out;
    for (const auto& which : all_settings())
      if (which.name() != "server.listen")
        out.push_back({fmt::format("[{}]", which.section),
                       fmt::format("{} = {}", which.key, show(which, draft_)),
                       origin_of(which.name())});
    for (std::size_t i = 0; i < draft_.value.listeners.size(); ++i)
      add_listener(out, i);
    add_declarations(out, "channel", file_.channels);
    add_declarations(out, "topic", file_.topics);
    return out;
  }

  static void add_declarations(std::vector<config_line>& out, std::string_view what,
                               const std::vector<declaration>& all) {
    for (std::size_t i = 0; i < all.size(); ++i)
      for (const auto& line : all[i].lines)
        out.push_back({fmt::format("[[{}]] # {}", what, i + 1), line, all[i].where});
  }

  void add_listener(std::vector<config_line>& out, std::size_t index) const {
    const auto& listener = draft_.value.listeners[index];
    const auto section = fmt::format("[[listener]] # {}", index + 1);
    const auto add = [&](std::string text) {
      out.push_back({section, std::move(text), origin_of_listeners()});
    };
    add("name = " + toml_quoted(listener.name));
    add("address = " + toml_quoted(to_string(listener.address)));
    if (listener.tls) {
      add("certificate = " + toml_quoted(listener.tls->certificate));
      add("key = " + toml_quoted(listener.tls->key));
    }
    add(fmt::format("proxy_protocol = {}", listener.proxy_protocol));
  }

  const config_sources& sources_;
  config_draft draft_;
  config_file file_;
  std::map<std::string, std::string> origins_;
  std::vector<config_fault> faults_;
};

} // namespace

loaded_config load_config(const config_sources& sources) {
  return loader{sources}.load();
}

} // namespace muster
