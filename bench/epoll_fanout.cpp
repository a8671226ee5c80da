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
    const auto before = news_.size();
    frame.append_to(news_);
    constexpr std::size_t small_header = 2;
    if (frame.masked.size() != wish.size()
        || std::string_view{news_}.substr(before + small_header) != wish)
      return;
    news_.resize(before);
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
  static constexpr std::string_view wish = "sub";
  std::vector<bare_connection*> subscribers_;
  std::string news_;
};

} // namespace

int main(int argc, char** argv) {
  return serve_bare<fan_out>(argc, argv);
}
