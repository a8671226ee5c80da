#include "actors/channel.hpp"

#include "actors/channel_change.hpp"
#include "actors/connection.hpp"
#include "actors/spawn.hpp"
#include "messages/metrics.hpp"
#include "messages/secret.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

const credential* find(const channel_definition& definition, const std::string& username) {
  const auto& all = definition.credentials;
  const auto i =
      std::find_if(all.begin(), all.end(), [&](const auto& x) { return x.username == username; });
  return i == all.end() ? nullptr : &*i;
}

// The key that `secret` is; every one is looked at, so that time tells nothing.
const credential* find_key(const channel_definition& definition, const std::string& secret) {
  const auto hash = sha256_hex(secret);
  const credential* found = nullptr;
  for (const auto& key : definition.credentials)
    if (equal_in_constant_time(key.secret_hash, hash))
      found = &key;
  return found;
}

// Of random bytes that nobody kept: checked against for users that do not exist, so that the two
// cannot be told apart by time.
constexpr const char* nobodys_hash = "$argon2id$v=19$m=19456,t=2,p=1$orVAO8aRDtza3KrvH8GLgw$"
                                     "wXCiUyAqufeIZK6VftxgbmIjSeA4r5bYLxtQgNxy78Y";

} // namespace

channel::channel(handle::pointer self) : self_{self} {}

