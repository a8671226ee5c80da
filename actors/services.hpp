#pragma once

#include "actors/home.hpp"
#include "actors/interfaces.hpp"
#include "actors/outside.hpp"
#include "actors/service.hpp"
#include "actors/service_post.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// Knows every service by name. What it gives out are the services' posts, so they stay good.
class services {
public:
  using handle = services_actor;
  explicit services(handle::pointer self) : self_{self} {}
  ~services();
  services(const services&) = delete;
  services& operator=(const services&) = delete;

  /// Throws std::invalid_argument when two services have one name, or one has none.
  handle::behavior_type start(caf::execution_unit* workers, std::vector<service_definition> given,
                              http_caller* http);

  /// So many URLs are services at a time.
  static constexpr std::size_t max_urls = 256;

  std::string name = "services";

private:
  struct place {
    /// The loop whose clients it is for; null: for all others.
    home* loop = nullptr;
    service_address post;
    std::shared_ptr<service_gauges> gauges;
  };
  struct entry {
    service_definition definition;
    /// The first is the one for all; there are more of one that is there on every loop.
    std::vector<place> places;
    /// When it was asked for last, in askings.
    std::uint64_t used = 0;
  };

  caf::result<found_service> find(const find_service& question);
  const service_address& post_for(entry& which, caf::execution_unit* asker);
  place open(const service_definition& definition, home* loop);
  service_list list() const;
  entry& add(service_definition definition);
  void add_given(service_definition definition);
  bool make_room();
  void stop(const entry& which);
  void on_down(const caf::down_msg& down);

  handle::pointer self_;
  caf::execution_unit* workers_ = nullptr;
  http_caller* http_ = nullptr;
  house_ptr house_;
  std::map<std::string, entry> entries_;
  std::size_t urls_ = 0;
  std::uint64_t askings_ = 0;
};

} // namespace muster
