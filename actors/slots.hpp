#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace muster {

/// Keeps things and hands each out by the key that it got, as a map would, but in places that are
/// used again: once there are enough of them, nothing is allocated and nothing searched.
template <class Thing>
class slots {
public:
  std::size_t size() const { return places_.size() - free_.size(); }
  bool empty() const { return size() == 0; }

  std::uint64_t add(Thing what) {
    if (free_.empty()) {
      places_.emplace_back();
      free_.reserve(places_.capacity());
      free_.push_back(static_cast<std::uint32_t>(places_.size() - 1));
    }
    const auto at = free_.back();
    free_.pop_back();
    auto& place = places_[at];
    place.thing.emplace(std::move(what));
    return static_cast<std::uint64_t>(++place.uses) << 32 | at;
  }

  /// Takes it out; nothing when it is not here any more.
  std::optional<Thing> take(std::uint64_t key) {
    const auto at = static_cast<std::uint32_t>(key);
    if (at >= places_.size() || places_[at].uses != key >> 32)
      return std::nullopt;
    auto out = std::exchange(places_[at].thing, std::nullopt);
    if (out)
      free_.push_back(at);
    return out;
  }

  template <class Visit>
  void each(Visit visit) {
    for (auto& place : places_)
      if (place.thing)
        visit(*place.thing);
  }

  void clear() {
    places_.clear();
    free_.clear();
  }

private:
  struct slot {
    std::optional<Thing> thing;
    /// So that the key of one thing is not taken for that of the next in its place.
    std::uint32_t uses = 0;
  };

  std::vector<slot> places_;
  std::vector<std::uint32_t> free_;
};

} // namespace muster
