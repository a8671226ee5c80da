#pragma once

#include "actors/direct_service.hpp"
#include "actors/interfaces.hpp"
#include "actors/seekers.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// Publish and subscribe for clients: what their requests mean, and who is asked. There is one
/// behind each of its names, on each loop.
class pubsub_service : public direct_service {
public:
  using handle = service_actor::extend<caf::reacts_to<house_ptr>>;
  static constexpr bool one_a_loop = true;
  static constexpr bool wants_house = true;
  explicit pubsub_service(handle::pointer self) : self_{self} {}
  handle::behavior_type start();

  /// Of a publication, who its topic is: the client's connection asks it itself.
  direct_answer answer(service_request& request) override;

  /// All names that it answers to: ours, and those by which clients of old know them.
  static std::span<const std::string_view> names();

  /// Topics of one subscribe request.
  static constexpr std::size_t max_topics = 1000;

  std::string name = "pubsub";

private:
  using promise = caf::typed_response_promise<service_reply>;
  struct subscribing;
  enum class verb : std::uint8_t { publish, subscribe, unsubscribe, resume, ack, topics, history };

  static std::optional<verb> verb_of(std::string_view service);
  std::optional<service_reply> refusal_of(const service_request& request) const;
  caf::result<service_reply> take(const service_request& request);
  void subscribe(const service_request& request, promise answer);
  void subscribe_next(const std::shared_ptr<subscribing>& work);
  void unsubscribe(const service_request& request, promise answer);
  void resume(const service_request& request, promise answer);
  void acknowledge(const service_request& request, promise answer);
  void list_topics(const service_request& request, promise answer);
  void read_history(const service_request& request, promise answer);
  void with_connection(const service_request& request, promise answer,
                       std::function<void(const connection_actor&)> then);
  template <class Reply, class Request>
  void tell_connection(const service_request& request, Request order, promise answer);

  // pubsub_publishing.cpp
  void publish(const service_request& request, promise answer);
  void publish_to(const std::string& topic_name, bool make,
                  const std::shared_ptr<muster::publish>& message, bool may_seek, promise answer);
  void seek_and_publish(const std::string& topic_name, bool make,
                        const std::shared_ptr<muster::publish>& message, promise answer);

  handle::pointer self_;
  house_ptr house_;
  /// Topics that were found; one that has retired is sought again.
  std::unordered_map<std::string, topic_actor> known_;
  struct publishing {
    std::shared_ptr<muster::publish> message;
    promise answer;
  };
  /// By the name of the topic; a channel may want it to be made where there is none.
  seekers<publishing> sought_;
  seekers<publishing> sought_or_made_;
};

} // namespace muster
