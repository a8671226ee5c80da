#pragma once

#include "actors/feed.hpp"
#include "actors/push_batch.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// The text of a delivery in pieces, which point to what it is made of, or to a list that is
/// written once for all subscribers.
class delivery_frame {
public:
  /// `size` messages of a push from `first` on, which are handed out for the first time. One that
  /// is alone and in no list has its own id.
  void build(const subscription& about, const push_batch& batch, std::size_t first,
             std::size_t size, std::string_view id, timestamp now);
  /// `size` messages that wait in a feed, from `first` on.
  void build(const feed& from, std::size_t first, std::size_t size, std::string_view id,
             timestamp now);

  std::span<const std::string_view> pieces() const { return pieces_; }
  std::size_t bytes() const { return bytes_; }
  std::string text() const;

private:
  void add(std::string_view piece) {
    pieces_.push_back(piece);
    bytes_ += piece.size();
  }
  void begin(std::string_view head);
  void build_list(const subscription& about, const push_batch& batch, std::size_t first,
                  std::size_t size, std::string_view id, timestamp now);
  void add_message(const subscription& about, const publication& message, std::uint32_t count);
  bool build_whole(const push_batch& batch, std::string_view sub_key);

  /// The list with all messages of the batch that was built last: it goes to one subscriber after
  /// the other, and only the keys differ, which are written over those of the one before. There is
  /// one for each length of keys, of which most batches have few.
  struct whole_list {
    std::string text;
    std::size_t key_size = 0;
    std::vector<std::size_t> keys_at;
  };
  void write_whole(whole_list& to, const push_batch& batch, std::string_view sub_key);

  std::vector<std::string_view> pieces_;
  std::array<whole_list, 4> wholes_;
  std::size_t wholes_used_ = 0;
  /// Which list with all messages of its batch was built last.
  std::string last_list_;
  std::size_t bytes_ = 0;
  std::string head_;
  /// A deque, since pieces point into it.
  std::deque<std::string> gaps_;
  std::size_t used_gaps_ = 0;
};

} // namespace muster
