#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace muster {

/// Rows of text in aligned columns.
class table {
public:
  explicit table(std::vector<std::string> head) : head_{std::move(head)} {}

  /// Cells are made harmless here; as many as there are columns.
  void add(const std::vector<std::string>& cells);

  /// The lines, each at most `width` columns wide as long as that is possible; 0: as wide as it
  /// takes.
  std::string print(std::size_t width, bool styled) const;

private:
  std::vector<std::size_t> widths(std::size_t limit) const;

  std::vector<std::string> head_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace muster
