#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// Store -> itself, behind what waits in its mailbox: put the writes so far on the disk.
struct commit_writes {
  static constexpr auto type = "commit_writes";
};

/// The only writer of the database. All writes that wait share one commit; each is answered after
/// it. Spawned `detached`, since a commit waits for the disk.
class store {
public:
  using handle = store_actor::extend<caf::reacts_to<commit_writes>>;
  explicit store(handle::pointer self) : self_{self} {}
  ~store();
  store(const store&) = delete;
  store& operator=(const store&) = delete;
  handle::behavior_type start(std::shared_ptr<storage> where);

  /// More writes than this do not wait for each other.
  static constexpr std::size_t max_batch = 1000;

  std::string name = "store";

private:
  using promise = caf::typed_response_promise<done>;

  caf::result<loaded_documents> load(document_kind kind);
  template <class Write>
  promise write(Write what);
  void commit();
  void fail(const caf::error& reason);

  handle::pointer self_;
  std::shared_ptr<storage> storage_;
  /// Whose writes are in the open transaction; empty: there is none.
  std::vector<promise> waiting_;
};

} // namespace muster
