#pragma once

#include "actors/call_table.hpp"
#include "actors/home.hpp"
#include "actors/interfaces.hpp"
#include "actors/message_log.hpp"
#include "actors/pinger.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/send_queue.hpp"
#include "actors/service_calls.hpp"
#include "actors/session.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster {

/// One live WebSocket: takes its client's messages to services and its server's calls to the
/// client. Glue: what a message means, what is limited and what waits is each decided by a class of
/// its own.
class connection {
public:
  using handle = connection_actor;
  explicit connection(handle::pointer self);
  handle::behavior_type start(home* loop, std::shared_ptr<const arrival> from,
                              channel_ptr definition, channel_actor channel, house_ptr addresses);

  std::string name = "connection";

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
  row_ptr make_row(connection_state state) const;
  void publish(connection_state state);

  // connection_messages.cpp: what the client says
  void receive(const wire_received& message);
  void dispatch(client_envelope message);
  bool within_rate(std::string_view payload);
  void call_service(const client_envelope& message);
  void answer_call(std::uint64_t key, const service_reply& reply);
  void settle_call(const client_envelope& message);
  void refuse(std::string_view id, const std::string& why);
  void ponged();
  const caller_ptr& as_caller();

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

  bool closing() const { return ending_ != nullptr; }
  void find_service();

  handle::pointer self_;
  home* loop_ = nullptr;
  std::shared_ptr<const arrival> from_;
  channel_ptr definition_;
  channel_actor channel_;
  house_ptr house_;
  service_actor service_;
  std::shared_ptr<muster::wire> wire_;
  std::shared_ptr<connection_counters> counters_;

  session session_;
  /// The create-session that is being checked, until the client has its token.
  std::unique_ptr<client_envelope> opening_;
  deadline session_due_{};
  /// Who is asked to let the client in; when one fails, the one that comes after is asked again.
  enum class awaited : std::uint8_t { nobody, channel, roll };
  awaited awaited_ = awaited::nobody;
  /// The client has had a token: it can be called.
  bool ready_ = false;
  row_ptr row_;
  caller_ptr caller_;

  pinger pinger_;
  rate_limiter limiter_;
  service_calls calls_;
  std::unique_ptr<call_table> invocations_;
  send_queue queue_;
  std::unique_ptr<message_log> log_;
  std::unique_ptr<ending> ending_;
  alarm alarm_;
};

} // namespace muster
