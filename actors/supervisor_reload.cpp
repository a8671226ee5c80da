// How a backup takes the place of the data while the server runs: whoever keeps anything of the old
// ends first, so that nothing of it is written into the new.

#include "actors/supervisor.hpp"

#include "actors/spawn.hpp"
#include "actors/store.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

caf::result<done> supervisor::reload() {
  if (reloading_)
    return make_error(errc::conflict, "A backup is being taken up already");
  if (!ground_.storage->backup_waits())
    return make_error(errc::conflict, "No backup waits in the data directory to be taken up");
  spdlog::warn("a backup takes the place of the data");
  reloading_.emplace();
  reloading_->answer = self_->make_response_promise<caf::typed_response_promise<done>>();
  // In reverse: whoever asks goes before those that are asked. The store commits what it has.
  for (auto who = children_.rbegin(); who != children_.rend(); ++who) {
    if (!who->keeps_data)
      continue;
    const auto address = who->address(*house_);
    const bool is_store = address == caf::actor_cast<caf::strong_actor_ptr>(house_->store);
    reloading_->awaited.insert(caf::actor_cast<caf::actor_addr>(address));
    self_->send_exit(caf::actor_cast<caf::actor>(address),
                     is_store ? caf::exit_reason::user_shutdown : caf::exit_reason::kill);
  }
  return reloading_->answer;
}

// Nobody knows the new store yet: what it is asked first is all that it is asked.
void supervisor::take_up() {
  auto fresh = spawn<store, caf::detached>(self_->system(), ground_.storage);
  self_->request(fresh, caf::infinite, take_up_backup{})
      .then([this, fresh](const done&) { start_anew(fresh, true); },
            [this, fresh](const caf::error& why) {
              spdlog::error("the backup is not taken up: {}", detail_of(why));
              if (reloading_)
                reloading_->failure = why;
              start_anew(fresh, false);
            });
}

void supervisor::start_anew(const store_actor& fresh, bool restored) {
  if (!reloading_) {
    self_->send_exit(fresh, caf::exit_reason::user_shutdown);
    return;
  }
  auto addresses = *house_;
  if (restored) {
    ++addresses.era;
    // As at a start: what the configuration file declares wins over what is stored.
    *ground_.channels.settled = false;
    *ground_.topics.settled = false;
  }
  addresses.store = fresh;
  self_->monitor(fresh);
  for (const auto& who : children_)
    if (who.keeps_data && who.name != std::string_view{"store"})
      start_child(who, addresses);
  house_ = std::make_shared<const house>(addresses);
  announce();
  settle_token();
}

void supervisor::settle_token() {
  if (ground_.token.empty()) {
    await_all();
    return;
  }
  self_
      ->request(house_->accounts, caf::infinite,
                create_token{"environment", role::admin, ground_.token})
      .then([this](const token_created&) { await_all(); },
            [this](const caf::error& why) {
              spdlog::error("the token of the environment is not good: {}", detail_of(why));
              await_all();
            });
}

// Answered when channels and topics are there again.
void supervisor::await_all() {
  const auto end = [this](const caf::error& why) { end_reload(why); };
  self_->request(house_->channels, caf::infinite, list_channels{})
      .then(
          [this, end](const channel_list&) {
            self_->request(house_->topics, caf::infinite, list_topics{})
                .then([this](const topic_list&) { end_reload({}); }, end);
          },
          end);
}

void supervisor::end_reload(const caf::error& why) {
  if (!reloading_)
    return;
  auto over = std::move(*reloading_);
  reloading_.reset();
  if (over.failure)
    over.answer.deliver(over.failure);
  else if (why)
    over.answer.deliver(make_error(errc::unavailable, detail_of(why)));
  else
    over.answer.deliver(done{});
}

} // namespace muster
