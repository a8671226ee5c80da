#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace muster::bench {

/// Log-linear histogram of nanoseconds: 64 buckets per power of two, so within 1.6% of the value.
class histogram {
public:
  void add(std::int64_t ns);
  void merge(const histogram& other);

  std::uint64_t count() const { return count_; }
  /// The microseconds that the given share of the values does not exceed.
  double us(double quantile) const;
  double max_us() const { return static_cast<double>(max_) / 1000.0; }

private:
  static constexpr int sub_bits = 6;
  static constexpr std::size_t bucket_count = 40u << sub_bits;

  static std::size_t index(std::uint64_t ns);
  static double middle(std::size_t bucket);

  std::vector<std::uint32_t> buckets_ = std::vector<std::uint32_t>(bucket_count);
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
};

} // namespace muster::bench
