#pragma once

#include <cstddef>
#include <iterator>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace muster {

/// Those who wait for the answer to one question each: the first one asks it, the others wait
/// behind, so that all go on in the order in which they came.
template <class Waiting>
class seekers {
public:
  /// More who wait are to be refused: posts give calls up in time, but not those who wait here.
  static constexpr std::size_t most = 10'000;
  bool full() const { return size_ >= most; }

  /// True for the first one, who has to ask.
  bool add(const std::string& question, Waiting who) {
    auto& all = waiting_[question];
    all.push_back(std::move(who));
    ++size_;
    return all.size() == 1;
  }

  /// All who wait for the answer, which is there.
  std::vector<Waiting> take(const std::string& question) {
    auto node = waiting_.extract(question);
    if (!node)
      return {};
    size_ -= node.mapped().size();
    return std::move(node.mapped());
  }

  /// All who wait for anything: who was asked is no more.
  std::vector<Waiting> take_all() {
    std::vector<Waiting> all;
    size_ = 0;
    for (auto& [question, those] : std::exchange(waiting_, {}))
      all.insert(all.end(), std::make_move_iterator(those.begin()),
                 std::make_move_iterator(those.end()));
    return all;
  }

private:
  std::unordered_map<std::string, std::vector<Waiting>> waiting_;
  std::size_t size_ = 0;
};

} // namespace muster
