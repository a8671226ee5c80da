#include "actors/catalogue_ask.hpp"
#include "actors/channel_change.hpp"
#include "actors/http_service.hpp"
#include "actors/roll.hpp"
#include "messages/codec.hpp"

#include <algorithm>
#include <utility>

namespace muster {

// Edits wait for the store and for hashes; one after the other, each sees what the last one left.
void catalogue::in_turn(task what) {
  tasks_.push_back(std::move(what));
  if (!busy_)
    run_next();
}

void catalogue::run_next() {
  busy_ = false;
  // A task that is done at once comes back here.
  if (std::exchange(running_, true))
    return;
  while (!busy_ && !tasks_.empty()) {
    busy_ = true;
    const auto what = std::move(tasks_.front());
    tasks_.pop_front();
    what([this] { run_next(); });
  }
  running_ = false;
}

caf::result<channel_info> catalogue::create(const create_channel& request) {
  auto parsed = parse_channel(request.json);
  if (!parsed)
    return std::move(parsed.error());
  auto answer = self_->make_response_promise<promise<channel_info>>();
  auto edit = std::make_shared<channel_edit>(std::move(*parsed));
  in_turn([this, edit, answer, dry_run = request.dry_run](const next& done) mutable {
    auto fail = [this, answer, done](caf::error why) mutable {
      answer.deliver(std::move(why));
      publish(); // without a listener that was opened for it
      done();
    };
    if (entries_.count(edit->definition.name) != 0) {
      fail(make_error(errc::conflict, "There is a channel of that name", "name"));
      return;
    }
    if (auto why = check_place(edit->definition)) {
      fail(std::move(why));
      return;
    }
    settle_secrets(*edit, [this, answer, done, fail,
                           dry_run](caf::expected<channel_definition> ready) mutable {
      if (!ready) {
        fail(std::move(ready.error()));
        return;
      }
      auto definition = std::make_shared<const channel_definition>(*ready);
      if (dry_run) {
        publish(); // without a listener that was opened for it
        answer.deliver(channel_info{definition});
        done();
        return;
      }
      keep(std::move(*ready), [this, definition, answer, done, fail](caf::error why) mutable {
        if (why) {
          fail(std::move(why));
          return;
        }
        install(definition, false);
        answer.deliver(info(entries_.at(definition->name)));
        done();
      });
    });
  });
  return answer;
}

caf::result<channel_edited> catalogue::edit(const edit_channel& request) {
  auto answer = self_->make_response_promise<promise<channel_edited>>();
  in_turn([this, request, answer](const next& done) mutable {
    auto before = find_version(request);
    if (!before) {
      answer.deliver(std::move(before.error()));
      done();
    } else if (request.patch.empty()) {
      end_in_turn(*before, request.dry_run, answer, done);
    } else {
      edit_in_turn(*before, request, answer, done);
    }
  });
  return answer;
}

caf::expected<channel_ptr> catalogue::find_version(const edit_channel& request) const {
  const auto i = entries_.find(request.name);
  if (i == entries_.end())
    return make_error(errc::not_found, "There is no channel of that name");
  const auto& there = i->second.definition;
  if (!request.if_match.empty() && request.if_match != "*" && request.if_match != etag_of(*there))
    return make_error(errc::precondition_failed, "The channel was changed meanwhile");
  return there;
}

void catalogue::edit_in_turn(const channel_ptr& before, const edit_channel& request,
                             promise<channel_edited> answer, const next& done) {
  auto fail = [this, answer, done](caf::error why) mutable {
    answer.deliver(std::move(why));
    publish(); // without a listener that was opened for it
    done();
  };
  auto parsed = patch_channel(*before, request.patch);
  if (!parsed) {
    fail(std::move(parsed.error()));
    return;
  }
  if (auto why = check_place(parsed->definition)) {
    fail(std::move(why));
    return;
  }
  auto edit = std::move(*parsed);
  // The old hashes are there to be kept where the secret is the same.
  if (edit.secrets && edit.definition.security == before->security)
    edit.definition.credentials = before->credentials;
  const bool dry_run = request.dry_run;
  settle_secrets(std::move(edit), [this, before, dry_run, answer, done,
                                   fail](caf::expected<channel_definition> ready) mutable {
    if (!ready) {
      fail(std::move(ready.error()));
      return;
    }
    auto after = std::make_shared<const channel_definition>(std::move(*ready));
    find_closes(*before, *after,
                [this, after, dry_run, answer, done,
                 fail](caf::expected<std::vector<std::string>> closes) mutable {
                  if (!closes) {
                    fail(std::move(closes.error()));
                    return;
                  }
                  auto tell = [this, after, answer, done, ids = std::move(*closes)]() mutable {
                    auto now = info(entries_.at(after->name));
                    now.definition = after;
                    answer.deliver(channel_edited{std::move(now), std::move(ids)});
                    done();
                  };
                  if (dry_run) {
                    publish();
                    tell();
                    return;
                  }
                  keep(*after, [this, after, tell, fail](caf::error why) mutable {
                    if (why) {
                      fail(std::move(why));
                      return;
                    }
                    install(after, false);
                    tell();
                  });
                });
  });
}

void catalogue::end_in_turn(const channel_ptr& before, bool dry_run, promise<channel_edited> answer,
                            const next& done) {
  auto fail = [answer, done](caf::error why) mutable {
    answer.deliver(std::move(why));
    done();
  };
  auto after = *before;
  after.is_active = false;
  find_closes(*before, after,
              [this, before, answer, done, fail,
               dry_run](caf::expected<std::vector<std::string>> closes) mutable {
                if (!closes) {
                  fail(std::move(closes.error()));
                  return;
                }
                channel_edited result{info(entries_.at(before->name)), std::move(*closes)};
                if (dry_run) {
                  answer.deliver(std::move(result));
                  done();
                  return;
                }
                ask<muster::done>(house_->store,
                                  erase_document{document_kind::channel, before->name},
                                  [this, before, answer, done, fail,
                                   result](caf::expected<muster::done> erased) mutable {
                                    if (!erased) {
                                      fail(std::move(erased.error()));
                                      return;
                                    }
                                    remove(before->name);
                                    answer.deliver(std::move(result));
                                    done();
                                  });
              });
}

// The listener and the path must be free, and the listener must be one that can be opened.
caf::error catalogue::check_place(const channel_definition& definition) const {
  if (const auto other = holder_of_place(definition); other != entries_.end())
    return make_error(errc::conflict, "Channel " + other->first + " has that path on that listener",
                      "path");
  if (is_url(definition.service))
    if (auto why = check_url(definition.service))
      return make_error(errc::bad_request, "service: " + detail_of(why), "service");
  if (auto why = ports_.doors->ensure(definition.listener))
    return make_error(errc::bad_request, "listener: " + detail_of(why), "listener");
  return {};
}

std::map<std::string, catalogue::entry>::const_iterator
catalogue::holder_of_place(const channel_definition& definition) const {
  return std::find_if(entries_.begin(), entries_.end(), [&](const auto& other) {
    const auto& there = other.second.definition;
    return there && other.first != definition.name && there->listener == definition.listener
           && there->path == definition.path;
  });
}

void catalogue::keep(channel_definition definition, std::function<void(caf::error)> then) {
  put_document order{document_kind::channel, definition.name, to_bytes(definition)};
  ask<done>(house_->store, std::move(order), [then = std::move(then)](caf::expected<done> kept) {
    then(kept ? caf::error{} : std::move(kept.error()));
  });
}

// The connections that the edit must end.
void catalogue::find_closes(const channel_definition& before, const channel_definition& after,
                            std::function<void(caf::expected<std::vector<std::string>>)> then) {
  ask<snapshot_taken>(house_->registry, take_snapshot{},
                      [channel_name = before.name, change = channel_change{before, after},
                       then = std::move(then)](caf::expected<snapshot_taken> taken) {
                        if (!taken) {
                          then(std::move(taken.error()));
                          return;
                        }
                        std::vector<std::string> ids;
                        taken->roll->for_each([&](const roll_entry& on_roll, roll_ticket) {
                          const auto& row = *on_roll.row;
                          if (row.from->channel == channel_name
                              && change.must_close(row.who->username, !row.who->client_id.empty()))
                            ids.push_back(row.from->id);
                        });
                        then(std::move(ids));
                      });
}

} // namespace muster
