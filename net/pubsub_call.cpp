#include "net/pubsub_call.hpp"

#include "messages/errc.hpp"
#include "messages/ids.hpp"
#include "messages/json_scan.hpp"
#include "messages/permissions.hpp"
#include "net/pubsub_http.hpp"
#include "net/route_table.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr std::string_view no_entry = "The credentials are missing or wrong";

} // namespace

pubsub_call::pubsub_call(http_request request, std::shared_ptr<http_exchange> exchange)
    : request_{std::move(request)}, exchange_{std::move(exchange)} {}

void pubsub_call::start() {
  auto target = read_pubsub_target(request_);
  if (!target) {
    fail(target.error());
    return;
  }
  target_ = std::move(*target);
  credentials_ = read_credentials(request_);
  const auto& channels = exchange_->desk().addresses().channels;
  if (!target_.channel.empty())
    ask(channels, find_channel{target_.channel}, &pubsub_call::ask_named);
  else if (credentials_.basic || !credentials_.key.empty())
    ask(channels, list_channels{}, &pubsub_call::ask_all);
  else
    refuse(401, no_entry);
}

// ---- who is it? ----

bool pubsub_call::fits(const channel_definition& channel) const {
  switch (channel.security) {
  case channel_security::none:
    return !target_.channel.empty();
  case channel_security::basic:
    return credentials_.basic.has_value();
  case channel_security::api_key:
    return !credentials_.key.empty();
  case channel_security::jwt:
    return false;
  }
  return false;
}

bool pubsub_call::knows_caller(const channel_definition& channel) const {
  const auto& all = channel.credentials;
  return channel.security == channel_security::api_key
         || std::any_of(all.begin(), all.end(), [this](const credential& each) {
              return each.username == credentials_.basic->username;
            });
}

void pubsub_call::ask_named(channel_info found) {
  const auto& channel = *found.definition;
  if (channel.listener != request_.listener || !channel.is_active)
    refuse(404, "There is no active channel of this name here");
  else if (!fits(channel))
    refuse(401, no_entry);
  else
    check(found);
}

/// To check a password takes long: only those channels are asked that know the user, but for
/// strangers one, so that time does not tell who is known.
void pubsub_call::ask_all(channel_list all) {
  auto& items = all.items;
  std::erase_if(items, [this](const channel_info& each) {
    const auto& channel = *each.definition;
    return channel.listener != request_.listener || !channel.is_active || !fits(channel);
  });
  const auto strangers =
      std::stable_partition(items.begin(), items.end(), [this](const channel_info& each) {
        return knows_caller(*each.definition);
      });
  items.erase(strangers + (strangers == items.begin() && !items.empty() ? 1 : 0), items.end());
  if (items.empty())
    refuse(401, no_entry);
  for (const auto& each : items)
    check(each);
}

void pubsub_call::check(const channel_info& which) {
  check_credentials question;
  if (which.definition->security == channel_security::basic)
    question = {credentials_.basic->username, credentials_.basic->secret};
  else if (which.definition->security == channel_security::api_key)
    question.secret = credentials_.key;
  ++unanswered_;
  ask_whether(which.actor, std::move(question), &pubsub_call::on_checked);
}

void pubsub_call::on_checked(caf::expected<credentials_checked> answer) {
  if (answer)
    accepted_.push_back(std::move(*answer));
  else if (code_of(answer.error()) != errc::unauthorized)
    failure_ = std::move(answer.error());
  if (--unanswered_ > 0)
    return;
  if (accepted_.size() > 1)
    refuse(400, "These credentials are good for several channels: say ?channel=NAME");
  else if (accepted_.size() == 1)
    enter(std::move(accepted_.front()));
  else if (failure_)
    fail(failure_);
  else
    refuse(401, no_entry);
}

// ---- which topic? ----

void pubsub_call::enter(credentials_checked who) {
  channel_ = std::move(who.channel);
  client_id_ = who.username.empty() ? "http" : "http." + who.username;
  publisher_ = who.username.empty() ? client_id_ : std::move(who.username);
  if (!allows_origin(channel_->allowed_origins, request_.header("origin"))) {
    refuse(403, "This origin is not allowed on the channel");
    return;
  }
  // What one has one may end, whatever has become of the permissions.
  if (target_.verb != pubsub_verb::unsubscribe) {
    const auto right =
        target_.verb == pubsub_verb::publish ? topic_right::publish : topic_right::subscribe;
    std::erase_if(target_.names, [&](const std::string& name) {
      return !permits(channel_->permissions, right, name);
    });
  }
  if (target_.names.empty())
    refuse(403, "The channel gives no permission for this topic");
  else
    find_topic_next();
}

void pubsub_call::find_topic_next() {
  ask_whether(exchange_->desk().addresses().topics,
              find_topic{target_.names[next_name_], 0, making_}, &pubsub_call::on_topic);
}

void pubsub_call::on_topic(caf::expected<found_topic> answer) {
  if (answer)
    act(std::move(*answer));
  else if (making_ || code_of(answer.error()) != errc::not_found)
    fail(answer.error());
  else if (++next_name_ < target_.names.size())
    find_topic_next();
  else
    on_no_topic();
}

void pubsub_call::on_no_topic() {
  const auto verb = target_.verb;
  if (verb == pubsub_verb::unsubscribe) {
    refuse(404, "There is no subscription to this topic");
  } else if (channel_->create_topics && verb != pubsub_verb::pull) {
    making_ = true;
    next_name_ = 0;
    find_topic_next();
  } else {
    refuse(404, "There is no such topic");
  }
}

// ---- answers ----

void pubsub_call::succeed(std::string_view members) {
  http_response response;
  response.headers = {{"Content-Type", "application/json"}};
  response.body.reserve(members.size() + 64);
  response.body.append(R"({"is_ok":true,"cid":")").append(random_id()).append(1, '"');
  response.body.append(members).append(1, '}');
  exchange_->respond(std::move(response));
}

void pubsub_call::fail(const caf::error& why) {
  auto code = code_of(why);
  // Whom we asked went away meanwhile, and comes back.
  if (code == errc::connection_closed)
    code = errc::unavailable;
  const auto& about = describe(code);
  // What is wrong with us is for the log alone.
  refuse(about.status, code == errc::internal || code_of(why) != code ? std::string{about.title}
                                                                      : detail_of(why));
}

void pubsub_call::refuse(std::uint16_t status, std::string_view details) {
  auto response = pubsub_refusal(status, details);
  if (status == 405)
    response.headers.emplace_back("Allow", pubsub_methods(request_.path));
  exchange_->respond(std::move(response));
}

} // namespace muster
