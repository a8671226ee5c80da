#include "admin/version.hpp"

namespace muster {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

bool lists(std::string_view tags, std::string_view wanted) {
  while (true) {
    const auto comma = tags.find(',');
    if (trimmed(tags.substr(0, comma)) == wanted)
      return true;
    if (comma == std::string_view::npos)
      return false;
    tags.remove_prefix(comma + 1);
  }
}

} // namespace

void with_version(const call_ptr& call, const std::function<void(version_taker)>& find_present,
                  version_taker then) {
  const auto sent = trimmed(call->request().header("if-match"));
  if (sent.find(',') == std::string_view::npos) {
    then(std::string{sent});
    return;
  }
  find_present([call, sent = std::string{sent}, then = std::move(then)](std::string now) {
    if (lists(sent, now))
      then(std::move(now));
    else
      call->fail(make_error(errc::precondition_failed));
  });
}

} // namespace muster
