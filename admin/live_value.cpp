#include "admin/live_value.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>

namespace muster {

namespace {

/// What may tell a row from all others: the first that it has.
constexpr std::array<std::string_view, 6> identities{"id",       "sub_key", "msg_id",
                                                     "username", "name",    "at"};
/// Clients nest as deep as they may in what is only a part of an answer.
constexpr std::size_t max_depth = 64;
constexpr std::string_view rows_member = "items";

using member_list = std::vector<std::pair<std::string, std::string_view>>;

class member_collector final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view value) override {
    all.emplace_back(key, value);
  }
  member_list all;
};

class identity_finder final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view value) override {
    const auto found = std::find(identities.begin(), identities.begin() + rank_, key);
    if (found == identities.begin() + rank_ || value.front() != '"')
      return;
    rank_ = found - identities.begin();
    best = value;
  }
  /// With its quotes; empty when there is none.
  std::string_view best;

private:
  std::ptrdiff_t rank_ = identities.size();
};

member_list members_of(std::string_view object) {
  member_collector out;
  scan_object(object, out, max_depth);
  return std::move(out.all);
}

std::string_view identity_of(std::string_view row) {
  identity_finder out;
  scan_object(row, out, max_depth);
  return out.best;
}

const std::string_view* find(const member_list& all, std::string_view name) {
  const auto found =
      std::find_if(all.begin(), all.end(), [name](const auto& each) { return each.first == name; });
  return found == all.end() ? nullptr : &found->second;
}

void append_member(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty())
    out += ',';
  append_json_string(out, name);
  out.append(":").append(value);
}

/// Those of `now` that are other than in `before`, without braces.
std::string changed_members(const member_list& before, const member_list& now) {
  std::string out;
  for (const auto& [name, value] : now)
    if (const auto* const old = find(before, name); old == nullptr || *old != value)
      append_member(out, name, value);
  return out;
}

/// The names of those that are no more, as elements of an array.
std::string lost_members(const member_list& before, const member_list& now) {
  std::string out;
  for (const auto& [name, value] : before)
    if (find(now, name) == nullptr)
      out += (out.empty() ? "" : ",") + quoted(name);
  return out;
}

} // namespace

/// An answer, taken apart as far as comparing needs it; has views into itself.
class live_value::answer {
public:
  explicit answer(std::string text) : body_{std::move(text)} {
    if (body_.empty() || body_.front() != '{')
      return;
    // What is nested too deeply for us is compared as a whole.
    member_collector found;
    is_object_ = !scan_object(body_, found, max_depth);
    members_ = std::move(found.all);
    if (!is_object_)
      return;
    const auto list = std::find_if(members_.begin(), members_.end(), [](const auto& each) {
      return each.first == rows_member && each.second.front() == '[';
    });
    if (list == members_.end())
      return;
    has_rows_ = true;
    const auto rows = json_elements(list->second, max_depth);
    is_told_apart_ = !rows.empty() || list->second == "[]";
    members_.erase(list);
    for (const auto row : rows) {
      const auto id = identity_of(row);
      is_told_apart_ = is_told_apart_ && !id.empty() && by_id_.emplace(id, row).second;
      rows_.emplace_back(id, row);
    }
  }
  answer(const answer&) = delete;
  answer& operator=(const answer&) = delete;

  const std::string& body() const { return body_; }

  /// The members of a delta; nothing when a delta cannot say it.
  std::optional<std::string> since(const answer& before) const {
    if (!is_object_ || !before.is_object_ || has_rows_ != before.has_rows_ || !is_told_apart_
        || !before.is_told_apart_)
      return std::nullopt;
    const auto rows = changed_rows(before);
    if (!rows)
      return std::nullopt;
    std::string out;
    if (const auto set = changed_members(before.members_, members_); !set.empty())
      append_member(out, "set", '{' + set + '}');
    if (const auto unset = lost_members(before.members_, members_); !unset.empty())
      append_member(out, "unset", '[' + unset + ']');
    if (!rows->empty())
      append_member(out, "rows", '{' + *rows + '}');
    if (!has_order_of(before))
      append_member(out, "order", '[' + order() + ']');
    return out;
  }

private:
  std::optional<std::string> changed_rows(const answer& before) const {
    std::string out;
    for (const auto& [id, row] : rows_) {
      const auto old = before.by_id_.find(id);
      if (old != before.by_id_.end() && old->second == row)
        continue;
      std::string what{row};
      if (old != before.by_id_.end()) {
        const auto then = members_of(old->second);
        const auto now = members_of(row);
        if (!lost_members(then, now).empty())
          return std::nullopt;
        what = '{' + changed_members(then, now) + '}';
      }
      out += out.empty() ? "" : ",";
      out.append(id).append(":").append(what);
    }
    return out;
  }

  bool has_order_of(const answer& before) const {
    return std::equal(rows_.begin(), rows_.end(), before.rows_.begin(), before.rows_.end(),
                      [](const auto& a, const auto& b) { return a.first == b.first; });
  }

  std::string order() const {
    std::string out;
    for (const auto& [id, row] : rows_)
      out.append(out.empty() ? "" : ",").append(id);
    return out;
  }

  std::string body_;
  bool is_object_ = false;
  bool has_rows_ = false;
  bool is_told_apart_ = true;
  /// All but the rows.
  member_list members_;
  /// By their identity, which has its quotes.
  std::vector<std::pair<std::string_view, std::string_view>> rows_;
  std::unordered_map<std::string_view, std::string_view> by_id_;
};

live_value::news live_value::take(std::string body) {
  if (last_ && last_->body() == body)
    return {};
  const auto before = std::exchange(last_, std::make_shared<const answer>(std::move(body)));
  if (before)
    if (auto delta = last_->since(*before))
      return {delta->empty() ? kind::nothing : kind::delta, std::move(*delta)};
  return {kind::state, "\"value\":" + last_->body()};
}

} // namespace muster
