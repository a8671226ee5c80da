#include "bench/wsload/histogram.hpp"

#include <algorithm>
#include <bit>

namespace muster::bench {

void histogram::add(std::int64_t ns) {
  ns = std::max<std::int64_t>(ns, 0);
  ++count_;
  max_ = std::max(max_, ns);
  ++buckets_[index(static_cast<std::uint64_t>(ns))];
}

void histogram::merge(const histogram& other) {
  for (std::size_t i = 0; i < buckets_.size(); ++i)
    buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
}

double histogram::us(double quantile) const {
  if (count_ == 0)
    return 0;
  const auto want = static_cast<std::uint64_t>(quantile * static_cast<double>(count_ - 1)) + 1;
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= want)
      return std::min(static_cast<double>(max_), middle(i)) / 1000.0;
  }
  return max_us();
}

std::size_t histogram::index(std::uint64_t ns) {
  if (ns < (1u << sub_bits))
    return ns;
  const auto shift = static_cast<std::size_t>(std::bit_width(ns)) - sub_bits - 1;
  const std::size_t i = ((shift + 1) << sub_bits) + ((ns >> shift) & ((1u << sub_bits) - 1));
  return std::min(i, bucket_count - 1);
}

double histogram::middle(std::size_t bucket) {
  if (bucket < (1u << sub_bits))
    return static_cast<double>(bucket);
  const auto shift = (bucket >> sub_bits) - 1;
  const auto low = ((1ULL << sub_bits) + (bucket & ((1u << sub_bits) - 1))) << shift;
  return static_cast<double>(low) + static_cast<double>(1ULL << shift) / 2;
}

} // namespace muster::bench
