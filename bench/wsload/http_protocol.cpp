// HTTP over connections that are kept: GET, or POST with the body of --post. One request at a time
// is on its way on a connection; more wait for its answer, and their time counts.

#include "bench/wsload/worker.hpp"

#include <cstdlib>
#include <stdexcept>

namespace muster::bench {
namespace {

class http_protocol : public protocol {
public:
  explicit http_protocol(const options& settings)
      : settings_{settings}, path_{settings.path, settings}, body_{settings.post, settings} {
    head_ = " HTTP/1.1\r\nHost: " + settings.host + ":" + std::to_string(settings.port) + "\r\n";
    for (const auto& header : settings.headers)
      head_ += header + "\r\n";
    if (!settings.post.empty())
      head_ += "Content-Type: application/json\r\n";
  }

  bool websocket() const override { return false; }

  void open(worker& by, client& to) override { by.greeted(to); }

  void request(worker& by, client& to, std::int64_t sent_at) override {
    to.sent_at.push_back(sent_at);
    if (to.sent_at.size() == 1)
      send(by, to);
  }

  void publish(worker&, client&, std::int64_t) override {}
  void message(worker&, client&, std::string_view, std::int64_t) override {}

  void bytes(worker& by, client& from, std::string_view& in, std::int64_t now) override {
    while (from.fd >= 0 && !from.sent_at.empty()) {
      const auto size = answer_size(in);
      if (size == 0)
        return;
      check(in.substr(0, size));
      in.remove_prefix(size);
      const auto sent_at = from.sent_at.front();
      from.sent_at.pop_front();
      if (!from.sent_at.empty())
        send(by, from);
      by.arrived(from, sent_at, now);
    }
  }

private:
  void send(worker& by, client& to) {
    auto values = to.values(to.sent_at.front());
    if (const auto count = settings_.targets.size(); count > 0)
      values.target =
          settings_
              .targets[(to.i + to.next_id * static_cast<std::uint64_t>(settings_.conns)) % count];
    ++to.next_id;
    text_.clear();
    body_.render(text_, values);
    std::string request = settings_.post.empty() ? "GET " : "POST ";
    path_.render(request, values);
    request += head_;
    if (!settings_.post.empty())
      request += "Content-Length: " + std::to_string(text_.size()) + "\r\n";
    by.send_raw(to, request + "\r\n" + text_);
  }

  // Of head and body; 0 when they are not there whole.
  static std::size_t answer_size(std::string_view in) {
    const auto end = in.find("\r\n\r\n");
    if (end == std::string_view::npos)
      return 0;
    constexpr std::string_view name = "\r\nContent-Length: ";
    const auto at = in.substr(0, end).find(name);
    if (at == std::string_view::npos)
      throw std::runtime_error("an answer without Content-Length");
    const auto size = end + 4 + std::strtoul(in.data() + at + name.size(), nullptr, 10);
    return in.size() < size ? 0 : size;
  }

  void check(std::string_view answer) const {
    if (!answer.starts_with("HTTP/1.1 2")
        || (!settings_.answer.empty() && answer.find(settings_.answer) == std::string_view::npos))
      throw std::runtime_error("not the answer: " + std::string{answer.substr(0, 600)});
  }

  const options& settings_;
  text_template path_, body_;
  std::string head_, text_;
};

} // namespace

std::unique_ptr<protocol> make_http_protocol(const options& settings) {
  return std::make_unique<http_protocol>(settings);
}

} // namespace muster::bench
