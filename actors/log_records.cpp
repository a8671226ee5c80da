#include "actors/log_records.hpp"

#include "messages/codec.hpp"
#include "messages/errc.hpp"

namespace muster {

log_record to_record(const topic_message& message) {
  log_record record;
  record.lane = static_cast<std::uint8_t>(message.priority - lowest_priority);
  record.seq = message.seq;
  record.size = message.data.size();
  record.published_us = message.published_us;
  record.expires_us = message.expires_us;
  if (message.own_id)
    record.own_id = message.msg_id;
  record.key = message.key;
  record.body = to_bytes(message);
  return record;
}

caf::expected<topic_message> from_record(const log_record& record) {
  auto message = from_bytes<topic_message>(record.body);
  if (message && (message->seq != record.seq || message->priority != record.lane + lowest_priority))
    return make_error(errc::internal, "a stored message is damaged: it belongs to another place");
  return message;
}

} // namespace muster
