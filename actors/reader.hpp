#pragma once

#include "actors/interfaces.hpp"

#include <memory>
#include <string>

namespace muster {

/// Reads the logs of topics. Spawned `detached`, since a read may wait for the disk. What cannot be
/// read is `unavailable`, and is tried afresh when it is asked for again.
class reader {
public:
  using handle = reader_actor;
  explicit reader(handle::pointer) {}
  handle::behavior_type start(std::shared_ptr<storage> where);

  std::string name = "reader";

private:
  /// Has `what` read the logs, once they are open.
  template <class Reply, class Read>
  caf::result<Reply> with_logs(Read what);

  std::shared_ptr<storage> storage_;
  /// None: it could not be opened, or has failed.
  std::shared_ptr<log_reader> logs_;
};

} // namespace muster
