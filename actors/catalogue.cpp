#include "actors/catalogue.hpp"

#include "actors/channel.hpp"
#include "actors/roll.hpp"
#include "actors/spawn.hpp"
#include "messages/codec.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <string_view>
#include <utility>

namespace muster {

catalogue::catalogue(handle::pointer self) : self_{self} {}

// Its channels go with it, their connections stay: whoever comes after hands them over.
catalogue::~catalogue() {
  for (const auto& [key, what] : entries_)
    caf::anon_send_exit(what.actor, caf::exit_reason::kill);
}

catalogue_actor::behavior_type catalogue::start(house_ptr addresses, catalogue_ports ports) {
  house_ = std::move(addresses);
  ports_ = std::move(ports);
  self_->set_down_handler([this](const caf::down_msg& down) { restart(down); });
  load();
  return {
      [this](const list_channels&) { return when_loaded<channel_list>([this] { return list(); }); },
      [this](const find_channel& wanted) {
        return when_loaded<channel_info>([this, wanted] { return find(wanted.name); });
      },
      [this](const create_channel& request) { return create(request); },
      [this](const edit_channel& request) { return edit(request); },
      [this](const house_ptr& addresses_now) { move_to(addresses_now); },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

template <class Reply, class Question>
caf::result<Reply> catalogue::when_loaded(Question question) {
  if (loaded_)
    return question();
  auto answer = self_->make_response_promise<promise<Reply>>();
  in_turn([answer, question](const next& done) mutable {
    if (auto found = question())
      answer.deliver(std::move(*found));
    else
      answer.deliver(std::move(found.error()));
    done();
  });
  return answer;
}

void catalogue::move_to(const house_ptr& addresses) {
  const auto before = std::exchange(house_, addresses);
  for (const auto& [key, what] : entries_)
    if (what.actor)
      self_->send(what.actor, house_);
  if (before->store == house_->store && before->hasher == house_->hasher)
    return;
  if (const auto give_up = std::exchange(give_up_, nullptr))
    give_up();
}

void catalogue::load() {
  self_->request(house_->store, caf::infinite, load_documents{document_kind::channel})
      .then(
          [this](const loaded_documents& stored) {
            for (const auto& item : stored.items) {
              auto definition = from_bytes<channel_definition>(item.body);
              if (definition)
                entries_[item.key].definition =
                    std::make_shared<const channel_definition>(std::move(*definition));
              else
                spdlog::error("channel {}: its stored definition is damaged and not used: {}",
                              item.key, detail_of(definition.error()));
            }
            declare(0);
          },
          [this](const caf::error& why) {
            ports_.fatal("the channels cannot be read: " + detail_of(why));
          });
}

// The configuration file wins for the channels that it names; secrets that are the same keep their
// hashes, so that a start changes nothing that was not changed.
void catalogue::declare(std::size_t index) {
  if (index == ports_.declared.size()) {
    start_all();
    return;
  }
  auto parsed = parse_channel(ports_.declared[index]);
  if (!parsed) {
    ports_.fatal("a channel of the configuration is wrong: " + detail_of(parsed.error()));
    return;
  }
  auto edit = std::move(*parsed);
  if (*ports_.settled) {
    if (const auto known = entries_.find(edit.definition.name); known != entries_.end())
      known->second.from_file = true;
    declare(index + 1);
    return;
  }
  if (const auto other = holder_of_place(edit.definition); other != entries_.end()) {
    if (other->second.from_file) {
      ports_.fatal("channels " + other->first + " and " + edit.definition.name
                   + " of the configuration have the same path on the same listener");
      return;
    }
    spdlog::error("channel {} is not used: {} of the configuration file has its path", other->first,
                  edit.definition.name);
    entries_.erase(other);
  }
  auto& known = entries_[edit.definition.name];
  if (known.from_file) {
    ports_.fatal("the configuration has two channels of the name " + edit.definition.name);
    return;
  }
  known.from_file = true;
  if (known.definition && edit.secrets)
    edit.definition.credentials = known.definition->credentials;
  const auto settle = [this, index](const caf::error& why) {
    if (why)
      ports_.fatal("a channel of the configuration cannot be used: " + detail_of(why));
    else
      declare(index + 1);
  };
  settle_secrets(std::move(edit), [this, settle](caf::expected<channel_definition> definition) {
    if (!definition) {
      settle(definition.error());
      return;
    }
    auto& known_now = entries_[definition->name];
    if (known_now.definition && *known_now.definition == *definition) {
      settle(caf::error{});
      return;
    }
    if (known_now.definition)
      spdlog::info("channel {}: the configuration file wins over the stored definition",
                   definition->name);
    known_now.definition = std::make_shared<const channel_definition>(*definition);
    keep(std::move(*definition), settle);
  });
}

void catalogue::start_all() {
  for (auto& [key, what] : entries_) {
    if (auto why = ports_.doors->ensure(what.definition->listener)) {
      if (what.from_file) {
        ports_.fatal("channel " + key + ": " + detail_of(why));
        return;
      }
      spdlog::error("channel {}: its listener {} cannot be opened: {}", key,
                    what.definition->listener, detail_of(why));
    }
    start_channel(what);
  }
  *ports_.settled = true;
  loaded_ = true;
  adopt({});
  publish();
  run_next();
}

void catalogue::start_channel(entry& what) {
  what.actor = spawn<channel>(self_->system(), what.definition, house_, what.gauges);
  self_->monitor(what.actor);
}

void catalogue::restart(const caf::down_msg& down) {
  for (auto& [key, what] : entries_) {
    if (!what.actor || what.actor.address() != down.source)
      continue;
    spdlog::error("channel {} failed and is started anew: {}", key,
                  self_->system().render(down.reason));
    if (!restarts_.allow(std::chrono::steady_clock::now())) {
      ports_.fatal("channel " + key + " failed more than five times in five seconds");
      return;
    }
    count(counters().actor_failures);
    count(counters().actor_restarts);
    start_channel(what);
    adopt(key);
    publish();
    return;
  }
}

// The living connections of a channel whose actor is new; of all channels, when none is named.
void catalogue::adopt(const std::string& only) {
  self_->request(house_->registry, caf::infinite, take_snapshot{})
      .then(
          [this, only](const snapshot_taken& taken) {
            std::map<std::string_view, adopt_connections> orphans;
            taken.roll->for_each([&](const roll_entry& on_roll, roll_ticket) {
              const auto& row = *on_roll.row;
              if (only.empty() || row.from->channel == only)
                orphans[row.from->channel].children.push_back(
                    {on_roll.connection, row.who->client_id, row.who->username});
            });
            for (auto& [channel_name, left] : orphans)
              if (const auto i = entries_.find(std::string{channel_name}); i != entries_.end())
                self_->send(i->second.actor, std::move(left));
              else
                end_orphans(left);
          },
          [only](const caf::error& why) {
            spdlog::warn("connections of {} cannot be found: {}",
                         only.empty() ? "the channels" : "channel " + only, detail_of(why));
          });
}

// Their channel is none of those that are stored: a backup has none of that name.
void catalogue::end_orphans(const adopt_connections& left) {
  for (const auto& orphan : left.children)
    self_->send_exit(
        orphan.handle,
        to_exit_reason({close_code::channel_gone, "The channel is not there any more", "server"}));
}

void catalogue::install(channel_ptr definition, bool from_file) {
  auto& what = entries_[definition->name];
  what.definition = std::move(definition);
  what.from_file = what.from_file || from_file;
  if (what.actor)
    self_->send(what.actor, revise_channel{what.definition});
  else
    start_channel(what);
  publish();
}

void catalogue::remove(const std::string& channel_name) {
  const auto i = entries_.find(channel_name);
  auto last = *i->second.definition;
  last.is_active = false;
  self_->demonitor(i->second.actor.address());
  self_->send(i->second.actor, revise_channel{std::make_shared<const channel_definition>(last)});
  self_->send_exit(i->second.actor, caf::exit_reason::user_shutdown);
  entries_.erase(i);
  publish();
}

void catalogue::publish() {
  std::vector<route> routes;
  for (const auto& [key, what] : entries_)
    if (what.definition->is_active && what.actor)
      routes.push_back({what.definition->listener, what.definition->path,
                        what.definition->allowed_origins, what.actor});
  ports_.doors->publish(std::move(routes));
}

caf::expected<channel_list> catalogue::list() const {
  channel_list all;
  for (const auto& [key, what] : entries_)
    all.items.push_back(info(what));
  return all;
}

caf::expected<channel_info> catalogue::find(const std::string& channel_name) const {
  const auto found = entries_.find(channel_name);
  if (found == entries_.end())
    return make_error(errc::not_found, "There is no channel of that name");
  return info(found->second);
}

channel_info catalogue::info(const entry& what) const {
  return {what.definition, what.gauges->connections.load(std::memory_order_relaxed),
          what.gauges->sessions.load(std::memory_order_relaxed), what.from_file, what.actor};
}

} // namespace muster
