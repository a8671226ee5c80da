#include "messages/errc.hpp"

#include "tests/catch.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/expected.hpp>
#include <caf/result.hpp>
#include <caf/sec.hpp>

#include <set>
#include <string>
#include <vector>

using namespace muster;

namespace {

/// A value that is missing here is a warning of the compiler.
bool exists(errc code) {
  switch (code) {
  case errc::bad_request:
  case errc::unauthorized:
  case errc::forbidden:
  case errc::not_found:
  case errc::conflict:
  case errc::precondition_failed:
  case errc::too_large:
  case errc::too_many_requests:
  case errc::method_not_allowed:
  case errc::unsupported_media_type:
  case errc::unprocessable:
  case errc::too_many_matches:
  case errc::cursor_expired:
  case errc::internal:
  case errc::bad_gateway:
  case errc::unavailable:
  case errc::timed_out:
  case errc::connection_closed:
  case errc::no_session:
  case errc::cancelled:
  case errc::channel_inactive:
  case errc::draining:
  case errc::close:
    return true;
  }
  return false;
}

caf::result<int> fails_in_a_handler() {
  return errc::draining;
}
caf::expected<int> fails_in_a_parser() {
  return errc::conflict;
}

} // namespace

TEST_CASE("every error has a row of its own in the table") {
  std::set<std::string_view> names;
  for (unsigned number = 0; number < 256; ++number) {
    const auto code = static_cast<errc>(number);
    const auto& row = describe(code);
    CHECK((row.code == code) == exists(code));
    if (!exists(code))
      continue;
    CHECK(names.insert(row.name).second);
    CHECK(row.status >= 400);
    CHECK(row.status < 600);
    CHECK_FALSE(row.title.empty());
  }
}

TEST_CASE("a number that is no error is described as an internal one") {
  CHECK(describe(static_cast<errc>(0)).code == errc::internal);
  CHECK(describe(static_cast<errc>(255)).code == errc::internal);
}

TEST_CASE("an errc becomes CAF's error wherever one is expected") {
  caf::error error = errc::not_found;
  CHECK(error == errc::not_found);
  CHECK(code_of(error) == errc::not_found);
  CHECK(fails_in_a_handler().err == errc::draining);
  CHECK(fails_in_a_parser().error() == errc::conflict);
}

TEST_CASE("an error tells its sentence, or else its title") {
  CHECK(detail_of(make_error(errc::bad_request, "no such field")) == "no such field");
  CHECK(detail_of(errc::not_found) == describe(errc::not_found).title);
  CHECK(detail_of(caf::sec::runtime_error) == describe(errc::internal).title);
}

TEST_CASE("errors of CAF are told apart by what a caller may do about them") {
  CHECK(code_of(caf::sec::request_timeout) == errc::timed_out);
  CHECK(code_of(caf::sec::request_receiver_down) == errc::connection_closed);
  CHECK(code_of(caf::sec::runtime_error) == errc::internal);
  CHECK(code_of(caf::error{}) == errc::internal);
}

TEST_CASE("CAF prints our errors by their names") {
  caf::actor_system_config config;
  config.add_error_category(caf::atom("muster"), render_error);
  caf::actor_system system{config};
  CHECK(system.render(errc::too_large) == "too_large");
  CHECK(system.render(make_error(errc::conflict, "taken")) == R"(conflict("taken"))");
}

TEST_CASE("an error may blame a field") {
  const auto error = make_error(errc::conflict, "It is taken", "path");
  CHECK(code_of(error) == errc::conflict);
  CHECK(detail_of(error) == "It is taken");
  CHECK(field_of(error) == "path");
  CHECK(field_of(make_error(errc::conflict, "It is taken")).empty());
  CHECK(field_of(make_error(errc::conflict)).empty());
  CHECK(field_of({}).empty());
}
