#pragma once

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
  struct entry {
    service_actor post;
    std::string kind;
    std::shared_ptr<service_gauges> gauges;
    /// When it was asked for last, in askings.
    std::uint64_t used = 0;
  };

  caf::result<found_service> find(const std::string& service);
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
