#pragma once

#include "actors/service.hpp"

#include <vector>

namespace muster {

/// What a program of one's own adds to the server.
struct run_options {
  std::vector<service_definition> services;
};

/// All of `muster`: reads the command line and does what it asks for. The `main` of a server with
/// services of one's own is `return muster::run(argc, argv, {{make_service<mine>("mine")}});`.
int run(int argc, char** argv, run_options options = {});

} // namespace muster
