#include "messages/json_scan.hpp"

#include "messages/json_walker.hpp"

namespace muster {

json_fault check_json(std::string_view text, std::size_t max_depth) {
  json_walker walker{text, max_depth};
  walker.skip_blanks();
  if (walker.value())
    walker.end();
  return walker.fault();
}

json_fault scan_object(std::string_view text, json_member_sink& sink, std::size_t max_depth) {
  json_walker walker{text, max_depth};
  walker.skip_blanks();
  if (walker.object(sink))
    walker.end();
  return walker.fault();
}

std::vector<std::string_view> json_elements(std::string_view array, std::size_t max_depth) {
  json_walker walker{array, max_depth};
  std::vector<std::string_view> out;
  walker.skip_blanks();
  if (!walker.elements(out))
    out.clear();
  return out;
}

} // namespace muster
