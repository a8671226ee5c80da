#include "net/front_desk.hpp"

#include "net/loop.hpp"

#include <caf/actor_system.hpp>
#include <caf/make_actor.hpp>
#include <caf/monitorable_actor.hpp>

#include <utility>
#include <vector>

namespace muster {

/// What actors see of the desk: takes mail on any thread and brings it to the loop.
class front_desk::clerk final : public caf::monitorable_actor {
public:
  clerk(caf::actor_config& config, front_desk* desk)
      : caf::monitorable_actor{config}, loop_{desk->loop_}, desk_{desk} {}

  using caf::abstract_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr mail, caf::execution_unit*) override {
    // A task of its own: whoever asked is not called from within an actor's turn.
    loop_.post([desk = desk_, id = mail->mid, content = mail->move_content_to_message()] {
      desk->on_mail(id, content);
    });
  }

  const char* name() const override { return "front_desk"; }

private:
  loop& loop_;
  front_desk* desk_;
};

/// What was asked, until there is an answer or no patience left.
class front_desk::question final : public wheel::timer {
public:
  question(front_desk& desk, std::uint64_t id, untyped_callback callback)
      : done{std::move(callback)}, desk_{desk}, id_{id} {}

  untyped_callback done;

private:
  void on_deadline() override {
    desk_.answer(id_, make_error(errc::timed_out, "there was no answer in time"));
  }

  front_desk& desk_;
  std::uint64_t id_;
};

front_desk::front_desk(loop& where) : loop_{where}, house_{std::make_shared<const house>()} {}

front_desk::~front_desk() = default;

void front_desk::open(caf::actor_system& system) {
  caf::actor_config config;
  address_ = caf::make_actor<clerk, caf::actor>(system.next_actor_id(), system.node(), &system,
                                                config, this);
}

void front_desk::close() {
  for (auto& [id, left] : std::exchange(questions_, {}))
    left->done(make_error(errc::unavailable, "the server is stopping"));
  questions_.clear();
  house_ = std::make_shared<const house>();
  address_ = nullptr;
}

void front_desk::ask_untyped(const caf::strong_actor_ptr& to, caf::message request,
                             duration patience, untyped_callback done) {
  const auto id = caf::make_message_id(++last_).with_normal_priority();
  auto& asked = questions_[last_];
  asked = std::make_unique<question>(*this, last_, std::move(done));
  loop_.deadlines().arm(*asked, loop_.now() + patience);
  auto self = caf::actor_cast<caf::strong_actor_ptr>(address_);
  if (!to || !self) {
    // As late as any answer: `done` is never called from within `ask`.
    loop_.post([this, number = last_] {
      answer(number, make_error(errc::unavailable, "there is nobody to ask"));
    });
    return;
  }
  to->enqueue(std::move(self), id, std::move(request), &loop_);
}

void front_desk::on_mail(caf::message_id id, caf::message content) {
  if (id.is_response()) {
    const auto number = id.request_id().integer_value();
    if (content.match_elements<caf::error>())
      answer(number, content.get_as<caf::error>(0));
    else
      answer(number, std::move(content));
  } else if (content.match_elements<house_ptr>()) {
    house_ = content.get_as<house_ptr>(0);
  }
}

void front_desk::answer(std::uint64_t id, caf::expected<caf::message> reply) {
  auto found = questions_.find(id);
  if (found == questions_.end())
    return;
  // Out of the table first: `done` may ask the next question.
  const auto asked = std::move(found->second);
  questions_.erase(found);
  asked->disarm();
  asked->done(std::move(reply));
}

} // namespace muster
