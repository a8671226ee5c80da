#include "admin/operation_stream.hpp"

#include "admin/operation_json.hpp"

#include <algorithm>
#include <iterator>

namespace muster {

namespace {

constexpr auto interval = std::chrono::milliseconds{50};
/// So often the outcomes that a cancelled operation lacks are looked for.
constexpr auto max_looks = 40;
constexpr auto ask_patience = std::chrono::seconds{10};

} // namespace

operation_stream::operation_stream(std::shared_ptr<http_exchange> to, form as, std::string id,
                                   std::uint64_t seen)
    : to_{std::move(to)}, form_{as}, id_{std::move(id)}, seen_{seen} {}

void operation_stream::start(admin_call& call, form as, const operation& first,
                             std::uint64_t seen) {
  const auto* const media_type = as == form::events ? "text/event-stream" : "application/x-ndjson";
  const auto stream =
      std::make_shared<operation_stream>(call.stream(media_type), as, first.id, seen);
  stream->self_ = stream;
  stream->to_->on_gone([weak = std::weak_ptr{stream}] {
    if (const auto alive = weak.lock())
      alive->end();
  });
  stream->take(first);
}

void operation_stream::put(std::string_view event, const std::string& json) {
  if (form_ == form::events)
    pending_ += "id: " + std::to_string(seen_) + "\nevent: " + std::string{event} + "\ndata: ";
  // A client's answer is as it came; what ends a line in it are blanks between its values.
  std::copy_if(json.begin(), json.end(), std::back_inserter(pending_),
               [](char letter) { return letter != '\n' && letter != '\r'; });
  pending_ += form_ == form::events ? "\n\n" : "\n";
}

void operation_stream::take(const operation& now) {
  for (const auto& outcome : now.outcomes) {
    ++seen_;
    put("outcome", show(outcome));
  }
  complete_ = is_over(now);
  if (complete_)
    put(to_string(now.state), show_state(now));
  send();
}

/// What a cancelled operation still has under way comes a little later.
bool operation_stream::is_over(const operation& now) {
  if (now.state == operation_state::cancelled && seen_ < now.matched)
    return ++looks_after_cancel_ > max_looks;
  return now.state != operation_state::running;
}

void operation_stream::send() {
  const auto alive = shared_from_this();
  const auto room = pace_.room(*to_, to_->loop().now());
  const auto size = std::min(room.value_or(0), pending_.size() - written_);
  if (!room || (size > 0 && !to_->write(std::string_view{pending_}.substr(written_, size)))) {
    end();
    return;
  }
  written_ += size;
  if (written_ == pending_.size()) {
    pending_.clear();
    written_ = 0;
  }
  if (!pending_.empty() || !complete_) {
    look_again();
    return;
  }
  to_->end_stream();
  end();
}

void operation_stream::look_again() {
  if (self_)
    to_->loop().deadlines().arm(alarm_, to_->loop().now() + interval);
}

void operation_stream::alarm::on_deadline() {
  if (of_.pending_.empty())
    of_.ask();
  else
    of_.send();
}

void operation_stream::ask() {
  to_->desk().ask<operation>(to_->desk().addresses().operations, find_operation{id_, seen_},
                             ask_patience,
                             [self = shared_from_this()](caf::expected<operation> now) {
                               if (!self->self_)
                                 return;
                               if (now) {
                                 self->take(*now);
                                 return;
                               }
                               self->to_->end_stream();
                               self->end();
                             });
}

void operation_stream::end() {
  alarm_.disarm();
  self_.reset();
}

} // namespace muster
