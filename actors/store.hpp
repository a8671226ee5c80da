#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <functional>
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

  /// A transaction that weighs more is committed without waiting for what comes next. A write
  /// weighs one a record, and one more for every so many bytes of it.
  static constexpr std::size_t max_batch = 4000;
  static constexpr std::size_t weight_bytes = 4096;

  std::string name = "store";

private:
  /// Told after the commit, or with the reason why there is none.
  using waiter = std::function<void(const caf::error& failure)>;

  caf::result<loaded_documents> load(document_kind kind);
  /// Writes within the transaction; the reply waits for its end.
  template <class Write, class... Args>
  auto write(std::size_t weight, Write what, const Args&... args);
  caf::result<done> sync();
  caf::result<done> take_up();
  caf::error begin();
  void commit();
  void fail(const caf::error& reason);
  void answer(const caf::error& failure);

  handle::pointer self_;
  std::shared_ptr<storage> storage_;
  /// Whose writes are in the open transaction; empty: there is none.
  std::vector<waiter> waiting_;
  std::size_t weight_ = 0;
};

} // namespace muster