channel_actor::behavior_type channel::start(channel_ptr definition, house_ptr addresses,
                                            std::shared_ptr<channel_gauges> gauges) {
  definition_ = std::move(definition);
  house_ = std::move(addresses);
  gauges_ = std::move(gauges);
  count();
  name = "channel " + definition_->name;
  self_->set_down_handler([this](const caf::down_msg& down) { forget(down.source.id()); });
  return {
      [this](const admit& arrival) { return let_in(arrival); },
      [this](open_session& question) { return open(question); },
      [this](check_credentials& question) { return check(question); },
      [this](const revise_channel& revision) { revise(revision.definition); },
      [this](const adopt_connections& orphans) { adopt(orphans); },
      [this](const house_ptr& addresses_now) {
        house_ = addresses_now;
        for (const auto& [id, who] : children_)
          self_->send(who.handle, house_);
      },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

caf::result<admitted> channel::let_in(const admit& arrival) {
  if (!definition_->is_active)
    return make_error(errc::channel_inactive);
  if (definition_->max_connections && children_.size() >= *definition_->max_connections) {
    count_limit(limit_kind::connections);
    return make_error(errc::unavailable, "The channel is full");
  }
  arrival.from->channel = definition_->name;
  auto connection =
      spawn_on<muster::connection>(self_->system(), *arrival.loop, arrival.loop,
                                   std::shared_ptr<const muster::arrival>{arrival.from},
                                   definition_, caf::actor_cast<channel_actor>(self_), house_);
  watch(connection);
  return admitted{connection, definition_};
}

void channel::watch(const connection_actor& who) {
  self_->monitor(who);
  children_.emplace(who.id(), child{who, {}, {}});
  count();
}

void channel::open(child& which, const std::string& client_id, const std::string& username) {
  which.session = by_client_.emplace(client_id, which.handle.id()).first;
  which.username = username;
  count();
}

void channel::count() {
  gauges_->connections.store(children_.size(), std::memory_order_relaxed);
  gauges_->sessions.store(by_client_.size(), std::memory_order_relaxed);
}

void channel::forget(caf::actor_id id) {
  const auto who = children_.find(id);
  if (who == children_.end())
    return;
  if (who->second.session)
    by_client_.erase(*who->second.session);
  children_.erase(who);
  count();
}

caf::result<session_granted> channel::open(open_session& question) {
  if (!definition_->is_active)
    return make_error(errc::channel_inactive);
  auto promise = self_->make_response_promise<caf::typed_response_promise<session_granted>>();
  auto secret = std::exchange(question.secret, {});
  identify(question.username, std::move(secret),
           [this, promise, asked = question](caf::expected<std::string> who) mutable {
             if (!who)
               promise.deliver(std::move(who.error()));
             else if (auto granted = grant(asked, std::move(*who)))
               promise.deliver(std::move(*granted));
             else
               promise.deliver(std::move(granted.error()));
           });
  return promise;
}

caf::result<credentials_checked> channel::check(check_credentials& question) {
  if (!definition_->is_active)
    return make_error(errc::channel_inactive);
  if (definition_->security == channel_security::api_key && !question.username.empty())
    return make_error(errc::unauthorized, "a key is asked for, not a username");
  auto promise = self_->make_response_promise<caf::typed_response_promise<credentials_checked>>();
  identify(std::move(question.username), std::move(question.secret),
           [this, promise](caf::expected<std::string> who) mutable {
             if (!who)
               promise.deliver(std::move(who.error()));
             else if (!definition_->is_active)
               promise.deliver(make_error(errc::channel_inactive));
             else
               promise.deliver(credentials_checked{std::move(*who), definition_});
           });
  return promise;
}

void channel::identify(std::string username, std::string secret, told_who done) {
  switch (definition_->security) {
  case channel_security::none:
    return done(std::string{});
  case channel_security::api_key:
    if (const auto* key = find_key(*definition_, secret))
      return done(key->username);
    return done(make_error(errc::unauthorized, "wrong API key"));
  case channel_security::basic:
    return identify_by_password(std::move(username), std::move(secret), std::move(done));
  case channel_security::jwt:
    return done(make_error(errc::unauthorized, "no token of this kind can be checked"));
  }
}

void channel::identify_by_password(std::string username, std::string secret, told_who done) {
  const auto* known = find(*definition_, username);
  auto hash = known ? known->secret_hash : std::string{nobodys_hash};
  auto question = check_secret{std::move(secret), hash};
  self_->request(house_->hasher, caf::infinite, std::move(question))
      .then(
          [this, username = std::move(username), hash, done](const secret_checked& checked) {
            // The credential may have been revoked while it was checked.
            const auto* still = find(*definition_, username);
            if (checked.right && still && still->secret_hash == hash)
              done(username);
            else
              done(make_error(errc::unauthorized, "wrong username or secret"));
          },
          [done](const caf::error& why) {
            done(make_error(errc::unavailable, "the secret was not checked: " + detail_of(why)));
          });
}

caf::expected<session_granted> channel::grant(const open_session& question, std::string username) {
  const auto known = children_.find(question.connection.id());
  if (known == children_.end())
    return make_error(errc::connection_closed);
  auto& asker = known->second;
  if (question.renewal || asker.session) {
    asker.username = username;
    return session_granted{std::move(username)};
  }
  const auto policy = definition_->duplicate_client_id;
  const auto& most = definition_->max_connections_per_client;
  if (policy == duplicate_policy::reject && has_sessions(question.client_id, 1))
    return make_error(errc::conflict, "The client id is already connected");
  if (policy == duplicate_policy::replace) {
    replace(question.client_id);
  } else if (most && has_sessions(question.client_id, *most)) {
    count_limit(limit_kind::connections_per_client);
    return make_error(errc::too_many_requests, "Too many connections of this client");
  }
  open(asker, question.client_id, username);
  return session_granted{std::move(username)};
}

bool channel::has_sessions(const std::string& client_id, std::size_t at_least) const {
  auto one = by_client_.lower_bound({client_id, 0});
  for (; at_least > 0 && one != by_client_.end() && one->first == client_id; ++one)
    --at_least;
  return at_least == 0;
}

// Those that were replaced count no more, however long their Close takes.
void channel::replace(const std::string& client_id) {
  const auto order = to_exit_reason(
      {close_code::replaced, "Replaced by a newer connection of the same client id", "server"});
  const auto first = by_client_.lower_bound({client_id, 0});
  auto last = first;
  for (; last != by_client_.end() && last->first == client_id; ++last) {
    auto& old = children_.at(last->second);
    self_->send_exit(old.handle, order);
    old.session.reset();
  }
  by_client_.erase(first, last);
}

void channel::revise(channel_ptr definition) {
  const auto before = std::exchange(definition_, std::move(definition));
  const channel_change change{*before, *definition_};
  const channel_revised news{definition_, caf::actor_cast<channel_actor>(self_)};
  for (const auto& [id, who] : children_) {
    if (auto order = change.must_close(who.username, who.session.has_value()))
      self_->send_exit(who.handle, to_exit_reason(*order));
    else
      self_->send(who.handle, news);
  }
}

void channel::adopt(const adopt_connections& orphans) {
  // The definition may have been edited between this actor and the one that failed.
  const channel_change change{*definition_, *definition_};
  for (const auto& orphan : orphans.children) {
    if (auto order = change.must_close(orphan.username, !orphan.client_id.empty()))
      self_->send_exit(orphan.handle, to_exit_reason(*order));
    adopt(orphan);
  }
}

// Who has had its session since the roll was read, says so itself.
void channel::adopt(const adopt_connections::child& orphan) {
  const bool is_new = !children_.contains(orphan.handle.id());
  if (is_new)
    watch(orphan.handle);
  auto& known = children_.at(orphan.handle.id());
  if (!known.session && !orphan.client_id.empty())
    open(known, orphan.client_id, orphan.username);
  if (!is_new)
    return;
  self_->send(orphan.handle, channel_revised{definition_, caf::actor_cast<channel_actor>(self_)});
  self_->send(orphan.handle, house_);
}

} // namespace muster
