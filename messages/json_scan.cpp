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

namespace {

class finder final : public json_member_sink {
public:
  explicit finder(std::string_view key) : key_{key} {}
  void member(std::string_view key, std::string_view value) override {
    if (key == key_)
      found = value;
  }

  std::string_view found;

private:
  std::string_view key_;
};

} // namespace

std::string_view find_member(std::string_view text, std::string_view key) {
  finder sink{key};
  return scan_object(text, sink) ? std::string_view{} : sink.found;
}

} // namespace muster
