#include "admin/live_stream.hpp"

#include "admin/credentials.hpp"
#include "messages/ids.hpp"

#include <algorithm>
#include <iterator>

namespace muster {

namespace {

constexpr auto max_rest = std::chrono::seconds{10};
constexpr auto between_signs_of_life = std::chrono::seconds{4};
/// Until a reader that has much to read is looked at again.
constexpr auto pause = std::chrono::milliseconds{50};

} // namespace

/// Takes the answer of one of the calls. May outlive the stream.
class live_stream::inner_exchange final : public http_exchange {
public:
  inner_exchange(std::weak_ptr<live_stream> of, std::size_t which, http_exchange& outer)
      : of_{std::move(of)}, which_{which}, loop_{outer.loop()}, desk_{outer.desk()} {}

  void respond(http_response response) override {
    if (const auto stream = of_.lock())
      stream->answered(which_, std::move(response));
  }
  /// No call streams unless it is asked to.
  void begin_stream(http_response) override {
    respond(to_response({errc::internal, {}, {}, std::nullopt}, random_id()));
  }
  bool write(std::string_view) override { return false; }
  void end_stream() override {}
  std::size_t unsent() const override { return 0; }
  void on_gone(std::function<void()>) override {}
  home& loop() override { return loop_; }
  muster::desk& desk() override { return desk_; }

private:
  std::weak_ptr<live_stream> of_;
  std::size_t which_;
  home& loop_;
  muster::desk& desk_;
};

live_stream::live_stream(admin_call& call, std::vector<http_request> calls, duration interval,
                         std::unique_ptr<live_place> place)
    : parts_{call.shared_parts()},
      credentials_{credentials_of(call.request())}, interval_{interval}, place_{std::move(place)} {
  credentials_.passive = true;
  for (auto& each : calls)
    watches_.emplace_back(std::move(each));
}

void live_stream::start(admin_call& call, std::vector<http_request> calls, duration interval,
                        std::unique_ptr<live_place> place) {
  const auto stream =
      std::make_shared<live_stream>(call, std::move(calls), interval, std::move(place));
  stream->self_ = stream;
  stream->to_ = call.stream("text/event-stream");
  stream->to_->on_gone([weak = std::weak_ptr{stream}] {
    if (const auto alive = weak.lock())
      alive->end();
  });
  const auto now = stream->to_->loop().now();
  stream->next_round_ = now + interval;
  stream->next_sign_of_life_ = now;
  stream->call_all(call.caller());
  stream->go_on();
}

/// Does what is due, and comes back when something will be.
void live_stream::go_on() {
  const auto alive = shared_from_this();
  const auto now = to_->loop().now();
  if (self_ && now >= next_sign_of_life_ && !closing_) {
    next_sign_of_life_ = now + between_signs_of_life;
    if (pending_.empty())
      pending_ += ": alive\n\n";
    // Whoever has signed out learns it before a long interval is over.
    if (next_round_ > next_sign_of_life_)
      ask_who(false);
  }
  flush();
  if (!self_)
    return;
  if (!pending_.empty()) {
    to_->loop().deadlines().arm(alarm_, now + pause);
    return;
  }
  // Nothing is asked while a slow reader has not got the last round.
  if (now >= next_round_) {
    next_round_ = std::max(next_round_, now - interval_) + interval_;
    ask_who(true);
  }
  if (self_)
    to_->loop().deadlines().arm(alarm_, std::min(next_round_, next_sign_of_life_));
}

void live_stream::ask_who(bool then_call) {
  if (asking_)
    return;
  asking_ = true;
  auto& desk = to_->desk();
  desk.ask<identity>(desk.addresses().accounts, credentials_, usual_patience,
                     [self = shared_from_this(), then_call](caf::expected<identity> who) {
                       self->asking_ = false;
                       if (!self->self_ || self->closing_)
                         return;
                       if (!who && code_of(who.error()) == errc::unauthorized)
                         self->sign_out();
                       else if (!who && then_call)
                         self->fail_all(problem_of(who.error()));
                       else if (who && then_call)
                         self->call_all(*who);
                     });
}

/// Calls that have not come back are not made again.
void live_stream::call_all(const identity& who) {
  const auto now = to_->loop().now();
  for (std::size_t i = 0; i < watches_.size(); ++i) {
    auto& each = watches_[i];
    if (each.busy || now < each.rests_until)
      continue;
    each.busy = true;
    each.made = now;
    std::make_shared<admin_call>(parts_, each.call,
                                 std::make_shared<inner_exchange>(weak_from_this(), i, *to_))
        ->dispatch_for(who);
  }
}

void live_stream::fail_all(const problem& what) {
  for (std::size_t i = 0; i < watches_.size(); ++i)
    if (!watches_[i].busy) {
      watches_[i].busy = true;
      watches_[i].made = to_->loop().now();
      answered(i, to_response(what, random_id()));
    }
}

void live_stream::answered(std::size_t which, http_response answer) {
  if (!self_)
    return;
  auto& watch = watches_[which];
  const auto now = to_->loop().now();
  // A server that is slow to answer is asked less.
  watch.rests_until = now + std::min<duration>(now - watch.made, max_rest);
  watch.answer = std::move(answer);
  compared_next_.push_back(which);
  if (compared_next_.size() == 1)
    compare_later();
}

/// In a turn of its own: comparing long lists takes its time.
void live_stream::compare_later() {
  to_->loop().post([self = shared_from_this()] { self->compare_one(); });
}

void live_stream::compare_one() {
  if (!self_ || closing_)
    return;
  const auto which = compared_next_.front();
  compared_next_.pop_front();
  tell(which);
  if (!compared_next_.empty())
    compare_later();
  go_on();
}

void live_stream::tell(std::size_t which) {
  auto& watch = watches_[which];
  auto answer = std::exchange(watch.answer, {});
  watch.busy = false;
  if (answer.status != 200) {
    tell_problem(which, answer);
    return;
  }
  watch.problem.clear();
  const auto news = watch.value.take(std::move(answer.body));
  if (news.what != live_value::kind::nothing)
    put_about(which, news.what == live_value::kind::state ? "state" : "delta", news.json);
}

void live_stream::tell_problem(std::size_t which, const http_response& answer) {
  auto& watch = watches_[which];
  watch.value.forget();
  std::string sort;
  for (const auto* part : {"status", "code", "detail", "field"})
    sort.append(find_member(answer.body, part)) += ' ';
  if (std::exchange(watch.problem, sort) != sort)
    put_about(which, "problem", "\"problem\":" + answer.body);
}

void live_stream::put_about(std::size_t which, std::string_view event, std::string_view members) {
  put(event, "{\"watch\":" + std::to_string(which) + ',' + std::string{members} + '}');
}

void live_stream::put(std::string_view event, std::string_view data) {
  pending_.append("event: ").append(event).append("\ndata: ");
  // What clients have published is as it came; what ends a line in it are blanks between values.
  std::copy_if(data.begin(), data.end(), std::back_inserter(pending_),
               [](char letter) { return letter != '\n' && letter != '\r'; });
  pending_ += "\n\n";
}

/// Writes as much as the reader may get now.
void live_stream::flush() {
  if (!self_)
    return;
  const auto room = pace_.room(*to_, to_->loop().now());
  const auto size = std::min(room.value_or(0), pending_.size() - written_);
  if (!room || (size > 0 && !to_->write(std::string_view{pending_}.substr(written_, size)))) {
    end();
    return;
  }
  written_ += size;
  if (written_ < pending_.size())
    return;
  pending_.clear();
  written_ = 0;
  if (self_ && closing_) {
    to_->end_stream();
    end();
  }
}

void live_stream::sign_out() {
  put("signed_out", "{}");
  closing_ = true;
  go_on();
}

void live_stream::end() {
  alarm_.disarm();
  self_.reset();
}

} // namespace muster
