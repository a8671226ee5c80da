// How topics are declared, made, edited and deleted: one after the other.

#include "actors/topics.hpp"

#include "messages/codec.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

namespace {

caf::error no_such_topic() {
  return make_error(errc::not_found, "There is no such topic");
}

} // namespace

void topics::in_turn(task what) {
  tasks_.push_back(std::move(what));
  run_next();
}

void topics::run_next() {
  while (open_ && !running_ && !tasks_.empty()) {
    running_ = true;
    const auto work = std::move(tasks_.front());
    tasks_.pop_front();
    work([this] {
      running_ = false;
      run_next();
    });
  }
}

template <class Reply>
caf::result<Reply> topics::when_open(std::function<caf::expected<Reply>()> question) {
  if (open_)
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

template caf::result<topic_list> topics::when_open(std::function<caf::expected<topic_list>()>);
template caf::result<topic_info> topics::when_open(std::function<caf::expected<topic_info>()>);

// The configuration file wins for the topics that it names.
void topics::declare(std::size_t index) {
  if (index == ports_.declared.size()) {
    open();
    return;
  }
  auto parsed = parse_topic(ports_.declared[index]);
  if (!parsed) {
    ports_.fatal("a topic of the configuration is wrong: " + detail_of(parsed.error()));
    return;
  }
  const auto known = entries_.find(parsed->name);
  if (known != entries_.end() && known->second.from_file) {
    ports_.fatal("the configuration has two topics of the name " + parsed->name);
    return;
  }
  const auto go_on = [this, index](const std::string& topic_name, const caf::error& why) {
    if (why) {
      ports_.fatal("a topic of the configuration cannot be kept: " + detail_of(why));
      return;
    }
    entries_.at(topic_name).from_file = true;
    declare(index + 1);
  };
  if (known == entries_.end()) {
    make(*parsed, [go_on, topic_name = parsed->name](caf::expected<entry*> made) {
      go_on(topic_name, made ? caf::error{} : made.error());
    });
    return;
  }
  parsed->number = known->second.definition->number;
  parsed->created_at_us = known->second.definition->created_at_us;
  if (*ports_.settled || *parsed == *known->second.definition) {
    go_on(parsed->name, {});
    return;
  }
  spdlog::info("topic {}: the configuration file wins over the stored definition", parsed->name);
  change(known->second, *parsed,
         [go_on, topic_name = parsed->name](const caf::error& why) { go_on(topic_name, why); });
}

caf::expected<topic_list> topics::list() const {
  topic_list all;
  for (const auto& [key, what] : entries_)
    all.items.push_back(info(what));
  return all;
}

caf::expected<topic_info> topics::describe(const std::string& topic_name) const {
  const auto found = entries_.find(topic_name);
  if (found == entries_.end())
    return no_such_topic();
  return info(found->second);
}

topic_info topics::info(const entry& what) const {
  return {what.definition, what.gauges, what.from_file};
}

void topics::put(const topic_definition& definition, kept then) {
  self_
      ->request(house_->store, caf::infinite,
                put_document{document_kind::topic, definition.name, to_bytes(definition)})
      .then([then](const done&) { then({}); }, [then](const caf::error& why) { then(why); });
}

caf::error topics::check_new(const topic_definition& definition) const {
  if (!is_topic_name(definition.name))
    return make_error(errc::bad_request, "This cannot be the name of a topic", "name");
  if (entries_.contains(definition.name))
    return make_error(errc::conflict, "There is a topic of that name", "name");
  if (entries_.size() >= max_topics)
    return make_error(errc::unavailable, "There are too many topics");
  return {};
}

// What a dry run would have left behind.
topic_info topics::preview(topic_definition definition, const entry* what) const {
  topic_info out;
  if (what != nullptr)
    out = info(*what);
  else
    definition.created_at_us = microseconds_of(ports_.wall_now());
  out.definition = std::make_shared<const topic_definition>(std::move(definition));
  return out;
}

void topics::make(topic_definition definition, std::function<void(caf::expected<entry*>)> then) {
  if (auto why = check_new(definition)) {
    then(std::move(why));
    return;
  }
  definition.number = ++last_number_;
  definition.created_at_us = microseconds_of(ports_.wall_now());
  put(definition, [this, definition, then](const caf::error& why) {
    if (why) {
      then(make_error(errc::unavailable, "The topic cannot be stored: " + detail_of(why)));
      return;
    }
    auto& what = entries_[definition.name];
    what.definition = std::make_shared<const topic_definition>(definition);
    names_[definition.number] = definition.name;
    then(&what);
  });
}

void topics::change(entry& what, topic_definition definition, const kept& then) {
  put(definition,
      [this, topic_name = what.definition->name, definition, then](const caf::error& why) {
        if (!why) {
          auto& changed = entries_.at(topic_name);
          changed.definition = std::make_shared<const topic_definition>(definition);
          if (changed.actor)
            self_->send(changed.actor, revise_topic{changed.definition});
        }
        then(why);
      });
}

caf::result<topic_info> topics::create(const create_topic& request) {
  auto parsed = parse_topic(request.json);
  if (!parsed)
    return std::move(parsed.error());
  auto answer = self_->make_response_promise<promise<topic_info>>();
  in_turn([this, answer, definition = std::move(*parsed),
           dry_run = request.dry_run](const next& done) mutable {
    if (dry_run) {
      if (auto why = check_new(definition))
        answer.deliver(std::move(why));
      else
        answer.deliver(preview(std::move(definition), nullptr));
      done();
      return;
    }
    make(std::move(definition), [this, answer, done](caf::expected<entry*> made) mutable {
      if (made)
        answer.deliver(info(**made));
      else
        answer.deliver(std::move(made.error()));
      done();
    });
  });
  return answer;
}

caf::result<topic_info> topics::edit(const edit_topic& request) {
  auto answer = self_->make_response_promise<promise<topic_info>>();
  in_turn([this, answer, request](const next& done) mutable {
    const auto refuse = [&](caf::error why) {
      answer.deliver(std::move(why));
      done();
    };
    const auto found = entries_.find(request.name);
    if (found == entries_.end())
      return refuse(no_such_topic());
    const auto& before = *found->second.definition;
    if (!request.if_match.empty() && request.if_match != "*" && request.if_match != etag_of(before))
      return refuse(make_error(errc::precondition_failed));
    const auto finish = [this, answer, done, before = info(found->second),
                         topic_name = request.name](const caf::error& why) mutable {
      if (why)
        answer.deliver(
            make_error(errc::unavailable, "The edit cannot be stored: " + detail_of(why)));
      else if (const auto left = entries_.find(topic_name); left != entries_.end())
        answer.deliver(info(left->second));
      else
        answer.deliver(before);
      done();
    };
    if (request.patch.empty() && !request.dry_run)
      return remove(request.name, finish);
    auto patched = patch_topic(before, request.patch);
    if (!patched)
      return refuse(std::move(patched.error()));
    if (request.dry_run) {
      answer.deliver(preview(std::move(*patched), &found->second));
      done();
      return;
    }
    change(found->second, std::move(*patched), finish);
  });
  return answer;
}

// Its subscribers are told, its log goes when it has ended.
void topics::remove(const std::string& topic_name, const kept& then) {
  self_->request(house_->store, caf::infinite, erase_document{document_kind::topic, topic_name})
      .then(
          [this, topic_name, then](const done&) {
            auto gone = entries_.extract(topic_name);
            auto& what = gone.mapped();
            const auto number = what.definition->number;
            names_.erase(number);
            for (auto& asker : what.askers)
              asker.deliver(no_such_topic());
            if (what.actor) {
              ending_.emplace(what.actor.address(), number);
              self_->send(what.actor, revise_topic{nullptr});
            } else {
              erase_log_of(number);
            }
            then({});
          },
          [then](const caf::error& why) { then(why); });
}

} // namespace muster
