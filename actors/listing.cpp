#include "actors/listing.hpp"

#include "messages/errc.hpp"

#include <algorithm>

namespace muster {

namespace {

constexpr std::uint32_t max_limit = 1000;

/// A cursor carries the text that it stands at; where that is longer, the list is kept instead.
constexpr std::size_t max_cursor_text = 256;

const attribute& sort_attribute(const connection_query& query) {
  return query.sort_by ? *query.sort_by : *find_attribute("connected_at");
}

std::size_t limit_of(const connection_query& query) {
  return std::clamp<std::uint32_t>(query.limit, 1, max_limit);
}

/// A cursor is good for the same filter and order only.
std::uint64_t question_of(const connection_query& query) {
  auto hash = fingerprint(query.descending ? "-" : "+");
  for (const std::string_view part :
       {sort_attribute(query).name, std::string_view{query.channel},
        std::string_view{query.client_id}, std::string_view{query.where.text()}})
    hash = fingerprint(std::string_view{"\0", 1}, fingerprint(part, hash));
  return hash;
}

bool matches(const connection_query& query, const connection_row& row, timestamp now) {
  if (!query.channel.empty() && row.from->channel != query.channel)
    return false;
  if (!query.client_id.empty() && row.who->client_id.find(query.client_id) == std::string::npos)
    return false;
  return query.where.matches(row, now);
}

/// Where the rows are now that somebody has seen in a list.
class seen_places {
public:
  explicit seen_places(const std::vector<seen_row>& seen) : seen_{seen}, best_{seen.size()} {}

  /// A row of the list, which will stand at `index` among the candidates.
  void note(std::string_view id, std::size_t index) {
    for (std::size_t i = 0; i < best_; ++i)
      if (seen_[i].id == id) {
        best_ = i;
        index_ = index;
      }
  }

  /// How far the first of them that is still there has moved.
  std::int64_t moved(const std::vector<list_candidate>& rows, const list_order& order) const {
    if (best_ == seen_.size())
      return 0;
    const auto& row = rows[index_];
    const auto place = std::count_if(
        rows.begin(), rows.end(), [&](const list_candidate& other) { return order(other, row); });
    return static_cast<std::int64_t>(place) - static_cast<std::int64_t>(seen_[best_].at);
  }

private:
  const std::vector<seen_row>& seen_;
  std::size_t best_;
  std::size_t index_ = 0;
};

caf::error bad_cursor() {
  return make_error(errc::bad_request, "bad cursor");
}

} // namespace

caf::expected<connection_page> listing::read(const connection_query& query) {
  if (query.offset)
    return read_window(query);
  const auto question = question_of(query);
  if (query.cursor.empty())
    return read_sorted(query, question, nullptr);
  const auto cursor = parse_cursor(query.cursor);
  if (!cursor || cursor->question != question)
    return bad_cursor();
  if (const auto* frozen = std::get_if<frozen_position>(&cursor->position))
    return read_frozen(query, question, *frozen);
  if (!list_order{sort_attribute(query), query.descending}.is_fixed())
    return bad_cursor();
  return read_sorted(query, question, &std::get<keyset_position>(cursor->position));
}

std::vector<roll_entry> listing::match(const selector& where) const {
  std::vector<roll_entry> result;
  roll_.for_each([&](const roll_entry& entry, roll_ticket) {
    if (where.matches(*entry.row, wall_))
      result.push_back(entry);
  });
  return result;
}

caf::expected<connection_page> listing::read_frozen(const connection_query& query,
                                                    std::uint64_t question,
                                                    const frozen_position& from) {
  const auto* list = kept_.find(from.list, now_);
  if (!list)
    return make_error(errc::cursor_expired);
  const auto& rows = list->rows;
  connection_page page;
  page.total = list->total;
  page.revision = roll_.revision();
  for (std::size_t at = from.index; at < rows.size(); ++at) {
    const auto* entry = roll_.find(rows[at]);
    if (!entry)
      continue;
    if (page.rows.size() == limit_of(query)) {
      const frozen_position next{from.list, static_cast<std::uint32_t>(at)};
      page.next_cursor = to_text({question, next});
      break;
    }
    page.rows.push_back(entry->row);
  }
  return page;
}

connection_page listing::read_sorted(const connection_query& query, std::uint64_t question,
                                     const keyset_position* from) {
  list_order order{sort_attribute(query), query.descending};
  list_candidate position;
  if (from) {
    position.key = from->key;
    position.text = from->text;
    position.id = from->id;
    position.is_null = from->is_null;
  }
  connection_page page;
  page.revision = roll_.revision();
  std::vector<list_candidate> rows;
  roll_.for_each([&](const roll_entry& entry, roll_ticket ticket) {
    if (!matches(query, *entry.row, wall_))
      return;
    ++page.total;
    auto candidate = order.rank(entry, ticket, wall_);
    if (!from || order(position, candidate))
      rows.push_back(candidate);
  });
  const auto shown = std::min(limit_of(query), rows.size());
  const auto middle = rows.begin() + static_cast<std::ptrdiff_t>(shown);
  std::partial_sort(rows.begin(), middle, rows.end(), std::ref(order));
  for (auto row = rows.begin(); row != middle; ++row)
    page.rows.push_back(roll_.at(row->ticket.slot).row);
  if (shown < rows.size())
    page.next_cursor = go_on(order, rows, shown, page.total, question);
  return page;
}

connection_page listing::read_window(const connection_query& query) {
  list_order order{sort_attribute(query), query.descending};
  seen_places seen{query.near};
  std::vector<list_candidate> rows;
  roll_.for_each([&](const roll_entry& entry, roll_ticket ticket) {
    if (!matches(query, *entry.row, wall_))
      return;
    seen.note(entry.row->from->id, rows.size());
    rows.push_back(order.rank(entry, ticket, wall_));
  });
  const auto first =
      std::clamp<std::int64_t>(static_cast<std::int64_t>(*query.offset) + seen.moved(rows, order),
                               0, static_cast<std::int64_t>(rows.size()));
  const auto shown = std::min<std::int64_t>(static_cast<std::int64_t>(limit_of(query)),
                                            static_cast<std::int64_t>(rows.size()) - first);
  const auto begin = rows.begin() + first;
  const auto end = begin + shown;
  // Only the window is sorted; before and behind it the rows need no order.
  std::nth_element(rows.begin(), begin, rows.end(), std::ref(order));
  std::nth_element(begin, end, rows.end(), std::ref(order));
  std::sort(begin, end, std::ref(order));
  connection_page page;
  page.total = rows.size();
  page.revision = roll_.revision();
  page.offset = static_cast<std::uint64_t>(first);
  for (auto row = begin; row != end; ++row)
    page.rows.push_back(roll_.at(row->ticket.slot).row);
  return page;
}

std::string listing::go_on(list_order& order, std::vector<list_candidate>& rows, std::size_t shown,
                           std::uint64_t total, std::uint64_t question) {
  const auto& last = rows[shown - 1];
  if (order.is_fixed() && last.text.size() <= max_cursor_text)
    return to_text({question, keyset_position{last.key, last.is_null, std::string{last.text},
                                              std::string{last.id}}});
  const auto rest = rows.begin() + static_cast<std::ptrdiff_t>(shown);
  std::sort(rest, rows.end(), std::ref(order));
  std::vector<roll_ticket> tickets;
  tickets.reserve(rows.size() - shown);
  std::transform(rest, rows.end(), std::back_inserter(tickets),
                 [](const list_candidate& each) { return each.ticket; });
  return to_text({question, frozen_position{kept_.keep(std::move(tickets), total, now_), 0}});
}

} // namespace muster
