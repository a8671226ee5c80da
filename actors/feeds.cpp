#include "actors/feeds.hpp"

#include "messages/metrics.hpp"

#include <algorithm>

namespace muster {

feed& feeds::add(std::string topic_name) {
  // Most have few, and keep them: there is no room for as many again.
  if (all_.size() == all_.capacity())
    all_.reserve(all_.size() + all_.size() / 4 + 2);
  return all_.emplace_back(++last_, std::move(topic_name));
}

feed* feeds::find(std::uint32_t cookie) {
  const auto at =
      std::lower_bound(all_.begin(), all_.end(), cookie,
                       [](const feed& each, std::uint32_t value) { return each.cookie() < value; });
  return at != all_.end() && at->cookie() == cookie ? &*at : nullptr;
}

feed* feeds::find_topic(const std::string& topic_name) {
  const auto at = std::find_if(all_.begin(), all_.end(),
                               [&](const feed& each) { return each.topic_name() == topic_name; });
  return at != all_.end() ? &*at : nullptr;
}

feed* feeds::find_key(const std::string& sub_key) {
  const auto at = std::find_if(all_.begin(), all_.end(), [&](const feed& each) {
    return each.about && each.about->sub_key == sub_key;
  });
  return at != all_.end() ? &*at : nullptr;
}

void feeds::erase(std::uint32_t cookie) {
  std::erase_if(all_, [&](const feed& each) { return each.cookie() == cookie; });
}

void feeds::expect_answer(const std::string& id, std::uint32_t cookie, std::uint64_t seq) {
  if (awaited_.size() >= look_through_at_)
    forget_old_answers();
  auto& places = awaited_[id];
  const auto known = std::any_of(places.begin(), places.end(), [&](const place& each) {
    return each.cookie == cookie && each.seq == seq;
  });
  if (!known)
    places.push_back({cookie, seq});
}

// What was acknowledged in another way, or went with its subscription. Not again before there are
// twice as many, so that it costs little however many are awaited.
void feeds::forget_old_answers() {
  std::erase_if(awaited_, [&](const auto& entry) {
    return std::none_of(entry.second.begin(), entry.second.end(), [&](const place& each) {
      const auto* const of = find(each.cookie);
      return of && of->is_unacked(each.seq);
    });
  });
  look_through_at_ = std::max(many_answers, 2 * awaited_.size());
}

std::vector<feed*> feeds::answered(const std::string& id) {
  std::vector<feed*> touched;
  const auto node = awaited_.extract(id);
  if (!node)
    return touched;
  for (const auto& each : node.mapped()) {
    auto* const of = find(each.cookie);
    if (!of || !of->acknowledge(each.seq))
      continue;
    count(counters().acknowledgements);
    if (std::find(touched.begin(), touched.end(), of) == touched.end())
      touched.push_back(of);
  }
  return touched;
}

std::optional<deadline> feeds::due() const {
  std::optional<deadline> next;
  for (const auto& each : all_)
    if (const auto due = each.due())
      next = next ? std::min(*next, *due) : *due;
  return next;
}

} // namespace muster
