#include "actors/store.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <utility>

namespace muster {

namespace {

caf::error unavailable(const caf::error& reason) {
  return make_error(errc::unavailable, detail_of(reason));
}

} // namespace

// One that failed leaves nobody waiting.
store::~store() {
  for (auto& answer : waiting_)
    answer.deliver(make_error(errc::unavailable, "the store failed"));
}

store::handle::behavior_type store::start(std::shared_ptr<storage> where) {
  storage_ = std::move(where);
  // What one that failed has left open.
  storage_->rollback();
  self_->set_exit_handler([this](const caf::exit_msg& exit) {
    commit();
    self_->quit(exit.reason);
  });
  return {
      [this](const load_documents& request) { return load(request.kind); },
      [this](const put_document& request) {
        return write([&] { return storage_->put(request.kind, request.key, request.body); });
      },
      [this](const erase_document& request) {
        return write([&] { return storage_->erase(request.kind, request.key); });
      },
      [](const drill& order) { throw std::runtime_error{order.what}; },
      [this](const commit_writes&) { commit(); },
  };
}

caf::result<loaded_documents> store::load(document_kind kind) {
  auto found = storage_->load(kind);
  if (!found)
    return unavailable(found.error());
  return loaded_documents{std::move(*found)};
}

template <class Write>
store::promise store::write(Write what) {
  auto answer = self_->make_response_promise<done>();
  if (waiting_.empty()) {
    if (auto failed = storage_->begin()) {
      answer.deliver(unavailable(failed));
      return answer;
    }
    self_->send(caf::actor_cast<handle>(self_), commit_writes{});
  }
  waiting_.push_back(answer);
  if (auto failed = what())
    fail(failed);
  else if (waiting_.size() >= max_batch)
    commit();
  return answer;
}

void store::commit() {
  // The batch may have been full, or have failed, before its message came.
  if (waiting_.empty())
    return;
  if (auto failed = storage_->commit()) {
    fail(failed);
    return;
  }
  for (auto& answer : std::exchange(waiting_, {}))
    answer.deliver(done{});
}

void store::fail(const caf::error& reason) {
  storage_->rollback();
  for (auto& answer : std::exchange(waiting_, {}))
    answer.deliver(unavailable(reason));
}

} // namespace muster
