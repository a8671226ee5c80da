#include "net/http_session.hpp"

#include "net/front_desk.hpp"
#include "net/http_text.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>

namespace muster {

namespace {

/// So much is read ahead of the request that is being answered.
constexpr std::size_t max_ahead = 65536;

} // namespace

/// The request that a session answers now, as its handler sees it.
class http_session::exchange final : public http_exchange {
public:
  explicit exchange(std::shared_ptr<http_session> session)
      : session_{std::move(session)}, loop_{session_->where()} {}

  /// A handler that forgets to answer must not keep its client waiting.
  ~exchange() override {
    on_gone_ = nullptr;
    if (session_ && session_->phase_ == phase::streaming)
      std::exchange(session_, nullptr)->shut();
    else if (session_)
      std::exchange(session_, nullptr)->respond(problem_answer(500, {}));
  }

  void respond(http_response response) override {
    if (session_ && session_->phase_ == phase::answering)
      leave()->respond(std::move(response));
  }
  void begin_stream(http_response response) override {
    if (auto session = session_; session && session->phase_ == phase::answering)
      session->begin_stream(std::move(response));
  }
  bool write(std::string_view chunk) override {
    auto session = session_;
    return session && session->phase_ == phase::streaming && session->write(chunk);
  }
  void end_stream() override {
    if (session_ && session_->phase_ == phase::streaming)
      leave()->end_stream();
  }
  std::size_t unsent() const override { return session_ ? session_->stream_.queued() : 0; }
  void on_gone(std::function<void()> gone) override {
    if (gone_ && gone)
      gone();
    else if (session_)
      on_gone_ = std::move(gone);
  }
  home& loop() override { return loop_; }
  muster::desk& desk() override { return loop_.desk(); }

  /// The peer hears no more, or, when `deaf` is false, has said that it says no more.
  void lose(bool deaf) {
    gone_ = true;
    auto gone = std::exchange(on_gone_, nullptr);
    auto session = deaf ? std::exchange(session_, nullptr) : session_;
    if (gone)
      gone();
  }
  /// As lose, but the handler learns of it in a later turn: it is just talking.
  void lose_later() {
    gone_ = true;
    session_.reset();
    if (on_gone_)
      loop_.post(std::exchange(on_gone_, nullptr));
  }

private:
  std::shared_ptr<http_session> leave() {
    on_gone_ = nullptr;
    return std::exchange(session_, nullptr);
  }

