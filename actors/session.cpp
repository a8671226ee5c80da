#include "actors/session.hpp"

#include "messages/ids.hpp"
#include "messages/secret.hpp"

#include <utility>

namespace muster {

session::judgement session::judge(const client_envelope& message) const {
  if (message.id.empty())
    return {verdict::mend, "Element 'id' is missing in 'meta'"};
  if (!message.has_timestamp)
    return {verdict::mend, "Element 'timestamp' is missing in 'meta'"};
  if (message.action == client_action::client_response && message.in_reply_to.empty())
    return {verdict::mend, "Neither 'action' nor 'in_reply_to' in 'meta'"};
  if (phase_ == phase::open && !equal_in_constant_time(message.token, token_))
    return {verdict::refuse, "wrong token"};
  if (message.action == client_action::create_session)
    return judge_create(message);
  if (phase_ != phase::open)
    return {verdict::refuse, "another message before create-session"};
  return {message.action == client_action::invoke_service ? verdict::invoke : verdict::respond, {}};
}

session::judgement session::judge_create(const client_envelope& message) const {
  if (phase_ == phase::opening)
    return {verdict::refuse, "a second create-session before the first was answered"};
  if (message.client_id.empty())
    return {verdict::mend, "Element 'client_id' is missing in 'meta'"};
  if (phase_ == phase::open && message.client_id != client_id_)
    return {verdict::mend, "Element 'client_id' cannot change within a connection"};
  if (auto tags = parse_labels(message.attrs); !tags)
    return {verdict::mend, detail_of(tags.error())};
  return {phase_ == phase::open ? verdict::renew : verdict::create, {}};
}

void session::open(std::string client_id, duration ttl, deadline now) {
  phase_ = phase::open;
  client_id_ = std::move(client_id);
  ttl_ = ttl;
  token_ = "zwsxt.";
  append_random_id(token_);
  extend(now);
}

} // namespace muster
