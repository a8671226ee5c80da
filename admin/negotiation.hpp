#pragma once

#include <string_view>

namespace muster {

/// Whether an `Accept-Encoding` takes gzip (RFC 9110 section 12.5.3); nothing sent: no.
bool takes_gzip(std::string_view accept_encoding);

/// Whether an `If-None-Match` names the tag, which has its quotes, or all of them. Weak tags count.
bool names_tag(std::string_view if_none_match, std::string_view tag);

} // namespace muster
