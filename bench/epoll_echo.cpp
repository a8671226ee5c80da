// The least that a WebSocket echo can cost. `epoll_echo PORT` listens on 127.0.0.1.

#include "bench/bare_server.hpp"

namespace {

using namespace muster::bench;

struct echo {
  void on_frame(bare_connection& from, const bare_frame& frame) {
    frame.append_to(from.out(), from.more());
  }
  void on_read() {}
  void on_gone(bare_connection&) {}
};

} // namespace

int main(int argc, char** argv) {
  return serve_bare<echo>(argc, argv);
}
