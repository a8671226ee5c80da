#pragma once

#include "messages/account.hpp"
#include "messages/channel.hpp"
#include "messages/publication.hpp"
#include "messages/subscription.hpp"
#include "messages/topic.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>

namespace muster {

/// Struct <-> stored bytes: version, length, CRC-32, then the fields in cereal's portable binary,
/// counted, so that fields added later take their defaults in older records. A damaged record is an
/// error, never a value. Instantiated for the structs that are stored.
template <class T>
std::string to_bytes(const T& value);

template <class T>
caf::expected<T> from_bytes(std::string_view bytes);

extern template std::string to_bytes(const channel_definition&);
extern template std::string to_bytes(const user&);
extern template std::string to_bytes(const api_token&);
extern template caf::expected<channel_definition> from_bytes(std::string_view);
extern template caf::expected<user> from_bytes(std::string_view);
extern template caf::expected<api_token> from_bytes(std::string_view);
extern template std::string to_bytes(const topic_definition&);
extern template caf::expected<topic_definition> from_bytes(std::string_view);
extern template std::string to_bytes(const topic_message&);
extern template caf::expected<topic_message> from_bytes(std::string_view);
extern template std::string to_bytes(const stored_subscription&);
extern template caf::expected<stored_subscription> from_bytes(std::string_view);

} // namespace muster
