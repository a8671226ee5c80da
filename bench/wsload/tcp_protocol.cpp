// Blocks of --size bytes over plain TCP, for the physical limit. In fanout the first block says
// with its first byte whether the connection subscribes ('S') or publishes ('P').

#include "bench/wsload/worker.hpp"

namespace muster::bench {
namespace {

class tcp_protocol : public protocol {
public:
  explicit tcp_protocol(const options& settings) : settings_{settings}, data_{"{data}", settings} {}

  bool websocket() const override { return false; }

  void open(worker& by, client& to) override {
    if (settings_.mode == load_mode::fanout) {
      std::string first(static_cast<std::size_t>(settings_.size), 'x');
      first[0] = to.role == client_role::subscriber ? 'S' : 'P';
      by.send_raw(to, first);
    }
    by.greeted(to);
  }

  void request(worker& by, client& to, std::int64_t sent_at) override {
    ++to.next_id;
    block_.clear();
    data_.render(block_, to.values(sent_at));
    by.send_raw(to, block_);
  }

  void publish(worker& by, client& to, std::int64_t sent_at) override { request(by, to, sent_at); }

  void message(worker& by, client& from, std::string_view block, std::int64_t now) override {
    each_marker(block, [&](std::int64_t sent_at) { by.arrived(from, sent_at, now); });
  }

  void bytes(worker& by, client& from, std::string_view& in, std::int64_t now) override {
    const auto block = static_cast<std::size_t>(settings_.size);
    for (; in.size() >= block && from.fd >= 0; in.remove_prefix(block))
      message(by, from, in.substr(0, block), now);
  }

private:
  const options& settings_;
  text_template data_;
  std::string block_;
};

} // namespace

std::unique_ptr<protocol> make_tcp_protocol(const options& settings) {
  return std::make_unique<tcp_protocol>(settings);
}

} // namespace muster::bench
