#include "messages/selector.hpp"

#include "messages/selector_node.hpp"
#include "messages/selector_parser.hpp"

namespace muster {

bool selector::parse(std::string_view text, selector& out, selector_fault& fault) {
  std::vector<selector_token> tokens;
  if (!lex_selector(text, tokens, fault))
    return false;
  selector result;
  result.text_ = text;
  // Nothing but blanks matches everything.
  if (tokens.size() > 1) {
    result.root_ = selector_parser{text, std::move(tokens), fault}.run();
    if (!result.root_)
      return false;
  }
  out = std::move(result);
  return true;
}

bool selector::matches(const connection_row& row, timestamp now) const {
  return !root_ || root_->matches(row, now);
}

} // namespace muster
