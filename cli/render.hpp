#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

namespace muster {

/// One value as a cell: text as it is, nothing for null, anything else as JSON.
std::string cell(const boost::json::value& value);

/// A member, `a.b` for one within a member; null when it is not there.
const boost::json::value& member(const boost::json::value& object, std::string_view path);

/// The objects in a list as a table with these columns.
std::string as_table(const boost::json::array& items, const std::vector<std::string>& columns);

/// An object as a list of names and values, objects within it as `a.b`.
std::string as_details(const boost::json::value& object);

/// JSON for machines: one line.
std::string as_json(const boost::json::value& value);

} // namespace muster
