#pragma once

#include "actors/direct_service.hpp"
#include "actors/interfaces.hpp"
#include "actors/seekers.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace muster {

/// The service that channels have by default: takes `{"service":NAME,"request":ANY}` and passes the
/// request on to NAME, if the channel allows it; the answer does not come through here.
class gateway : public direct_service {
public:
  using handle = service_actor;
  static constexpr bool one_a_loop = true;
  explicit gateway(handle::pointer self) : self_{self} {}
  handle::behavior_type start(services_actor directory);
  direct_answer answer(service_request& request) override;

  /// Longer names are none.
  static constexpr std::size_t max_name = 2048;

  std::string name = "gateway";

private:
  /// What the client wants of whom; with a reply it is refused.
  struct wish {
    std::string service;
    /// A part of the request's payload; empty: none was given.
    std::string_view inner;
    std::optional<service_reply> refusal;

    std::string payload() const { return inner.empty() ? "null" : std::string{inner}; }
  };

  static wish read(const service_request& request);
  caf::result<service_reply> pass_on(service_request& request);
  caf::result<service_reply> find_and_pass_on(service_request& request);

  handle::pointer self_;
  services_actor directory_;
  /// Those that were found. URLs are asked for each time: the directory drops what nobody holds.
  std::unordered_map<std::string, service_address> known_;
  struct call {
    caf::typed_response_promise<service_reply> answer;
    service_request request;
  };
  seekers<call> sought_;
};

/// Whether a channel lets its clients call the service by that name: by its patterns, or for an URL
/// by the very same URL.
bool may_call(const channel_definition& channel, std::string_view service);

} // namespace muster
