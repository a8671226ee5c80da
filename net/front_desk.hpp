#pragma once

#include "actors/desk.hpp"
#include "actors/wheel.hpp"

#include <caf/actor.hpp>

#include <cstdint>
#include <memory>
#include <unordered_map>

namespace muster {

class loop;

/// The desk of a loop. Actors see it as one of them, which takes new addresses (`house_ptr`) and
/// the answers to what was asked.
class front_desk final : public desk {
public:
  explicit front_desk(loop& where);
  ~front_desk() override;

  const house& addresses() const override { return *house_; }

  /// Where to send a new `house_ptr`; any thread, while the desk is open.
  const caf::actor& address() const { return address_; }

  /// For the loop: with its thread, or before and after it.
  void open(caf::actor_system& system);
  void close();

protected:
  void ask_untyped(const caf::strong_actor_ptr& to, caf::message request, duration patience,
                   untyped_callback done) override;

private:
  class clerk;
  class question;

  void on_mail(caf::message_id id, caf::message content);
  void answer(std::uint64_t id, caf::expected<caf::message> reply);

  loop& loop_;
  house_ptr house_;
  caf::actor address_;
  std::unordered_map<std::uint64_t, std::unique_ptr<question>> questions_;
  std::uint64_t last_ = 0;
};

} // namespace muster
