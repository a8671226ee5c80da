#include "actors/store.hpp"

#include "messages/metrics.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace muster {

namespace {

caf::error unavailable(const caf::error& reason) {
  return make_error(errc::unavailable, detail_of(reason));
}

std::size_t weight_of(std::string_view body) {
  return 1 + body.size() / store::weight_bytes;
}

std::size_t weight_of(const append_messages& request) {
  auto weight = request.replaced.size();
  for (const auto& record : request.records)
    weight += weight_of(record.body);
  return weight;
}

caf::error append(storage& where, const append_messages& request) {
  for (const auto& record : request.records)
    if (auto failed = where.append(request.topic, record))
      return failed;
  // Behind the records: one of them may already be replaced by another.
  for (const auto& place : request.replaced)
    if (auto failed = where.erase_message(request.topic, place))
      return failed;
  return {};
}

caf::error erase(storage& where, const erase_messages& request) {
  for (const auto& place : request.places)
    if (auto failed = where.erase_message(request.topic, place))
      return failed;
  return {};
}

// What a write answers when it was committed.
caf::expected<done> reply_of(caf::error failed) {
  if (failed)
    return failed;
  return done{};
}

caf::expected<log_erased> reply_of(const caf::expected<bool>& more) {
  if (!more)
    return more.error();
  return log_erased{*more};
}

caf::expected<messages_expired> reply_of(caf::expected<std::vector<expired_record>> places) {
  if (!places)
    return places.error();
  return messages_expired{std::move(*places)};
}

} // namespace

// One that failed leaves nobody waiting.
store::~store() {
  answer(make_error(errc::unavailable, "the store failed"));
}

template <class Write, class... Args>
auto store::write(std::size_t weight, Write what, const Args&... args) {
  using result = decltype(reply_of(std::invoke(what, *storage_, args...)));
  using reply = typename result::value_type;
  auto promise = self_->make_response_promise<reply>();
  if (auto failed = begin()) {
    promise.deliver(failed);
    return promise;
  }
  auto written = std::make_shared<result>(reply_of(std::invoke(what, *storage_, args...)));
  waiting_.push_back([promise, written](const caf::error& failure) mutable {
    if (failure)
      promise.deliver(failure);
    else
      promise.deliver(std::move(**written));
  });
  weight_ += weight;
  if (!*written)
    fail(written->error());
  else if (weight_ >= max_batch)
    commit();
  return promise;
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
      [this](const load_documents& what) { return load(what.kind); },
      [this](const put_document& what) {
        return write(weight_of(what.body), &storage::put, what.kind, what.key, what.body);
      },
      [this](const erase_document& what) { return write(1, &storage::erase, what.kind, what.key); },
      [this](const append_messages& what) { return write(weight_of(what), append, what); },
      [this](const erase_messages& what) { return write(what.places.size(), erase, what); },
      [this](const trim_log& what) { return write(1, &storage::trim, what.topic, what.up_to); },
      [this](const put_subscription& what) {
        return write(weight_of(what.body), &storage::put_subscription, what.topic, what.sub_key,
                     what.body);
      },
      [this](const erase_subscription& what) {
        return write(1, &storage::erase_subscription, what.topic, what.sub_key);
      },
      [this](const erase_log& what) {
        return write(what.limit, &storage::erase_log, what.topic, what.limit);
      },
      [this](const expire_messages& what) {
        return write(what.limit, &storage::expire, what.now_us, what.limit);
      },
      [this](const sync_store&) { return sync(); },
      [this](const take_up_backup&) { return take_up(); },
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

caf::result<done> store::sync() {
  if (waiting_.empty())
    return done{};
  auto promise = self_->make_response_promise<done>();
  waiting_.push_back([promise](const caf::error&) mutable { promise.deliver(done{}); });
  return promise;
}

caf::result<done> store::take_up() {
  commit();
  if (auto failed = storage_->take_up_backup())
    return unavailable(failed);
  return done{};
}

caf::error store::begin() {
  if (!waiting_.empty())
    return {};
  if (auto failed = storage_->begin()) {
    count(counters().store_failures);
    return unavailable(failed);
  }
  weight_ = 0;
  self_->send(caf::actor_cast<handle>(self_), commit_writes{});
  return {};
}

void store::commit() {
  // The batch may have been full, or have failed, before its message came.
  if (waiting_.empty())
    return;
  const auto begun = std::chrono::steady_clock::now();
  auto failed = storage_->commit();
  const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - begun;
  count(counters().store_commit_ns, static_cast<std::uint64_t>(took.count()));
  if (failed)
    return fail(failed);
  count(counters().store_commits);
  answer({});
}

void store::fail(const caf::error& reason) {
  count(counters().store_failures);
  storage_->rollback();
  answer(unavailable(reason));
}

void store::answer(const caf::error& failure) {
  for (auto& waits : std::exchange(waiting_, {}))
    waits(failure);
}

} // namespace muster
