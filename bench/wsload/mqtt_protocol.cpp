// MQTT 3.1.1, QoS 0.

#include "bench/wsload/stream_protocol.hpp"

#include <stdexcept>

#include <unistd.h>

namespace muster::bench {
namespace {

enum class packet_type : std::uint8_t { connack = 2, publish = 3, suback = 9 };

class mqtt_protocol : public stream_protocol {
public:
  using stream_protocol::stream_protocol;

  void open(worker& by, client& to) override {
    const auto id = "wsl" + std::to_string(::getpid()) + "-" + std::to_string(to.i);
    send(by, to, '\x10', std::string("\0\4MQTT\4\2\0\0", 10) + field(id));
  }

  void request(worker& by, client& to, std::int64_t sent_at) override {
    ++to.next_id;
    body_ = field(topic(to));
    data_.render(body_, to.values(sent_at));
    send(by, to, '\x30', body_);
  }

protected:
  void take_packets(worker& by, client& from, std::string_view& in, std::int64_t now) override {
    while (from.fd >= 0 && in.size() >= 2) {
      std::size_t size = 0;
      std::size_t header = 1;
      for (int shift = 0;; shift += 7) {
        if (header == in.size())
          return;
        const auto byte = static_cast<std::uint8_t>(in[header++]);
        size |= static_cast<std::size_t>(byte & 127) << shift;
        if ((byte & 128) == 0)
          break;
      }
      if (in.size() - header < size)
        return;
      const auto type = static_cast<packet_type>(static_cast<std::uint8_t>(in[0]) >> 4);
      const auto body = in.substr(header, size);
      in.remove_prefix(header + size);
      on_packet(by, from, type, body, now);
    }
  }

private:
  void on_packet(worker& by, client& from, packet_type type, std::string_view body,
                 std::int64_t now) {
    if (type == packet_type::publish)
      return deliver(by, from, body, now);
    if (type == packet_type::connack && (body.size() < 2 || body[1] != 0))
      throw std::runtime_error("CONNACK refuses");
    if (type == packet_type::connack && !topics(from).empty())
      subscribe(by, from);
    else if (type == packet_type::connack || type == packet_type::suback)
      by.greeted(from);
  }

  void subscribe(worker& by, client& from) {
    std::string body("\0\1", 2);
    for (const auto& name : topics(from))
      body += field(name) + '\0';
    send(by, from, '\x82', body);
  }

  static std::string field(std::string_view text) {
    std::string out{static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 255)};
    return out.append(text);
  }

  static void send(worker& by, client& to, char type, std::string_view body) {
    by.send_message(to, true, body.size() + 4, [&](std::string& out) {
      out += type;
      auto rest = body.size();
      for (; rest > 127; rest >>= 7)
        out += static_cast<char>((rest & 127) | 128);
      out += static_cast<char>(rest);
      out += body;
    });
  }

  std::string body_;
};

} // namespace

std::unique_ptr<protocol> make_mqtt_protocol(const options& settings) {
  return std::make_unique<mqtt_protocol>(settings);
}

} // namespace muster::bench
