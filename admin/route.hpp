#pragma once

#include "admin/request_reader.hpp"
#include "messages/account.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster {

class admin_call;
using call_ptr = std::shared_ptr<admin_call>;

/// A parameter that a query string may have.
struct query_parameter {
  std::string name;
  /// A type of JSON schema: `string`, `integer` or `boolean`.
  std::string type = "string";
  std::string about;
  /// May be there more than once.
  bool many = false;
};

/// A call of the admin endpoint: what the router, the checks before a handler, OpenAPI and `/docs`
/// all read.
struct admin_route {
  std::string method;
  /// Parts of a path in braces are parameters: `/connections/{id}`; a verb may stand behind one:
  /// `/topics/{name}:clear`; `{rest...}` at the end is all that follows, if anything does.
  std::string path;
  /// The least that the caller must be; absent: anybody.
  std::optional<role> needs;
  std::string summary;
  std::function<void(const call_ptr&)> handler;

  std::vector<query_parameter> query = {};
  std::vector<body_field> body = {};
  /// The body is not held against `body`: whom it goes to checks it.
  bool body_is_checked_later = false;
  /// What is answered when it went well.
  std::uint16_t status = 200;
  /// The schema of that answer in OpenAPI; empty: none.
  std::string answer = {};
  std::string media_type = "application/json";
  /// The edit can be made to depend on `If-Match`.
  bool takes_if_match = false;
  /// A page or a part of one, for browsers: takes any query string, and is no call that OpenAPI and
  /// `/docs` list.
  bool is_page = false;
  /// Calling it is no use of the caller's session.
  bool is_passive = false;
};

/// Whether a method changes something.
bool is_unsafe(std::string_view method);

/// The parameters that every list takes, and those in `more`.
std::vector<query_parameter> list_query(std::vector<query_parameter> more = {});

} // namespace muster
