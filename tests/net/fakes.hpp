#pragma once

#include "actors/interfaces.hpp"
#include "actors/spawn.hpp"
#include "tests/net/running_loops.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace muster::test {

/// What the fakes do, and what befell them.
struct script {
  journal log;
  std::optional<errc> refusal;
  bool deflate = false;
  std::size_t message_limit = 65536;
  duration patience = std::chrono::seconds{5};
  std::shared_ptr<const arrival> last_arrival;
};

/// Echoes text and obeys a few words: `close CODE REASON`, `abort`, `die`, `flood N`, `ping`,
/// `pieces`, `frame`.
class fake_connection {
public:
  using handle = connection_actor;
  explicit fake_connection(handle::pointer self) : self_{self} {}

  handle::behavior_type start(std::shared_ptr<script> play) {
    play_ = std::move(play);
    return {
        [this](const wire_opened& opened) {
          wire_ = opened.wire;
          wire_->limit_message(play_->message_limit);
          note("opened");
        },
        [this](const wire_received& message) { receive(message); },
        [this](const wire_ponged&) { note("ponged"); },
        [this](const wire_drained&) {
          note("drained");
          flood();
        },
        [this](const wire_closed& closed) { end(closed); },
        [](const deadline_passed&) {},
        [](const invoke&) { return invoke_reply{}; },
        [](const cancel_invoke&) {},
        [](const broadcast&) { return broadcast_reply{}; },
        [](const close_order&) { return close_receipt{}; },
        [](const read_message_log&) { return message_log_entries{}; },
        [](const channel_revised&) {},
        [](const subscribe&) { return subscribed{}; },
        [](const unsubscribe&) { return done{}; },
        [](const resume_subscription&) { return subscribed{}; },
        [](const acknowledge&) { return done{}; },
        [](const list_subscriptions&) { return subscription_list{}; },
        [](const yield_subscription&) { return subscription_yielded{}; },
        [](const end_feed&) {},
        [](const topic_lost&) {},
        [](const settle_messages&) {},
        [](const house_ptr&) {},
        [](const turn_failed&) {},
        [](const drill&) {},
    };
  }

  std::string name = "fake connection";

private:
  void note(std::string what) { play_->log.note(std::move(what)); }

  void receive(const wire_received& message) {
    const std::string text{message.payload};
    if (text.starts_with("close ")) {
      const auto code = static_cast<std::uint16_t>(std::stoi(text.substr(6)));
      wire_->close(code, text.substr(11), play_->patience);
      note(wire_->send("late") == sent::closed ? "closing" : "not closing");
    } else if (text == "abort") {
      wire_->abort();
    } else if (text == "die") {
      self_->quit(caf::exit_reason::user_shutdown);
    } else if (text.starts_with("flood ")) {
      left_ = std::stoi(text.substr(6));
      flood();
    } else if (text == "ping") {
      wire_->ping("are you there");
    } else if (text == "pieces") {
      const std::array<std::string_view, 4> pieces{"one", "", ", two", std::string_view{thousand_}};
      wire_->send(pieces);
    } else if (text == "frame") {
      wire_->send(std::make_shared<const std::string>("\x81\x05hello"));
    } else {
      note((message.text ? "text " : "binary ") + text.substr(0, 40));
      wire_->send(message.payload);
    }
  }

  void flood() {
    const std::string kilobyte(1024, 'x');
    while (left_ > 0) {
      if (wire_->send(kilobyte) != sent::ok) {
        note("full");
        return;
      }
      --left_;
    }
  }

  void end(const wire_closed& closed) {
    const auto& receipt = closed.receipt;
    note("closed " + std::string{to_string(receipt.outcome)} + " sent "
         + std::to_string(receipt.code_sent) + " peer " + std::to_string(receipt.peer_code) + ' '
         + receipt.peer_reason + (closed.by_peer ? "by peer" : "by us"));
    wire_ = nullptr;
    self_->quit();
  }

  handle::pointer self_;
  std::shared_ptr<script> play_;
  std::shared_ptr<wire> wire_;
  int left_ = 0;
  std::string thousand_ = std::string(1000, 'x');
};

/// Admits everybody, or nobody.
class fake_channel {
public:
  using handle = channel_actor;
  explicit fake_channel(handle::pointer self) : self_{self} {}

  handle::behavior_type start(std::shared_ptr<script> play) {
    return {
        [this, play](const admit& request) -> caf::result<admitted> {
          if (play->refusal)
            return make_error(*play->refusal);
          play->last_arrival = request.from;
          auto definition = std::make_shared<channel_definition>();
          definition->permessage_deflate = play->deflate;
          return admitted{spawn_on<fake_connection>(self_->home_system(), *request.loop, play),
                          definition};
        },
        [](const open_session&) { return session_granted{}; },
        [](const check_credentials&) { return credentials_checked{}; },
        [](const revise_channel&) {},
        [](const adopt_connections&) {},
        [](const house_ptr&) {},
        [](const drill&) {},
    };
  }

  std::string name = "fake channel";

private:
  handle::pointer self_;
};

} // namespace muster::test
