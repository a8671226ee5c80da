#pragma once

#include "actors/call_table.hpp"
#include "actors/direct_service.hpp"
#include "actors/feeds.hpp"
#include "actors/home.hpp"
#include "actors/interfaces.hpp"
#include "actors/message_log.hpp"
#include "actors/pinger.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/send_queue.hpp"
#include "actors/service_calls.hpp"
#include "actors/session.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster {

/// One live WebSocket: takes its client's messages to services and its server's calls to the
/// client. Glue: what a message means, what is limited and what waits is each decided by a class of
/// its own.
class connection : private push_receiver, private direct_turns<wire_received> {
public:
  using handle = connection_actor;
  explicit connection(handle::pointer self);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;
  handle::behavior_type start(home* loop, std::shared_ptr<const arrival> from,
                              channel_ptr definition, channel_actor channel, house_ptr addresses);

  static constexpr auto name = "connection"; // CAF shows it in logs

  /// A wire that has no room for so long is a stopped client's.
  static constexpr duration stall_patience = std::chrono::seconds{10};

private:
  /// Wakes the actor when the first of its deadlines is there.
  class alarm final : public wheel::timer {
  public:
    explicit alarm(connection& owner) : owner_{owner} {}
    void on_deadline() override;

  private:
    connection& owner_;
  };

  /// A Close that was ordered and is not over.
  struct ending {
    close_order order;
    deadline since{};
    /// Calls in flight may still be answered until then; the Close goes out after.
    std::optional<deadline> answers_until;
    bool sent = false;
    std::vector<caf::typed_response_promise<close_receipt>> askers;
  };

  // connection.cpp: life
  void open(const wire_opened& opened);
  void tick();
  void arm();
  void bound_queue();
  void give_up_opening();
  void revise(const channel_revised& revision);
  void move_to(const house_ptr& addresses);
  void join_channel();
  void fail(const std::exception_ptr& error);

  // connection_close.cpp
  void close(close_order order);
  caf::typed_response_promise<close_receipt> close_and_tell(close_order order);
  void send_close();
  void settle_everything();
  void end(const wire_closed& closed);

  // connection_session.cpp
  void create_session(client_envelope message, bool renewal);
  void ask_channel();
  void seek_channel();
  void grant(const session_granted& granted);
  void refuse_session(const caf::error& why);
  void enter_roll_then_tell();
  void tell_session();
  const caller_ptr& as_caller();
  caller_ptr make_client(const std::string& username) const;
  connection_state state() const;
  row_ptr make_row() const;
  void publish();

  // connection_messages.cpp: what the client says
  void take(const wire_received& message) override { receive(message); }
  void receive(const wire_received& message);
  void dispatch(client_envelope& message);
  bool within_rate(std::string_view payload);
  void settle_call(const client_envelope& message);
  void refuse(std::string_view id, const std::string& why);
  void ponged();

  // connection_calls.cpp: the services that the client calls
  void call_service(client_envelope& message);
  std::uint64_t wait_for(service_calls::call&& call);
  void ask_service_directly(service_calls::call&& call, service_request&& request);
  void ask_service(std::uint64_t key, const service_actor& whom, service_request&& request);
  void follow(std::uint64_t key, handed_on&& where, service_request&& request);
  void find_and_ask_service(std::uint64_t key, service_request request);
  void answer_call(std::uint64_t key, const service_reply& reply);
  void answer_call(service_calls::call&& call, const service_reply& reply);
  void say_answer(std::string_view cid, std::string_view in_reply_to, const service_reply& reply);

  // connection_messages.cpp: what is said to the client
  caf::result<invoke_reply> call_client(invoke& call);
  broadcast_reply tell_client(const broadcast& message);
  bool say(std::string_view json);
  bool say(send_queue::entry what);
  void overflow(send_queue::entry what);
  void drain();
  void count_sent(std::size_t bytes);
  void count_queue();
  void note(bool incoming, std::string_view payload);

