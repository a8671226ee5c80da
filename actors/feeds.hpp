#pragma once

#include "actors/feed.hpp"
#include "actors/fetch.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace muster {

/// The subscriptions of one connection, and which delivery a client's answer acknowledges.
class feeds {
public:
  /// A connection has no more.
  static constexpr std::size_t max_feeds = 10'000;

  bool full() const { return all_.size() >= max_feeds; }
  bool empty() const { return all_.empty(); }
  std::size_t size() const { return all_.size(); }
  std::vector<feed>& all() { return all_; }

  feed& add(std::string topic_name);
  feed* find(std::uint32_t cookie);
  /// It is needed in a moment.
  void fetch() const { fetch_lines(all_.data(), 2); }
  feed* find_topic(const std::string& topic_name);
  feed* find_key(const std::string& sub_key);
  void erase(std::uint32_t cookie);

  /// A delivery that awaits the client's answer to its message id.
  void expect_answer(const std::string& id, std::uint32_t cookie, std::uint64_t seq);
  /// The client has answered a message: the feeds that it acknowledges something of.
  std::vector<feed*> answered(const std::string& id);

  std::optional<deadline> due() const;

private:
  struct place {
    std::uint32_t cookie = 0;
    std::uint64_t seq = 0;
  };
  void forget_old_answers();

  /// More than can be unacknowledged by a few subscriptions: only then it is worth looking through.
  static constexpr std::size_t many_answers = 4 * feed::max_unacked;

  /// By cookie.
  std::vector<feed> all_;
  std::uint32_t last_ = 0;
  std::unordered_map<std::string, std::vector<place>> awaited_;
  std::size_t look_through_at_ = many_answers;
};

} // namespace muster
