#pragma once

#include <boost/json/value.hpp>
#include <caf/error.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// `bad_request` that names the field: "The field 'x' must be ...".
caf::error wrong_field(std::string_view field, std::string_view must);
caf::error unknown_field(std::string_view field);

inline std::string_view text_of(boost::json::string_view text) {
  return {text.data(), text.size()};
}

// One reader for each type that a field may have; the error says what it must be.
caf::error read(std::string_view field, const boost::json::value& value, std::string& out);
caf::error read(std::string_view field, const boost::json::value& value, bool& out);
caf::error read(std::string_view field, const boost::json::value& value, double& out);
caf::error read(std::string_view field, const boost::json::value& value, std::uint32_t& out);
caf::error read(std::string_view field, const boost::json::value& value, std::uint64_t& out);
/// A list of texts that are not empty.
caf::error read(std::string_view field, const boost::json::value& value,
                std::vector<std::string>& out);

} // namespace muster
