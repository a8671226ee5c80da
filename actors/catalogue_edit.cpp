#include "actors/catalogue.hpp"

#include "actors/channel.hpp"
#include "actors/roll.hpp"
#include "messages/codec.hpp"
#include "messages/secret.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

const credential* find(const channel_definition& definition, const std::string& username) {
  const auto& all = definition.credentials;
  const auto i = std::find_if(all.begin(), all.end(),
                              [&](const auto& x) { return x.username == username; });
  return i == all.end() ? nullptr : &*i;
}

} // namespace

// Edits wait for the store and for hashes; one after the other, each sees what the last one left.
void catalogue::in_turn(task what) {
  tasks_.push_back(std::move(what));
  if (!busy_)
    run_next();
}

void catalogue::run_next() {
  busy_ = !tasks_.empty();
  if (!busy_)
    return;
  auto what = std::move(tasks_.front());
  tasks_.pop_front();
  what([this] { run_next(); });
}

caf::result<channel_info> catalogue::create(const create_channel& request) {
  auto parsed = parse_channel(request.json);
  if (!parsed)
    return std::move(parsed.error());
  auto answer = self_->make_response_promise<promise<channel_info>>();
  auto edit = std::make_shared<channel_edit>(std::move(*parsed));
  in_turn([this, edit, answer](const next& done) mutable {
    auto fail = [answer, done](caf::error why) mutable {
      answer.deliver(std::move(why));
      done();
    };
    if (entries_.count(edit->definition.name) != 0) {
      fail(make_error(errc::conflict, "There is a channel of that name"));
      return;
    }
    if (auto why = check_place(edit->definition)) {
      fail(std::move(why));
      return;
    }
    settle_secrets(edit, 0, [this, answer, done, fail](caf::expected<channel_definition> ready) mutable {
      if (!ready) {
        fail(std::move(ready.error()));
        return;
      }
      auto definition = std::make_shared<const channel_definition>(*ready);
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
  in_turn([this, request, answer](const next& done) {
    if (request.patch.empty())
      end_in_turn(request, answer, done);
    else
      edit_in_turn(request, answer, done);
  });
  return answer;
}

void catalogue::edit_in_turn(const edit_channel& request, promise<channel_edited> answer,
                             const next& done) {
  auto fail = [answer, done](caf::error why) mutable {
    answer.deliver(std::move(why));
    done();
  };
  const auto i = entries_.find(request.name);
  if (i == entries_.end()) {
    fail(make_error(errc::not_found, "There is no channel of that name"));
    return;
  }
  const auto before = i->second.definition;
  if (!request.if_match.empty() && request.if_match != "*" && request.if_match != etag_of(*before)) {
    fail(make_error(errc::precondition_failed, "The channel was changed meanwhile"));
    return;
  }
  auto parsed = patch_channel(*before, request.patch);
  if (!parsed) {
    fail(std::move(parsed.error()));
    return;
  }
  if (auto why = check_place(parsed->definition)) {
    fail(std::move(why));
    return;
  }
  auto edit = std::make_shared<channel_edit>(std::move(*parsed));
  // The old hashes are there to be kept where the secret is the same.
  if (edit->secrets && edit->definition.security == before->security)
    edit->definition.credentials = before->credentials;
  const bool dry_run = request.dry_run;
  settle_secrets(edit, 0, [this, before, dry_run, answer, done,
                           fail](caf::expected<channel_definition> ready) mutable {
    if (!ready) {
      fail(std::move(ready.error()));
      return;
    }
    auto after = std::make_shared<const channel_definition>(std::move(*ready));
    find_closes(*before, *after, [this, after, dry_run, answer, done, fail](
                                   caf::expected<std::vector<std::string>> closes) mutable {
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

void catalogue::end_in_turn(const edit_channel& request, promise<channel_edited> answer,
                            const next& done) {
  auto fail = [answer, done](caf::error why) mutable {
    answer.deliver(std::move(why));
    done();
  };
  const auto i = entries_.find(request.name);
  if (i == entries_.end()) {
    fail(make_error(errc::not_found, "There is no channel of that name"));
    return;
  }
  const auto before = i->second.definition;
  if (!request.if_match.empty() && request.if_match != "*" && request.if_match != etag_of(*before)) {
    fail(make_error(errc::precondition_failed, "The channel was changed meanwhile"));
    return;
  }
  auto after = *before;
  after.is_active = false;
  find_closes(*before, after, [this, before, answer, done, fail, dry_run = request.dry_run](
                                caf::expected<std::vector<std::string>> closes) mutable {
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
    self_
      ->request(house_->store, caf::infinite, erase_document{document_kind::channel, before->name})
      .then(
        [this, before, answer, done, result](const muster::done&) mutable {
          remove(before->name);
          answer.deliver(std::move(result));
          done();
        },
        [fail](caf::error& why) mutable { fail(std::move(why)); });
  });
}

// The listener and the path must be free, and the listener must be one that can be opened.
caf::error catalogue::check_place(const channel_definition& definition) const {
  if (const auto other = holder_of_place(definition); other != entries_.end())
    return make_error(errc::conflict, "Channel " + other->first + " has that path on that listener");
  if (auto why = ports_.doors->ensure(definition.listener))
    return make_error(errc::bad_request, "listener: " + detail_of(why));
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

// Turns the secrets of an edit into hashes, one after the other, on the workers. A secret that is
// right for the hash that is there keeps it: then nothing was revoked.
void catalogue::settle_secrets(std::shared_ptr<channel_edit> edit, std::size_t index, settled then) {
  auto& definition = edit->definition;
  if (!edit->secrets) {
    then(definition);
    return;
  }
  if (index == edit->secrets->size()) {
    std::vector<credential> all;
    for (const auto& wanted : *edit->secrets)
      all.push_back(*find(definition, wanted.username));
    definition.credentials = std::move(all);
    then(std::move(definition));
    return;
  }
  const auto& wanted = (*edit->secrets)[index];
  const auto* known = find(definition, wanted.username);
  if (!wanted.secret) {
    if (!known) {
      then(make_error(errc::bad_request, "There is no secret yet for " + wanted.username));
      return;
    }
    settle_secrets(edit, index + 1, std::move(then));
    return;
  }
  auto go_on = [this, edit, index, then](const std::string& hash) {
    auto& credentials = edit->definition.credentials;
    const auto& username = (*edit->secrets)[index].username;
    std::erase_if(credentials, [&](const auto& x) { return x.username == username; });
    credentials.push_back({username, hash});
    settle_secrets(edit, index + 1, then);
  };
  if (definition.security != channel_security::basic) {
    go_on(sha256_hex(*wanted.secret));
    return;
  }
  auto hash_it = [this, go_on, then, secret = *wanted.secret] {
    self_->request(house_->hasher, caf::infinite, hash_secret{secret})
      .then([go_on](const secret_hash& made) { go_on(made.hash); },
            [then](caf::error& why) { then(std::move(why)); });
  };
  if (!known) {
    hash_it();
    return;
  }
  self_->request(house_->hasher, caf::infinite, check_secret{*wanted.secret, known->secret_hash})
    .then(
      [go_on, hash_it, hash = known->secret_hash](const secret_checked& checked) {
        if (checked.right)
          go_on(hash);
        else
          hash_it();
      },
      [then](caf::error& why) { then(std::move(why)); });
}

void catalogue::keep(channel_definition definition, std::function<void(caf::error)> then) {
  self_
    ->request(house_->store, caf::infinite,
              put_document{document_kind::channel, definition.name, to_bytes(definition)})
    .then([then](const muster::done&) { then(caf::error{}); },
          [then](caf::error& why) { then(std::move(why)); });
}

// The connections that the edit must end.
void catalogue::find_closes(const channel_definition& before, const channel_definition& after,
                            std::function<void(caf::expected<std::vector<std::string>>)> then) {
  self_->request(house_->registry, caf::infinite, take_snapshot{})
    .then(
      [before, after, then](const snapshot_taken& taken) {
        std::vector<std::string> ids;
        taken.roll->for_each([&](const roll_entry& on_roll, roll_ticket) {
          const auto& row = *on_roll.row;
          if (row.from->channel == before.name
              && must_close(before, after, row.username, !row.client_id.empty()))
            ids.push_back(row.from->id);
        });
        then(std::move(ids));
      },
      [then](caf::error& why) { then(std::move(why)); });
}

} // namespace muster
