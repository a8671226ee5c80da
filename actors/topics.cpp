#include "actors/topics.hpp"

#include "actors/spawn.hpp"
#include "actors/topic.hpp"
#include "messages/codec.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace muster {

namespace {

/// How many expired messages, or messages of a deleted topic, go at once.
constexpr std::uint32_t step = 1000;

caf::error no_such_topic() {
  return make_error(errc::not_found, "There is no such topic");
}

} // namespace

// Its topics go with it; their connections seek those that come after them.
topics::~topics() {
  for (const auto& [key, what] : entries_)
    if (what.actor)
      caf::anon_send_exit(what.actor, caf::exit_reason::kill);
}

topics::handle::behavior_type topics::start(house_ptr addresses, topics_ports ports) {
  house_ = std::move(addresses);
  ports_ = std::move(ports);
  self_->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  load();
  self_->delayed_send(self_, std::chrono::seconds{1}, topics_tick{});
  return {
      [this](const find_topic& request) { return find(request); },
      [this](const describe_topic& request) {
        return when_open<topic_info>([this, wanted = request.name] { return describe(wanted); });
      },
      [this](const list_topics&) { return when_open<topic_list>([this] { return list(); }); },
      [this](const create_topic& request) { return create(request); },
      [this](const edit_topic& request) { return edit(request); },
      [this](const retire_topic& request) { retire(request); },
      [this](const house_ptr& addresses_now) {
        house_ = addresses_now;
        for (const auto& [key, what] : entries_)
          if (what.actor)
            self_->send(what.actor, house_);
      },
      [](const drill& order) { throw std::runtime_error{order.what}; },
      [this](const topics_tick&) { tick(); },
  };
}

void topics::load() {
  self_->request(house_->store, caf::infinite, load_documents{document_kind::topic})
      .then(
          [this](const loaded_documents& stored) {
            for (const auto& item : stored.items) {
              auto definition = from_bytes<topic_definition>(item.body);
              if (!definition) {
                damaged_ = true;
                count(counters().damaged_records);
                spdlog::error("topic {}: its stored definition is damaged and not used: {}",
                              item.key, detail_of(definition.error()));
                continue;
              }
              last_number_ = std::max(last_number_, definition->number);
              names_[definition->number] = item.key;
              entries_[item.key].definition =
                  std::make_shared<const topic_definition>(std::move(*definition));
            }
            survey();
          },
          [this](const caf::error& why) {
            ports_.fatal("the topics cannot be read: " + detail_of(why));
          });
}

// What logs there are: those of topics that were deleted may not be wholly gone.
void topics::survey() {
  self_->request(house_->reader, caf::infinite, survey_logs{})
      .then(
          [this](const logs_surveyed& found) {
            for (const auto& log : found.logs) {
              last_number_ = std::max(last_number_, log.topic);
              const auto known = names_.find(log.topic);
              if (known == names_.end()) {
                // It may be that of a topic whose definition cannot be read.
                if (!damaged_)
                  erase_log_of(log.topic);
                continue;
              }
              auto& gauges = *entries_[known->second].gauges;
              gauges.messages = log.messages;
              gauges.bytes = log.bytes;
              gauges.subscriptions = log.subscriptions;
              gauges.last_seq = log.last_seq;
              gauges.last_published_us = log.last_published_us;
              // Subscriptions that nobody takes up have an end.
              gauges.wake_at_us = log.subscriptions != 0 ? 1 : 0;
            }
            declare(0);
          },
          [this](const caf::error& why) {
            spdlog::error("the logs of topics cannot be read: {}", detail_of(why));
            declare(0);
          });
}

void topics::open() {
  *ports_.settled = true;
  open_ = true;
  run_next();
}

caf::result<found_topic> topics::find(const find_topic& request) {
  auto answer = self_->make_response_promise<promise<found_topic>>();
  const auto name_of = [this](const find_topic& which) {
    const auto known = which.name.empty() ? names_.find(which.number) : names_.end();
    return known != names_.end() ? known->second : which.name;
  };
  if (const auto found = entries_.find(name_of(request)); open_ && found != entries_.end()) {
    find_now(found->second, answer);
    return answer;
  }
  if (open_ && !request.make) {
    answer.deliver(no_such_topic());
    return answer;
  }
  // The names may not be known yet.
  in_turn([this, answer, request, name_of](const next& done) mutable {
    const auto wanted = name_of(request);
    if (const auto found = entries_.find(wanted); found != entries_.end()) {
      find_now(found->second, answer);
      done();
    } else if (!request.make || wanted.empty()) {
      answer.deliver(no_such_topic());
      done();
    } else {
      topic_definition fresh;
      fresh.name = wanted;
      make(std::move(fresh), [this, answer, done](caf::expected<entry*> made) mutable {
        if (made)
          find_now(**made, answer);
        else
          answer.deliver(std::move(made.error()));
        done();
      });
    }
  });
  return answer;
}

