#include "net/resolver.hpp"

#include "net/dns_client.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

namespace muster {

namespace asio = boost::asio;

namespace {

/// The name in lower case; empty when it is none that may be shown: a PTR record may hold anything.
std::string tidy(std::string name) {
  if (name.ends_with('.'))
    name.pop_back();
  if (name.empty() || name.size() > 253)
    return {};
  for (auto& c : name) {
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    bool usual =
        (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
    if (!usual)
      return {};
  }
  return name;
}

deadline now() {
  return std::chrono::steady_clock::now();
}

} // namespace

class resolver::core : public std::enable_shared_from_this<core> {
public:
  core(asio::io_context& loop, limits bounds)
      : loop_{loop}, timer_{loop}, bounds_{std::move(bounds)} {}

  // Of the time for an answer two fifths may go by before its turn comes, three fifths after.
  void start() { names_.emplace(dns_client::settings{bounds_.timeout / 5 * 3, bounds_.servers}); }

  void stop() {
    {
      std::lock_guard guard{mutex_};
      stopped_ = true;
      waiting_.clear();
    }
    // Ends the questions in flight; their answers find `stopped_`.
    names_.reset();
    std::lock_guard guard{mutex_};
    for (auto& [ip, asked] : open_)
      answer(asked, {outcome::timeout, {}, {}});
    open_.clear();
    asio::post(loop_, [self = shared_from_this()] { self->timer_.cancel(); });
  }

  void look_up(const std::string& ip, callback done) {
    std::unique_lock guard{mutex_};
    if (auto known = find_cached(ip)) {
      guard.unlock();
      done(known->what, std::move(known->name));
      return;
    }
    auto open = open_.find(ip);
    bool asked = open != open_.end();
    bool at_once = in_flight_ < bounds_.in_flight;
    if (stopped_ || (open_callbacks_ >= bounds_.waiting + bounds_.in_flight)) {
      guard.unlock();
      done(outcome::timeout, {});
      return;
    }
    ++open_callbacks_;
    open_[ip].push_back(std::move(done));
    if (asked)
      return;
    if (at_once) {
      ask(ip);
    } else {
      waiting_.push_back({ip, now() + bounds_.timeout / 5 * 2});
      if (waiting_.size() == 1)
        asio::post(loop_, [self = shared_from_this()] { self->await_expiry(); });
    }
  }

private:
  struct answer_kept {
    outcome what = outcome::none;
    std::string name;
    deadline until{};
  };
  struct cache_entry {
    answer_kept kept;
    std::list<std::string>::iterator age;
  };
  struct question {
    std::string ip;
    deadline until{};
  };

  std::optional<answer_kept> find_cached(const std::string& ip) {
    auto found = cache_.find(ip);
    if (found == cache_.end())
      return std::nullopt;
    if (found->second.kept.until <= now()) {
      ages_.erase(found->second.age);
      cache_.erase(found);
      return std::nullopt;
    }
    ages_.splice(ages_.begin(), ages_, found->second.age);
    return found->second.kept;
  }

  void keep(const std::string& ip, answer_kept what) {
    while (!cache_.empty() && cache_.size() >= bounds_.cached) {
      cache_.erase(ages_.back());
      ages_.pop_back();
    }
    ages_.push_front(ip);
    if (auto [place, fresh] = cache_.try_emplace(ip, cache_entry{std::move(what), ages_.begin()});
        !fresh)
      ages_.pop_front();
  }

  void ask(const std::string& ip) {
    ++in_flight_;
    names_->names_of(ip, [weak = weak_from_this(), ip](auto what, std::vector<std::string> names) {
      if (auto self = weak.lock())
        self->on_answer(ip, what, names.empty() ? std::string{} : tidy(std::move(names.front())));
    });
  }

  void on_answer(const std::string& ip, dns_client::outcome what, std::string name) {
    std::lock_guard guard{mutex_};
    --in_flight_;
    if (stopped_)
      return;
    answer_kept found{outcome::none, std::move(name), now() + bounds_.failure_lives};
    if (what == dns_client::outcome::timeout)
      found.what = outcome::timeout;
    else if (!found.name.empty())
      found = {outcome::ok, std::move(found.name), now() + bounds_.found_lives};
    keep(ip, found);
    settle(ip, found);
    while (!waiting_.empty() && in_flight_ < bounds_.in_flight) {
      auto next = std::move(waiting_.front());
      waiting_.pop_front();
      ask(next.ip);
    }
  }

  void settle(const std::string& ip, const answer_kept& found) {
    auto open = open_.find(ip);
    if (open == open_.end())
      return;
    auto asked = std::move(open->second);
    open_.erase(open);
    answer(asked, found);
  }

  void answer(std::vector<callback>& asked, const answer_kept& found) {
    open_callbacks_ -= asked.size();
    asio::post(loop_, [asked = std::move(asked), what = found.what, name = found.name] {
      for (auto& done : asked)
        done(what, name);
    });
  }

  /// Gives up on the questions that waited too long for their turn. On the loop.
  void await_expiry() {
    std::lock_guard guard{mutex_};
    auto time = now();
    while (!waiting_.empty() && waiting_.front().until <= time) {
      auto late = std::move(waiting_.front());
      waiting_.pop_front();
      settle(late.ip, {outcome::timeout, {}, {}});
    }
    if (waiting_.empty() || stopped_)
      return;
    timer_.expires_at(waiting_.front().until);
    timer_.async_wait([weak = weak_from_this()](auto error) {
      if (auto self = weak.lock(); self && !error)
        self->await_expiry();
    });
  }

  asio::io_context& loop_;
  /// On the loop's thread only.
  asio::steady_timer timer_;
  limits bounds_;
  std::optional<dns_client> names_;

  std::mutex mutex_;
  std::unordered_map<std::string, cache_entry> cache_;
  /// The one used last in front.
  std::list<std::string> ages_;
  std::unordered_map<std::string, std::vector<callback>> open_;
  std::deque<question> waiting_;
  std::size_t open_callbacks_ = 0;
  std::size_t in_flight_ = 0;
  bool stopped_ = false;
};

resolver::resolver(asio::io_context& loop) : resolver{loop, limits{}} {}

resolver::resolver(asio::io_context& loop, limits bounds)
    : core_{std::make_shared<core>(loop, std::move(bounds))} {
  core_->start();
}

resolver::~resolver() {
  core_->stop();
}

void resolver::look_up(const std::string& ip, callback done) {
  core_->look_up(ip, std::move(done));
}

} // namespace muster