  std::shared_ptr<http_session> session_;
  muster::loop& loop_;
  std::function<void()> on_gone_;
  bool gone_ = false;
};

http_session::http_session(corked_stream stream, http_guest guest, bool secure,
                           std::shared_ptr<http_sessions> service)
    : stream_{std::move(stream)}, guest_{std::move(guest)}, secure_{secure}, service_{std::move(
                                                                                 service)} {}

http_session::~http_session() {
  if (phase_ != phase::closed)
    stream_.observe(nullptr);
}

void http_session::start() {
  stream_.observe(this);
  be_done_by(service_->bounds.head_patience);
  read();
}

void http_session::turn_away() {
  keep_ = false;
  append_head(service_->refusal(503, "too many connections"), false);
  stream_.finish();
}

void http_session::drain() {
  keep_ = false;
  if (phase_ == phase::streaming)
    lose_peer();
  else if (phase_ == phase::head && unread().empty())
    end();
}

void http_session::shut() {
  if (phase_ != phase::closed)
    lose_peer(true);
}

// ---- reading ----

void http_session::read() {
  if (reading_ || ended_input_ || phase_ == phase::closed || in_.size() - at_ > max_ahead)
    return;
  reading_ = true;
  stream_.async_read_some(boost::asio::buffer(buffer_),
                          [self = shared_from_this()](auto failure, std::size_t bytes) {
                            self->reading_ = false;
                            self->on_read(failure, bytes);
                          });
}

void http_session::on_read(boost::system::error_code failure, std::size_t bytes) {
  if (phase_ == phase::closed)
    return;
  if (failure == boost::asio::error::eof) {
    on_end_of_input();
  } else if (failure) {
    lose_peer();
  } else {
    in_.append(buffer_.data(), bytes);
    advance();
    read();
  }
}

/// The peer has gone, or has ended only its own side and still wants answers: both look the same.
void http_session::on_end_of_input() {
  ended_input_ = true;
  keep_ = keep_ && !unread().empty();
  if (phase_ == phase::streaming)
    lose_peer();
  else if (phase_ == phase::answering)
    current_->lose(false);
  else
    end();
}

void http_session::on_deadline() {
  // A large answer on a slow line is no idleness.
  if (phase_ == phase::head && !in_head_ && stream_.queued() > 0
      && stream_.queued() < std::exchange(queued_before_, stream_.queued()))
    be_done_by(service_->bounds.idle);
  else if (phase_ == phase::body || in_head_)
    refuse(408, "the request took too long");
  else
    end();
}

void http_session::be_done_by(duration patience) {
  where().deadlines().arm(*this, where().now() + patience);
}

// ---- requests ----

/// Takes requests apart until one waits for its answer, or for more bytes. An answer that comes
/// while the handler is being called does not come back in here.
void http_session::advance() {
  if (advancing_)
    return;
  auto self = shared_from_this();
  advancing_ = true;
  while (phase_ == phase::head || phase_ == phase::body) {
    if (phase_ == phase::head && stream_.queued() > service_->bounds.stream_bytes) {
      stream_.want_room();
      break;
    }
    if (!(phase_ == phase::head ? take_head() : take_body()))
      break;
  }
  advancing_ = false;
  in_.erase(0, at_);
  at_ = 0;
  if (in_.empty() && in_.capacity() > max_ahead)
    in_.shrink_to_fit();
  if (ended_input_ && (phase_ == phase::head || phase_ == phase::body))
    end();
}

bool http_session::take_head() {
  auto found = parse_http_head(unread(), scanned_);
  scanned_ = found.scanned;
  if (found.state == head_result::outcome::bad) {
    refuse(found.status, found.reason);
    return false;
  }
  if (found.state == head_result::outcome::need_more) {
    wait_for_head();
    return false;
  }
  scanned_ = 0;
  // Between two requests nothing is read ahead, unless they were sent at once.
  if (guest_.stays && !reading_ && !guest_.stays(found.head.path)) {
    pass_on();
    return false;
  }
  at_ += found.consumed;
  in_head_ = false;
  first_ = false;
  head_ = std::move(found.head);
  keep_ = head_.keeps_alive() && !service_->draining();
  begin_body();
  return phase_ == phase::body;
}

/// Proxies use one connection for requests of all kinds, WebSockets too.
void http_session::pass_on() {
  auto self = shared_from_this();
  phase_ = phase::closed;
  disarm();
  stream_.observe(nullptr);
  stream_.unread(unread());
  service_->remove(self);
  guest_.leave(std::move(stream_));
}

void http_session::wait_for_head() {
  if (unread().empty()) {
    if (!first_)
      be_done_by(service_->bounds.idle);
  } else if (!std::exchange(in_head_, true) && !first_) {
    be_done_by(service_->bounds.head_patience);
  }
}

void http_session::begin_body() {
  body_.clear();
  chunks_ = {};
  auto length = head_.content_length.value_or(0);
  if (length > service_->bounds.body_bytes)
    return refuse(413, "the body is too long");
  if (auto expected = head_.header("expect"); !expected.empty() && head_.minor_version > 0) {
    if (!same_letters(expected, "100-continue"))
      return refuse(417, "unknown expectation");
    if ((length > 0 || head_.chunked) && unread().empty())
      stream_.append("HTTP/1.1 100 Continue\r\n\r\n");
  }
  phase_ = phase::body;
  be_done_by(service_->bounds.body_patience);
}

bool http_session::take_body() {
  bool whole = false;
  if (head_.chunked) {
    std::size_t taken = 0;
    auto found = chunks_.take(unread(), body_, service_->bounds.body_bytes, taken);
    at_ += taken;
    if (found == chunked_reader::outcome::bad)
      refuse(400, "bad chunk");
    if (found == chunked_reader::outcome::too_large)
      refuse(413, "the body is too long");
    whole = found == chunked_reader::outcome::done;
  } else {
    auto missing = head_.content_length.value_or(0) - body_.size();
    auto some = unread().substr(0, missing);
    body_ += some;
    at_ += some.size();
    whole = some.size() == missing;
  }
  if (phase_ != phase::body || !claim_body())
    return false;
  if (whole)
    dispatch();
  return whole;
}

bool http_session::claim_body() {
  const auto more = body_.size() - claimed_;
  if (!service_->claim(more)) {
    refuse(503, "too much is being sent at a time");
    return false;
  }
  claimed_ += more;
  return true;
}

void http_session::dispatch() {
  disarm();
  phase_ = phase::answering;
  http_request request;
  request.method = head_.method;
  request.path = std::move(head_.path);
  request.query = std::move(head_.query);
  request.headers = std::move(head_.headers);
  request.body = std::move(body_);
  request.remote = guest_.remote;
  request.listener = guest_.listener;
  request.secure = secure_;
  auto asked = std::make_shared<exchange>(shared_from_this());
  current_ = asked.get();
  try {
    service_->handler(std::move(request), asked);
  } catch (const std::exception& thrown) {
    spdlog::error("an HTTP handler failed: {}", thrown.what());
    asked->respond(problem_answer(500, {}));
  }
}

/// Answers what is no proper request, and ends.
void http_session::refuse(std::uint16_t status, std::string_view reason) {
  keep_ = false;
  head_.method.clear();
  head_.minor_version = 1;
  append_head(service_->refusal(status, reason), false);
  end();
}

// ---- answers ----

void http_session::append_head(const http_response& response, bool streamed) {
  answer_form form;
  form.minor_version = head_.minor_version;
  form.keep = keep_;
  form.streamed = streamed;
  form.without_body = head_.method == "HEAD";
  stream_.append(answer_text(response, form, where().wall_now()));
}

void http_session::respond(http_response response) {
  if (phase_ != phase::answering)
    return;
  keep_ = keep_ && !service_->draining();
  append_head(response, false);
  answered();
}

void http_session::begin_stream(http_response response) {
  // HTTP/1.0 has no chunks: the end of the connection is the end of the body.
  keep_ = keep_ && head_.minor_version > 0 && !service_->draining();
  phase_ = phase::streaming;
  auto beginning = std::exchange(response.body, {});
  append_head(response, true);
  if (!beginning.empty())
    write(beginning);
  if (phase_ == phase::streaming && ended_input_)
    lose_peer();
}

bool http_session::write(std::string_view chunk) {
  if (head_.method == "HEAD")
    return true;
  if (head_.minor_version == 0) {
    stream_.append(chunk);
  } else {
    std::string framed;
    framed.reserve(chunk.size() + 16);
    append_chunk(framed, chunk);
    stream_.append(framed);
  }
  if (stream_.open() && stream_.queued() <= service_->bounds.stream_bytes)
    return true;
  std::exchange(current_, nullptr)->lose_later();
  shut();
  return false;
}

void http_session::end_stream() {
  if (head_.minor_version > 0 && head_.method != "HEAD")
    stream_.append(last_chunk);
  answered();
}

void http_session::answered() {
  current_ = nullptr;
  phase_ = phase::head;
  service_->release(std::exchange(claimed_, 0));
  if (!keep_)
    return end();
  queued_before_ = stream_.queued() + 1;
  be_done_by(service_->bounds.idle);
  advance();
  read();
}

void http_session::lose_peer(bool at_once) {
  auto self = shared_from_this();
  auto lost = std::exchange(current_, nullptr);
  end(at_once);
  if (lost != nullptr)
    lost->lose(true);
}

/// Sends what is queued, unless it is to be over at once, and is gone.
void http_session::end(bool at_once) {
  if (phase_ == phase::closed)
    return;
  auto self = shared_from_this();
  phase_ = phase::closed;
  service_->release(std::exchange(claimed_, 0));
  disarm();
  stream_.observe(nullptr);
  if (at_once)
    stream_.close();
  else
    stream_.finish();
  service_->remove(self);
}

} // namespace muster
