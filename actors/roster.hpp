#pragma once

#include "actors/interfaces.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace muster {

/// A subscription as its topic knows it.
struct member {
  subscription_ptr about;
  /// As far as the topic knows; a connection that follows knows more.
  subscription_state state;
  /// Null while no connection has it.
  connection_actor connection;
  push_receiver* pushes = nullptr;
  home* loop = nullptr;
  std::uint32_t cookie = 0;
  std::shared_ptr<const arrival> from;
  timestamp resumed_at{};
  timestamp detached_at{};
  /// Its queue is being read from the disk for somebody.
  bool taking = false;

  bool attached() const { return connection != nullptr; }
  bool is(const connection_actor& who, std::uint32_t which) const {
    return connection == who && cookie == which;
  }
};

/// The subscriptions of one topic: by key, by client, and those that are there by the loop that
/// they are on.
class roster {
public:
  struct recipient {
    connection_actor connection;
    push_receiver* pushes = nullptr;
    std::uint32_t cookie = 0;
  };
  using slice = std::vector<recipient>;
  using slices = std::vector<std::pair<home*, std::shared_ptr<const slice>>>;

  bool empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }
  std::size_t attached() const { return attached_; }
  bool has_lasting() const { return !by_client_.empty(); }

  member* find(std::string_view sub_key);
  /// The one that a connection has under that cookie.
  member* find(const connection_actor& who, std::uint32_t cookie);
  /// The lasting one of a client.
  member* find_lasting(const std::string& channel, const std::string& client_id);

  member& add(member what);
  void erase(const member& which);
  void attach(member& which, const join_topic& by);
  void detach(member& which, timestamp now);

  /// Those that are there, by loop; made anew when someone has come or gone.
  const slices& recipients();

  template <class Visitor>
  void for_each(Visitor visit) {
    for (auto& [key, each] : members_)
      visit(each);
  }

private:
  /// By key, which is the one in the member.
  std::unordered_map<std::string_view, member> members_;
  std::map<std::pair<std::string, std::string>, member*> by_client_;
  std::size_t attached_ = 0;
  slices slices_;
  bool stale_ = false;
};

} // namespace muster