void topics::find_now(entry& what, promise<found_topic> answer) {
  if (what.actor && !what.busy) {
    answer.deliver(found_topic{what.definition, what.actor});
    return;
  }
  what.askers.push_back(std::move(answer));
  if (!what.busy)
    start_actor(what.definition->name);
}

// What one that failed has written comes first, then its log is read.
void topics::start_actor(const std::string& topic_name) {
  entries_.at(topic_name).busy = true;
  const auto fail = [this, topic_name](const caf::error& why) { fail_askers(topic_name, why); };
  self_->request(house_->store, caf::infinite, sync_store{})
      .then(
          [this, topic_name, fail](const done&) {
            const auto found = entries_.find(topic_name);
            if (found == entries_.end())
              return;
            self_
                ->request(house_->reader, caf::infinite, load_log{found->second.definition->number})
                .then([this, topic_name](log_loaded& loaded) { spawn_actor(topic_name, loaded); },
                      fail);
          },
          fail);
}

void topics::spawn_actor(const std::string& topic_name, log_loaded& loaded) {
  const auto found = entries_.find(topic_name);
  if (found == entries_.end())
    return;
  auto& what = found->second;
  topic_start beginning{what.definition,
                        house_,
                        caf::actor_cast<topics_actor>(self_),
                        what.gauges,
                        std::make_shared<const stored_log>(std::move(loaded.log)),
                        ports_.wall_now};
  what.actor = spawn<topic>(self_->system(), std::move(beginning));
  self_->monitor(what.actor);
  what.busy = false;
  for (auto& answer : std::exchange(what.askers, {}))
    answer.deliver(found_topic{what.definition, what.actor});
}

void topics::fail_askers(const std::string& topic_name, const caf::error& why) {
  const auto found = entries_.find(topic_name);
  if (found == entries_.end())
    return;
  spdlog::error("topic {} cannot be started: {}", topic_name, detail_of(why));
  found->second.busy = false;
  for (auto& answer : std::exchange(found->second.askers, {}))
    answer.deliver(make_error(errc::unavailable, "The topic cannot be read: " + detail_of(why)));
}

void topics::on_down(const caf::down_msg& down) {
  if (auto over = ending_.extract(down.source)) {
    erase_log_of(over.mapped());
    return;
  }
  for (auto& [key, what] : entries_) {
    if (!what.actor || what.actor.address() != down.source)
      continue;
    const bool retired = std::exchange(what.busy, false);
    what.actor = nullptr;
    if (!retired) {
      spdlog::error("topic {} failed and is started anew: {}", key,
                    self_->system().render(down.reason));
      if (!restarts_.allow(self_->clock().now())) {
        ports_.fatal("topic " + key + " failed, after more than five restarts in five seconds");
        return;
      }
      count(counters().actor_failures);
      count(counters().actor_restarts);
    }
    if (!retired || !what.askers.empty())
      start_actor(key);
    return;
  }
}

// Who asks for it from now on waits until it has ended.
void topics::retire(const retire_topic& request) {
  const auto known = names_.find(request.number);
  const auto found = known == names_.end() ? entries_.end() : entries_.find(known->second);
  if (found == entries_.end() || found->second.actor != request.actor || found->second.busy)
    return;
  found->second.busy = true;
  self_->send_exit(request.actor, caf::exit_reason::user_shutdown);
}

void topics::tick() {
  self_->delayed_send(self_, std::chrono::seconds{1}, topics_tick{});
  if (!open_)
    return;
  expire();
  const auto now = microseconds_of(ports_.wall_now());
  for (auto& [key, what] : entries_) {
    const auto wake_at = what.gauges->wake_at_us.load(std::memory_order_relaxed);
    if (!what.actor && !what.busy && wake_at != 0 && wake_at <= now)
      start_actor(key);
  }
}

// In small steps, one after the other while there is more.
void topics::expire() {
  if (std::exchange(expiring_, true))
    return;
  self_
      ->request(house_->store, caf::infinite,
                expire_messages{microseconds_of(ports_.wall_now()), step})
      .then(
          [this](const messages_expired& gone) {
            expiring_ = false;
            std::map<std::uint32_t, forget_messages> by_topic;
            for (const auto& each : gone.places)
              by_topic[each.topic].seqs.push_back(each.seq);
            for (auto& [number, news] : by_topic)
              if (const auto known = names_.find(number); known != names_.end())
                if (const auto& actor = entries_.at(known->second).actor)
                  self_->send(actor, std::move(news));
            if (gone.places.size() == step)
              expire();
          },
          [this](const caf::error&) { expiring_ = false; });
}

void topics::erase_log_of(std::uint32_t number) {
  self_->request(house_->store, caf::infinite, erase_log{number, step})
      .then(
          [this, number](const log_erased& erased) {
            if (erased.more)
              erase_log_of(number);
          },
          [number](const caf::error& why) {
            spdlog::warn("the log of deleted topic {} stays until the next start: {}", number,
                         detail_of(why));
          });
}

} // namespace muster
