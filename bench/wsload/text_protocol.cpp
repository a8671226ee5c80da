// Text (or binary) messages made from the templates of the command line.

#include "bench/wsload/clock.hpp"
#include "bench/wsload/worker.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <stdexcept>

namespace muster::bench {
namespace {

class text_protocol : public protocol {
public:
  explicit text_protocol(const options& settings)
      : settings_{settings}, request_{settings.request, settings}, publish_{settings.publish,
                                                                            settings} {
    for (const auto& line : settings.hello)
      hello_.push_back(make(line));
    sub_hello_ = hello_;
    for (const auto& line : settings.sub_hello)
      sub_hello_.push_back(make(line));
  }

  void open(worker& by, client& to) override { greet(by, to); }

  void request(worker& by, client& to, std::int64_t sent_at) override {
    const auto id = ++to.next_id;
    if (settings_.match == match_by::fifo) {
      to.sent_at.push_back(sent_at);
    } else if (settings_.match == match_by::id) {
      if (to.id_sent_at.empty())
        to.id_sent_at.resize(
            std::bit_ceil(static_cast<std::size_t>(std::max(64, settings_.pipeline * 2))));
      to.id_sent_at[id & (to.id_sent_at.size() - 1)] = sent_at;
    }
    send(by, to, request_, sent_at);
  }

  void publish(worker& by, client& to, std::int64_t sent_at) override {
    ++to.next_id;
    send(by, to, publish_, sent_at);
  }

  void message(worker& by, client& from, std::string_view text, std::int64_t now) override {
    if (!settings_.refusal.empty() && text.find(settings_.refusal) != std::string_view::npos)
      throw std::runtime_error("refused: " + std::string{text.substr(0, 300)});
    // A delivery may come before the answer to its subscription, and may want an answer itself.
    if (settings_.delivers())
      each_marker(text, [&](std::int64_t sent_at) { by.arrived(from, sent_at, now); });
    if (!settings_.autos.empty() && by.auto_reply(from, text))
      return;
    if (from.state == client_state::greeting)
      return on_greeting(by, from, text);
    if (from.state != client_state::ready || settings_.delivers())
      return;
    const auto match = settings_.match;
    if (match == match_by::marker)
      each_marker(text, [&](std::int64_t sent_at) { by.arrived(from, sent_at, now); });
    else if (match == match_by::fifo)
      each_match(text, [&](std::string_view) { oldest_answered(by, from, now); });
    else
      each_match(text, [&](std::string_view rest) { id_answered(by, from, rest, now); });
  }

private:
  struct act {
    bool send;
    text_template text;
    std::string expect;
  };

  act make(const greeting_line& line) const {
    return {line.send, {line.text, settings_}, line.text};
  }

  const std::vector<act>& script(const client& of) const {
    return of.role == client_role::subscriber ? sub_hello_ : hello_;
  }

  void send(worker& by, client& to, const text_template& text, std::int64_t sent_at) {
    by.send_message(to, settings_.binary, static_cast<std::size_t>(settings_.size),
                    [&](std::string& out) { text.render(out, to.values(sent_at)); });
  }

  // Sends up to the next thing to wait for.
  void greet(worker& by, client& to) {
    const auto& acts = script(to);
    while (to.step < acts.size() && acts[to.step].send)
      send(by, to, acts[to.step++].text, now_ns());
    if (to.step == acts.size())
      by.greeted(to);
  }

  void on_greeting(worker& by, client& from, std::string_view text) {
    if (text.find(script(from)[from.step].expect) == std::string_view::npos)
      return;
    if (!settings_.capture.empty())
      if (const auto captured = after(text, settings_.capture); !captured.empty())
        from.cap = captured;
    ++from.step;
    greet(by, from);
  }

  static void oldest_answered(worker& by, client& from, std::int64_t now) {
    if (from.sent_at.empty())
      return;
    const auto sent_at = from.sent_at.front();
    from.sent_at.pop_front();
    by.arrived(from, sent_at, now);
  }

  static void id_answered(worker& by, client& from, std::string_view rest, std::int64_t now) {
    if (from.id_sent_at.empty())
      return;
    if (rest.starts_with('"'))
      rest.remove_prefix(1);
    std::uint64_t id = 0;
    std::from_chars(rest.data(), rest.data() + rest.size(), id);
    by.arrived(from, from.id_sent_at[id & (from.id_sent_at.size() - 1)], now);
  }

  // Each place where the text of --match stands; the whole frame if it is empty.
  template <class Visit>
  void each_match(std::string_view text, Visit&& visit) const {
    if (settings_.match_text.empty())
      return visit(text);
    for (std::size_t at = 0;
         (at = text.find(settings_.match_text, at)) != std::string_view::npos;) {
      at += settings_.match_text.size();
      visit(text.substr(at));
    }
  }

  const options& settings_;
  text_template request_, publish_;
  std::vector<act> hello_, sub_hello_;
};

} // namespace

std::unique_ptr<protocol> make_text_protocol(const options& settings) {
  return std::make_unique<text_protocol>(settings);
}

std::unique_ptr<protocol> make_protocol(const options& settings) {
  if (settings.adapter == "tcp")
    return make_tcp_protocol(settings);
  if (settings.adapter == "http")
    return make_http_protocol(settings);
  if (settings.adapter == "nats")
    return make_nats_protocol(settings);
  if (settings.adapter == "mqtt")
    return make_mqtt_protocol(settings);
  return make_text_protocol(settings);
}

} // namespace muster::bench
