// The least that handing one message to many WebSockets can cost: whoever sends "sub" is answered
// "ok" and gets every other frame that comes from anybody. `epoll_fanout PORT` listens on
// 127.0.0.1.

#include "bench/bare_server.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace muster::bench;

class fan_out {
public:
  void on_frame(bare_connection& from, const bare_frame& frame) {
    if (!is_wish(frame))
      return frame.append_to(news_, from.more());
    subscribers_.push_back(&from);
    from.out() += "\x81\x02ok";
  }

  // All that one read has brought goes out with one system call a subscriber.
  void on_read() {
    if (news_.empty())
      return;
    for (auto* each : subscribers_) {
      each->out() += news_;
      each->write(); // a broken one is told by epoll
    }
    news_.clear();
  }

  void on_gone(bare_connection& gone) { std::erase(subscribers_, &gone); }

private:
  static bool is_wish(const bare_frame& frame) {
    constexpr std::string_view wish = "\x81\x03sub";
    std::string sent;
    if (frame.masked.size() + 2 == wish.size())
      frame.append_to(sent);
    return sent == wish;
  }

  std::vector<bare_connection*> subscribers_;
  std::string news_;
};

} // namespace

int main(int argc, char** argv) {
  return serve_bare<fan_out>(argc, argv);
}
