#include "bench/wsload/worker.hpp"
#include "bench/wsload/clock.hpp"

#include <algorithm>

#include <sys/epoll.h>
#include <unistd.h>

namespace muster::bench {
namespace {

constexpr std::int64_t never = INT64_MAX;

std::string upgrade_request(const options& settings) {
  std::string head = "GET " + settings.path + " HTTP/1.1\r\nHost: " + settings.host + ":"
                     + std::to_string(settings.port)
                     + "\r\nUpgrade: websocket\r\nConnection: Upgrade"
                       "\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                       "\r\nSec-WebSocket-Version: 13\r\n";
  if (!settings.subprotocol.empty())
    head += "Sec-WebSocket-Protocol: " + settings.subprotocol + "\r\n";
  for (const auto& header : settings.headers)
    head += header + "\r\n";
  return head + "\r\n";
}

} // namespace

worker::worker(const options& settings, run_control& control, int index)
    : settings_{settings}, control_{control}, protocol_{make_protocol(settings)},
      buffer_(256 * 1024), request_head_{upgrade_request(settings)}, epoll_{::epoll_create1(
                                                                         EPOLL_CLOEXEC)} {
  const bool fanout = settings.mode == load_mode::fanout;
  const int total = settings.conns + (fanout ? settings.pubs : 0);
  for (int i = index; i < total; i += settings.threads) {
    auto& made = clients_.emplace_back();
    made.i = static_cast<std::uint32_t>(i);
    made.mask = 0x9e3779b9u * (made.i + 1);
    if (fanout)
      made.role = i < settings.conns ? client_role::subscriber : client_role::publisher;
    else if (settings.subscribes())
      made.role = client_role::subscriber;
    if (made.role == client_role::publisher)
      publishers_.push_back(&made);
  }
  for (const auto& rule : settings.autos)
    auto_templates_.emplace_back(rule.reply, settings);
}

worker::~worker() {
  for (auto& each : clients_)
    drop(each);
  ::close(epoll_);
}

void worker::run() {
  std::vector<epoll_event> events(512);
  bool begun = false;
  while (phase() != run_phase::stop) {
    if (settings_.mode != load_mode::churn || phase() <= run_phase::measure)
      connect_more();
    std::int64_t wait = 10'000'000;
    if (phase() == run_phase::warmup || phase() == run_phase::measure) {
      if (!std::exchange(begun, true))
        first_messages();
      wait = std::min(wait, generate());
    }
    flush();
    const timespec time{0, wait};
    const int count =
        ::epoll_pwait2(epoll_, events.data(), static_cast<int>(events.size()), &time, nullptr);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      on_events(*static_cast<client*>(event.data.ptr), event.events);
    }
    if (turn_delivered_ > 0)
      control_.delivered.fetch_add(std::exchange(turn_delivered_, 0), std::memory_order_relaxed);
  }
}

void worker::first_messages() {
  start_ = now_ns();
  if (settings_.mode != load_mode::echo || settings_.rate > 0)
    return;
  for (auto& each : clients_)
    for (int k = 0; k < settings_.pipeline && each.state == client_state::ready; ++k)
      request(each, now_ns());
}

// An echo, or a publication; counts the bytes of it.
void worker::request(client& of, std::int64_t sent_at) {
  const auto before = of.out.size();
  if (settings_.mode == load_mode::fanout)
    protocol_->publish(*this, of, sent_at);
  else
    protocol_->request(*this, of, sent_at);
  ++results_.sent;
  results_.bytes_out += of.out.size() - before;
}

// Sends what is due; says for how long there is nothing more to send.
std::int64_t worker::generate() {
  const bool fanout = settings_.mode == load_mode::fanout && !publishers_.empty();
  const bool echo = settings_.mode == load_mode::echo && settings_.rate > 0;
  if (!fanout && !echo)
    return never;
  if (settings_.rate > 0)
    return generate_at_rate();
  generate_by_window();
  return settings_.threads > 1 ? 50'000 : never;
}

// Open loop: the time stamp is when it was due, whenever it is sent.
std::int64_t worker::generate_at_rate() {
  const double gap = 1e9 * settings_.threads / settings_.rate;
  const auto now = now_ns();
  for (;;) {
    const auto due = start_ + static_cast<std::int64_t>(static_cast<double>(sent_) * gap);
    if (due > now)
      return due - now;
    ++sent_;
    generate_one(due);
  }
}

// As fast as the subscribers get it: at most `window` publications not yet with all of them.
void worker::generate_by_window() {
  const auto subscribers = static_cast<std::uint64_t>(settings_.conns);
  const auto done = (control_.delivered.load() + control_.forgiven.load()) / subscribers;
  if (done != last_done_) {
    last_done_ = done;
    last_progress_ = now_ns();
  } else if (last_progress_ > 0 && now_ns() - last_progress_ > 1'000'000'000) {
    // Lost: go on without them.
    control_.forgiven.store(control_.published.load() * subscribers - control_.delivered.load());
    last_progress_ = now_ns();
  }
  // A publisher that is not there, or not any more, has nothing in the window.
  auto turns = publishers_.size();
  while (turns > 0
         && control_.published.load() < done + static_cast<std::uint64_t>(settings_.window))
    turns = generate_one(now_ns()) ? publishers_.size() : turns - 1;
}

bool worker::generate_one(std::int64_t sent_at) {
  if (settings_.mode == load_mode::fanout) {
    auto& by = *publishers_[turn_++ % publishers_.size()];
    if (by.state != client_state::ready)
      return false;
    request(by, sent_at);
    control_.published.fetch_add(1);
  } else {
    auto& by = clients_[turn_++ % clients_.size()];
    if (by.state != client_state::ready)
      return false;
    request(by, sent_at);
  }
  return true;
}

void worker::send_raw(client& to, std::string_view bytes) {
  to.out += bytes;
  mark_dirty(to);
}

void worker::greeted(client& by) {
  by.state = client_state::ready;
  --opening_;
  results_.handshake.add(now_ns() - by.started);
  if (settings_.mode == load_mode::churn) {
    if (measuring())
      ++results_.cycles;
    start_close(by);
  } else {
    control_.ready.fetch_add(1, std::memory_order_relaxed);
  }
}

void worker::arrived(client& at, std::int64_t sent_at, std::int64_t now) {
  ++results_.all_messages;
  if (measuring()) {
    ++results_.messages;
    results_.latency.add(now - sent_at);
  }
  ++turn_delivered_;
  if (!settings_.delivers() && settings_.rate <= 0 && phase() < run_phase::drain)
    request(at, now);
}

bool worker::auto_reply(client& to, std::string_view payload) {
  for (std::size_t k = 0; k < settings_.autos.size(); ++k) {
    const std::string_view match = settings_.autos[k].match;
    const bool hit = match.starts_with('=') ? payload == match.substr(1)
                                            : payload.find(match) != std::string_view::npos;
    if (!hit)
      continue;
    auto values = to.values(now_ns());
    if (!settings_.auto_id.empty())
      values.rid = after(payload, settings_.auto_id);
    send_message(to, settings_.binary, 64,
                 [&](std::string& out) { auto_templates_[k].render(out, values); });
    return true;
  }
  return false;
}

void worker::mark_dirty(client& to) {
  if (!std::exchange(to.dirty, true))
    dirty_.push_back(&to);
}

} // namespace muster::bench
