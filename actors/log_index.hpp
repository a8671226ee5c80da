#pragma once

#include "messages/publication.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace muster {

/// Which sequences of a log are there, in which lane, how large and how old: eight bytes a message,
/// so that what waits for a subscription is counted exactly and without asking the disk.
class log_index {
public:
  struct entry {
    std::uint8_t lane = 0;
    std::uint32_t size = 0;
    /// Since the epoch.
    std::uint32_t published_s = 0;
  };
  struct sum {
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
  };

  /// Forgets everything; the next sequence is the one behind `last`.
  void reset(std::uint64_t last);
  /// Leaves out the sequences up to there.
  void skip_to(std::uint64_t last);
  /// `seq` must be behind the last one; those between are not there.
  void add(std::uint64_t seq, entry what);
  bool erase(std::uint64_t seq);
  /// Erases everything up to there.
  void trim(std::uint64_t up_to);

  std::uint64_t last() const { return last_; }
  const sum& total() const { return total_; }
  std::optional<entry> find(std::uint64_t seq) const;
  /// The next one of the lane, or of any lane; nothing when there is none.
  std::optional<std::uint64_t> next(std::size_t lane, std::uint64_t after) const;
  std::optional<std::uint64_t> next(std::uint64_t after) const;
  std::optional<std::uint64_t> previous(std::uint64_t before) const;

  sum above(std::size_t lane, std::uint64_t after) const;
  /// What is behind the mark of its lane.
  sum above(const std::vector<std::uint64_t>& marks) const;

  /// Up to where the log must be trimmed so that it is within all three; 0: it is.
  std::uint64_t excess(std::uint64_t count, std::uint64_t bytes, std::int64_t oldest_s) const;

private:
  static constexpr std::uint64_t block_size = 256;
  static constexpr unsigned size_bits = 28;
  struct block {
    /// The lane plus one in the upper bits, the size below; 0: not there.
    std::array<std::uint32_t, block_size> what{};
    std::array<std::uint32_t, block_size> published_s{};
    std::array<std::uint32_t, lanes> count{};
    std::array<std::uint64_t, lanes> bytes{};
    std::uint32_t all = 0;
  };

  using blocks = std::map<std::uint64_t, block>;

  static std::size_t lane_of(std::uint32_t what) { return (what >> size_bits) - 1; }
  static std::uint32_t size_of(std::uint32_t what) { return what & ((1U << size_bits) - 1); }
  void erase_in(blocks::iterator where, std::uint64_t seq);

  /// By seq / block_size; those without a message are not there, whatever the gaps.
  blocks blocks_;
  std::uint64_t last_ = 0;
  sum total_;
  std::array<sum, lanes> total_of_{};
  /// The last one that a lane ever had.
  std::array<std::uint64_t, lanes> last_of_{};
};

} // namespace muster
