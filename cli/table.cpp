#include "cli/table.hpp"

#include "cli/text.hpp"

#include <algorithm>
#include <numeric>

namespace muster {
namespace {

constexpr std::size_t gap = 2;
/// No column is made narrower than this to fit the terminal.
constexpr std::size_t least_width = 6;

} // namespace

void table::add(const std::vector<std::string>& cells) {
  auto& row = rows_.emplace_back();
  std::transform(cells.begin(), cells.end(), std::back_inserter(row),
                 [](const std::string& cell) { return harmless(cell); });
  row.resize(head_.size());
}

std::vector<std::size_t> table::widths(std::size_t limit) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < head_.size(); ++i) {
    auto width = columns_of(head_[i]);
    for (const auto& row : rows_)
      width = std::max(width, columns_of(row[i]));
    result.push_back(width);
  }
  auto total = std::accumulate(result.begin(), result.end(), gap * (result.size() - 1));
  while (limit > 0 && total > limit) {
    auto widest = std::max_element(result.begin(), result.end());
    if (*widest <= least_width)
      break;
    --*widest;
    --total;
  }
  return result;
}

std::string table::print(std::size_t width, bool styled) const {
  const auto room = widths(width);
  std::string out;
  const auto line = [&](const std::vector<std::string>& cells) {
    std::string text;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const auto cell = cut_to(cells[i], room[i]);
      text += cell;
      if (i + 1 < cells.size())
        text.append(room[i] - columns_of(cell) + gap, ' ');
    }
    while (text.ends_with(' '))
      text.pop_back();
    return text;
  };
  out += (styled ? "\x1b[1m" : "") + line(head_) + (styled ? "\x1b[0m\n" : "\n");
  for (const auto& row : rows_)
    out += line(row) + '\n';
  return out;
}

} // namespace muster
