#include "actors/connection.hpp"

#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

namespace {

/// How long the channel and the roll may take to let a client in.
constexpr duration admission_patience = std::chrono::seconds{30};

// CAF's own errors mean that the receiver is gone, not that it refused.
bool is_gone(const caf::error& why) {
  return why.category() != caf::atom("muster");
}

} // namespace

void connection::create_session(client_envelope message, bool renewal) {
  if (opening_) {
    refuse(message.id, "a second create-session before the first was answered");
    return;
  }
  if (!renewal)
    session_.opening();
  opening_ = std::make_unique<client_envelope>(std::move(message));
  session_due_ = loop_->now() + admission_patience;
  ask_channel();
}

void connection::ask_channel() {
  open_session question{from_->id,           caf::actor_cast<connection_actor>(self_),
                        opening_->client_id, opening_->username,
                        opening_->secret,    session_.state() == session::phase::open};
  awaited_ = awaited::channel;
  self_->request(channel_, caf::infinite, std::move(question))
      .then([this](const session_granted& granted) { grant(granted); },
            [this, asked = channel_](const caf::error& why) {
              if (!is_gone(why))
                refuse_session(why);
              else if (asked == channel_)
                seek_channel();
            });
}

// The catalogue hands the connections that are on the roll to the channel's successor. Where it
// does not know of a successor yet, this one will be among them; else it may have come too late for
// that.
void connection::seek_channel() {
  self_->request(house_->channels, caf::infinite, find_channel{definition_->name})
      .then(
          [this](const channel_info& found) {
            if (!closing() && found.actor && found.actor != channel_)
              revise({found.definition, found.actor});
          },
          [this](const caf::error& why) {
            if (code_of(why) == errc::not_found)
              close({close_code::channel_gone, "The channel is not active", "server"});
          });
}

void connection::grant(const session_granted& granted) {
  if (closing() || awaited_ != awaited::channel)
    return;
  const auto now = loop_->now();
  const bool renewal = session_.state() == session::phase::open;
  session_.open(opening_->client_id, to_duration(definition_->token_ttl), now);
  client_ = make_client(granted.username);
  if (!renewal) {
    pinger_.start(to_duration(definition_->ping_interval), definition_->pings_missed_threshold,
                  now);
    wire_->limit_message(definition_->max_message_bytes);
  }
  enter_roll_then_tell();
}

// The client is on the roll before it has its token.
void connection::enter_roll_then_tell() {
  awaited_ = awaited::roll;
  self_
      ->request(house_->registry, caf::infinite,
                enter_roll{{make_row(), caf::actor_cast<connection_actor>(self_)}})
      .then([this](const done&) { tell_session(); }, [](const caf::error&) {});
}

void connection::tell_session() {
  if (closing() || awaited_ != awaited::roll)
    return;
  awaited_ = awaited::nobody;
  const auto opening = std::exchange(opening_, nullptr);
  if (!std::exchange(ready_, true))
    count(counters().sessions_opened);
  say(session_opened(random_id(), loop_->wall_now(), opening->id, session_.token()));
  arm();
}

void connection::refuse_session(const caf::error& why) {
  if (closing() || awaited_ != awaited::channel)
    return;
  awaited_ = awaited::nobody;
  const auto opening = std::exchange(opening_, nullptr);
  switch (code_of(why)) {
  case errc::unauthorized:
    refuse(opening->id, detail_of(why));
    return;
  case errc::conflict:
    say(message_error(random_id(), loop_->wall_now(), opening->id, 409, {}, detail_of(why)));
    close({close_code::replaced, "The client id is already connected", "server"});
    return;
  case errc::too_many_requests:
    say(message_error(random_id(), loop_->wall_now(), opening->id, 429, {}, detail_of(why)));
    close({close_code::over_limit, "Too many connections of this client", "server"});
    return;
  case errc::channel_inactive:
    close({close_code::channel_gone, "The channel is not active", "server"});
    return;
  default:
    spdlog::warn("connection {}: no session: {}", from_->id, detail_of(why));
    say(message_error(random_id(), loop_->wall_now(), opening->id, 503, {}, "Try again later"));
    close({close_code::over_capacity, "Try again later", "server"});
  }
}

caller_ptr connection::make_client(const std::string& username) const {
  auto tags = parse_labels(opening_->attrs);
  const bool renewal = client_->session_at != timestamp{};
  return std::make_shared<const caller>(caller{from_, opening_->client_id, opening_->client_name,
                                               username, tags ? std::move(*tags) : labels{},
                                               definition_,
                                               renewal ? client_->session_at : loop_->wall_now()});
}

// Services go by the channel as it is now.
const caller_ptr& connection::as_caller() {
  if (client_->channel != definition_) {
    auto anew = std::make_shared<caller>(*client_);
    anew->channel = definition_;
    client_ = std::move(anew);
  }
  return client_;
}

connection_state connection::state() const {
  if (closing())
    return connection_state::closing;
  return session_.state() == session::phase::open ? connection_state::ready
                                                  : connection_state::fresh;
}

row_ptr connection::make_row() const {
  auto row = std::make_shared<connection_row>();
  row->from = from_;
  row->who = client_;
  row->counters = counters_;
  row->state = state();
  return row;
}

void connection::publish() {
  auto row = make_row();
  if (closing()) {
    self_->send(house_->registry, update_row{std::move(row)});
    return;
  }
  // A roll that is gone is followed by a new one, which is told again.
  self_
      ->request(house_->registry, caf::infinite,
                enter_roll{{std::move(row), caf::actor_cast<connection_actor>(self_)}})
      .then([](const done&) {}, [](const caf::error&) {});
}

} // namespace muster
