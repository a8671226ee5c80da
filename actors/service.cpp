#include "actors/service.hpp"

#include <caf/sec.hpp>

#include <spdlog/spdlog.h>

namespace muster {

caf::error service_threw(const char* service, const std::exception_ptr& what) {
  try {
    std::rethrow_exception(what);
  } catch (const std::exception& exception) {
    spdlog::error("service {} has thrown: {}", service, exception.what());
  } catch (...) {
    spdlog::error("service {} has thrown what is no exception", service);
  }
  return caf::sec::runtime_error;
}

} // namespace muster
