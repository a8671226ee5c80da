#include "actors/channel.hpp"

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
  const auto i = std::find_if(all.begin(), all.end(),
                              [&](const auto& x) { return x.username == username; });
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
constexpr const char* nobodys_hash
  = "$argon2id$v=19$m=19456,t=2,p=1$orVAO8aRDtza3KrvH8GLgw$wXCiUyAqufeIZK6VftxgbmIjSeA4r5bYLxtQgNxy78Y";

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
  auto connection = spawn_on<muster::connection>(
    self_->system(), *arrival.loop, arrival.loop,
    std::shared_ptr<const muster::arrival>{arrival.from}, definition_,
    caf::actor_cast<channel_actor>(self_), house_);
  watch({connection, arrival.from->id, {}, {}});
  return admitted{connection, definition_};
}

void channel::watch(child what) {
  self_->monitor(what.handle);
  const auto id = what.handle.id();
  if (!what.client_id.empty())
    by_client_.emplace(what.client_id, id);
  children_.emplace(id, std::move(what));
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
  const auto [first, last] = by_client_.equal_range(who->second.client_id);
  const auto entry = std::find_if(first, last, [id](const auto& x) { return x.second == id; });
  if (entry != last)
    by_client_.erase(entry);
  children_.erase(who);
  count();
}

caf::result<session_granted> channel::open(open_session& question) {
  if (!definition_->is_active)
    return make_error(errc::channel_inactive);
  switch (definition_->security) {
    case channel_security::none:
      return grant(question, {});
    case channel_security::api_key: {
      const auto* key = find_key(*definition_, question.secret);
      if (!key)
        return make_error(errc::unauthorized, "wrong API key");
      return grant(question, key->username);
    }
    case channel_security::basic:
      break;
    case channel_security::jwt:
      return make_error(errc::unauthorized, "no token of this kind can be checked");
  }
  const auto* known = find(*definition_, question.username);
  auto promise = self_->make_response_promise<caf::typed_response_promise<session_granted>>();
  auto hash = known ? known->secret_hash : std::string{nobodys_hash};
  auto check = check_secret{std::move(question.secret), hash};
  self_->request(house_->hasher, caf::infinite, std::move(check))
    .then(
      [this, promise, hash, asked = std::move(question)](const secret_checked& checked) mutable {
        // The credential may have been revoked while it was checked.
        const auto* still = find(*definition_, asked.username);
        if (!checked.right || !still || still->secret_hash != hash)
          promise.deliver(make_error(errc::unauthorized, "wrong username or secret"));
        else if (auto granted = grant(asked, asked.username))
          promise.deliver(std::move(*granted));
        else
          promise.deliver(std::move(granted.error()));
      },
      [promise](caf::error& why) mutable { promise.deliver(std::move(why)); });
  return promise;
}

caf::expected<session_granted> channel::grant(const open_session& question, std::string username) {
  const auto self = children_.find(question.connection.id());
  if (self == children_.end())
    return make_error(errc::connection_closed);
  if (question.renewal) {
    self->second.username = username;
    return session_granted{std::move(username)};
  }
  const auto others = by_client_.count(question.client_id);
  if (others > 0 && definition_->duplicate_client_id == duplicate_policy::reject)
    return make_error(errc::conflict, "The client id is already connected");
  if (others > 0 && definition_->duplicate_client_id == duplicate_policy::replace) {
    const auto order = to_exit_reason(
      {close_code::replaced, "Replaced by a newer connection of the same client id", "server"});
    const auto [first, last] = by_client_.equal_range(question.client_id);
    for (auto i = first; i != last; ++i)
      self_->send_exit(children_.at(i->second).handle, order);
  } else if (definition_->max_connections_per_client
             && others >= *definition_->max_connections_per_client) {
    count_limit(limit_kind::connections_per_client);
    return make_error(errc::too_many_requests, "Too many connections of this client");
  }
  self->second.client_id = question.client_id;
  self->second.username = username;
  by_client_.emplace(question.client_id, self->first);
  count();
  return session_granted{std::move(username)};
}

void channel::revise(channel_ptr definition) {
  const auto before = std::exchange(definition_, std::move(definition));
  for (const auto& [id, who] : children_) {
    if (auto order = must_close(*before, *definition_, who.username, !who.client_id.empty()))
      self_->send_exit(who.handle, to_exit_reason(*order));
    else
      self_->send(who.handle,
                  channel_revised{definition_, caf::actor_cast<channel_actor>(self_)});
  }
}

void channel::adopt(const adopt_connections& orphans) {
  for (const auto& orphan : orphans.children) {
    if (children_.count(orphan.handle.id()) != 0)
      continue;
    watch({orphan.handle, orphan.id, orphan.client_id, orphan.username});
    self_->send(orphan.handle, channel_revised{definition_, caf::actor_cast<channel_actor>(self_)});
  }
}

std::optional<close_order> must_close(const channel_definition& before,
                                      const channel_definition& after, const std::string& username,
                                      bool has_session) {
  if (!after.is_active)
    return close_order{close_code::channel_gone, "The channel is not active any more", "server"};
  if (!has_session || after.security == channel_security::none)
    return std::nullopt;
  const auto* now = find(after, username);
  const auto* then = find(before, username);
  const bool same = before.security == after.security && now && then
                    && now->secret_hash == then->secret_hash;
  if (same)
    return std::nullopt;
  return close_order{close_code::expired, "The credentials were revoked", "server"};
}

} // namespace muster