  // connection_feeds.cpp: what topics have for the client
  void take(const pushed& news) override;
  void fetch(distance how_far) override;
  void wake_for(const feed& which);
  void advance(feed& which);
  void take_pulled(std::uint32_t cookie, messages_pulled found);
  void lose_pull(std::uint32_t cookie, const caf::error& why);
  template <class Source>
  bool send_frame(feed& which, const Source& from, std::size_t size, std::string_view id,
                  std::size_t& bytes);
  template <class Source>
  void expect_answer(const feed& to, const Source& from, std::size_t size, std::string_view id);
  void told(std::size_t bytes);
  std::optional<deadline> stalled_until() const;
  void advance_feeds();
  void tick_feeds();
  void report(feed& which);
  bool acknowledge_answer(const std::string& id);
  void settle(const settle_messages& order);
  caf::result<subscription_yielded> yield(const yield_subscription& order);
  void leave_topics();
  void drop_feed(std::uint32_t cookie);
  void count_feeds();

  // connection_subscribing.cpp
  bool may_subscribe(const std::string& topic_name) const;
  caf::error cannot_subscribe();
  caf::result<subscribed> subscribe(const muster::subscribe& request);
  caf::result<subscribed> resume(const resume_subscription& request);
  feed::asker to_asker(caf::typed_response_promise<subscribed> answer);
  void tell_depth(feed& known, caf::typed_response_promise<subscribed> answer);
  void seek_topic(std::uint32_t cookie, const find_topic& which, const std::string& sub_key,
                  const subscription_options& options);
  void join(feed& which, join_topic order);
  void take_joined(std::uint32_t cookie, topic_joined& joined);
  void fail_feed(std::uint32_t cookie, const caf::error& why);
  void lose_topic(const topic_lost& lost);
  void rejoin(feed& which);
  caf::result<done> unsubscribe(const muster::unsubscribe& request);
  void end_at(const topic_actor& of, const std::string& sub_key,
              caf::typed_response_promise<done> answer);
  void end_stranger(const muster::unsubscribe& request, caf::typed_response_promise<done> answer);
  void
  with_stranger(const std::string& topic_name, const std::string& sub_key,
                std::function<void(caf::expected<subscription_info>, const topic_actor&)> then);
  caf::result<done> acknowledge(const muster::acknowledge& request);
  void end_feed(const muster::end_feed& order);
  void check_subscriptions();
  caf::result<subscription_list> list_feeds();

  bool closing() const { return ending_ != nullptr; }
  void find_service();

  handle::pointer self_;
  home* loop_ = nullptr;
  // What a delivery needs lies together.
  std::unique_ptr<feeds> feeds_;
  std::shared_ptr<muster::wire> wire_;
  std::shared_ptr<connection_counters> counters_;
  std::unique_ptr<message_log> log_;
  std::unique_ptr<ending> ending_;
  send_queue queue_;
  /// Since when the wire has no room for what must not be lost.
  std::optional<deadline> stalled_since_;
  alarm alarm_;

  std::shared_ptr<const arrival> from_;
  channel_ptr definition_;
  channel_actor channel_;
  house_ptr house_;
  service_address service_;
  /// Calls that wait for it to be found: later ones go behind them.
  std::uint32_t early_calls_ = 0;
  /// Publications that topics were asked to take, and have not answered.
  std::uint32_t publishing_ = 0;

  session session_;
  /// The create-session that is being checked, until the client has its token.
  std::unique_ptr<client_envelope> opening_;
  deadline session_due_{};
  /// Who is asked to let the client in; when one fails, the one that comes after is asked again.
  enum class awaited : std::uint8_t { nobody, channel, roll };
  awaited awaited_ = awaited::nobody;
  /// The client has had a token: it can be called.
  bool ready_ = false;
  caller_ptr client_ = no_caller;

  pinger pinger_;
  rate_limiter limiter_;
  service_calls calls_;
  std::unique_ptr<call_table> invocations_;
};

} // namespace muster
