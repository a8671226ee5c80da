#include "cli/failure.hpp"

#include "cli/cli.hpp"

namespace muster {

int exit_code_of(unsigned status) {
  if (status == 401 || status == 403)
    return exit_code::not_authorized;
  return status == 404 ? exit_code::not_found : exit_code::failed;
}

} // namespace muster
