#include "actors/pubsub_replies.hpp"

#include "messages/errc.hpp"
#include "messages/json_scan.hpp"

#include <spdlog/spdlog.h>

namespace muster {

service_reply reply_to_publish(const published& done) {
  return {200, "{\"msg_id\":" + quoted(done.msg_id) + '}', {}};
}

service_reply refuse_pubsub(const caf::error& why) {
  if (why.category() != caf::atom("muster"))
    return refuse(503, "Try again later");
  const auto& known = describe(code_of(why));
  if (known.status == 500)
    spdlog::error("pubsub: {}", detail_of(why));
  return known.status == 500 ? refuse(500, "Internal server error")
                             : refuse(known.status, detail_of(why));
}

} // namespace muster
