#include "actors/spawn.hpp"

#include <caf/sec.hpp>

#include <spdlog/spdlog.h>

#include <exception>

namespace muster {

caf::error report_throw(const char* actor, const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& exception) {
    spdlog::error("{} has thrown: {}", actor, exception.what());
  } catch (...) {
    spdlog::error("{} has thrown what is no exception", actor);
  }
  return caf::sec::runtime_error;
}

} // namespace muster
