#pragma once

#include "messages/envelope.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <string>

namespace muster {

/// What create-session opens on a connection: its token, how long it lives, and what each message
/// of the client means in the state that it finds (protocol: Session).
class session {
public:
  enum class phase : std::uint8_t {
    fresh,
    /// A create-session is being checked.
    opening,
    open
  };

  enum class verdict : std::uint8_t {
    /// Broken: answer 400; the connection stays.
    mend,
    /// Not authorised: answer 403, Close 4401.
    refuse,
    create,
    renew,
    invoke,
    respond
  };

  struct judgement {
    verdict what = verdict::mend;
    /// For `mend` the sentence for the client, for `refuse` the cause for the log.
    std::string why;
  };

  phase state() const { return phase_; }
  const std::string& token() const { return token_; }

  /// What a message means now. Changes nothing.
  judgement judge(const client_envelope& message) const;

  /// A create-session is on its way to the channel.
  void opening() {
    if (phase_ == phase::fresh)
      phase_ = phase::opening;
  }
  /// It was granted, or renewed: the old token dies, a new one is made.
  void open(std::string client_id, duration ttl, deadline now);
  /// Whatever shows that the client is alive.
  void extend(deadline now) { expires_at_ = now + ttl_; }
  void set_ttl(duration ttl) {
    expires_at_ += ttl - ttl_;
    ttl_ = ttl;
  }
  deadline expires_at() const { return expires_at_; }

private:
  judgement judge_create(const client_envelope& message) const;

  phase phase_ = phase::fresh;
  std::string token_;
  std::string client_id_;
  duration ttl_{};
  deadline expires_at_{};
};

} // namespace muster
