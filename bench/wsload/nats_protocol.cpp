// The NATS client protocol; with --match fifo, publishing to a stream that acknowledges.

#include "bench/wsload/stream_protocol.hpp"

#include <cstdlib>
#include <stdexcept>

namespace muster::bench {
namespace {

class nats_protocol : public stream_protocol {
public:
  using stream_protocol::stream_protocol;

  void open(worker&, client&) override {} // the server speaks first

  void request(worker& by, client& to, std::int64_t sent_at) override {
    ++to.next_id;
    const auto where = acknowledged() ? settings_.topic + " " + inbox(to) : topic(to);
    const auto head = "PUB " + where + " " + std::to_string(settings_.size) + "\r\n";
    if (acknowledged())
      to.sent_at.push_back(sent_at);
    const auto hint = static_cast<std::size_t>(settings_.size) + 24;
    by.send_message(to, true, hint, [&](std::string& out) {
      out += head;
      data_.render(out, to.values(sent_at));
      out += "\r\n";
    });
  }

protected:
  void take_packets(worker& by, client& from, std::string_view& in, std::int64_t now) override {
    while (from.fd >= 0) {
      const auto end = in.find("\r\n");
      if (end == std::string_view::npos)
        return;
      const auto line = in.substr(0, end);
      if (line.starts_with("MSG ")) {
        const auto size = std::strtoul(line.data() + line.rfind(' ') + 1, nullptr, 10);
        const auto whole = end + 2 + size + 2;
        if (in.size() < whole)
          return;
        on_payload(by, from, in.substr(end + 2, size), now);
        in.remove_prefix(whole);
      } else {
        in.remove_prefix(end + 2);
        on_line(by, from, line);
      }
    }
  }

private:
  bool acknowledged() const {
    return settings_.mode == load_mode::echo && settings_.match == match_by::fifo;
  }

  static std::string inbox(const client& of) { return "_INBOX.wsload." + std::to_string(of.i); }

  void on_payload(worker& by, client& from, std::string_view payload, std::int64_t now) {
    if (!acknowledged())
      return deliver(by, from, payload, now);
    if (payload.find(R"("error")") != std::string_view::npos)
      throw std::runtime_error("refused: " + std::string{payload});
    const auto sent_at = from.sent_at.front();
    from.sent_at.pop_front();
    by.arrived(from, sent_at, now);
  }

  void on_line(worker& by, client& from, std::string_view line) {
    if (line.starts_with("INFO")) {
      std::string hello = R"(CONNECT {"verbose":false,"pedantic":false,"lang":"wsload",)"
                          R"("version":"1","protocol":1})"
                          "\r\n";
      int number = 0;
      for (const auto& name : acknowledged() ? std::vector{inbox(from)} : topics(from))
        hello += "SUB " + name + " " + std::to_string(++number) + "\r\n";
      say(by, from, hello + "PING\r\n");
    } else if (line == "PING") {
      say(by, from, "PONG\r\n");
    } else if (line == "PONG" && from.state == client_state::greeting) {
      by.greeted(from);
    } else if (line.starts_with("-ERR")) {
      throw std::runtime_error(std::string{line});
    }
  }

  static void say(worker& by, client& to, std::string_view text) {
    by.send_message(to, true, text.size(), [&](std::string& out) { out += text; });
  }
};

} // namespace

std::unique_ptr<protocol> make_nats_protocol(const options& settings) {
  return std::make_unique<nats_protocol>(settings);
}

} // namespace muster::bench
