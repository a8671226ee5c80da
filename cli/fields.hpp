#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <vector>

namespace muster {

// The fields of something that is created or edited, as the user gives them; a `failure` (usage)
// says what is wrong.

/// `--data`: a JSON object, @FILE, or - for standard input; empty: none.
boost::json::object object_of(const std::string& data);

/// `--set`: each `FIELD=VALUE`; a value that is no JSON is text.
void put_settings(boost::json::object& body, const std::vector<std::string>& settings);

/// The columns of a list of fields that a definition can be given.
inline const std::vector<std::string> field_columns{"name", "kind", "default", "choices", "about"};

} // namespace muster
