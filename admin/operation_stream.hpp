#pragma once

#include "admin/call.hpp"
#include "admin/stream_pace.hpp"

#include <memory>
#include <string>

namespace muster {

/// Sends the outcomes of an operation as they come, as server-sent events or as a JSON text a line,
/// and at last how the operation stands. Lives until then, or until the peer is gone.
class operation_stream : public std::enable_shared_from_this<operation_stream> {
public:
  enum class form : std::uint8_t { events, lines };

  operation_stream(std::shared_ptr<http_exchange> to, form as, std::string id, std::uint64_t seen);

  /// Begins with `first`; `seen` outcomes were left out of it.
  static void start(admin_call& call, form as, const operation& first, std::uint64_t seen);

private:
  void take(const operation& now);
  bool is_over(const operation& now);
  void send();
  void look_again();
  void ask();
  void end();
  void put(std::string_view event, const std::string& json);

  class alarm final : public wheel::timer {
  public:
    explicit alarm(operation_stream& of) : of_{of} {}

  protected:
    void on_deadline() override;

  private:
    operation_stream& of_;
  };

  std::shared_ptr<http_exchange> to_;
  form form_;
  std::string id_;
  std::uint64_t seen_;
  /// What is still to be written, from `written_` on.
  std::string pending_;
  std::size_t written_ = 0;
  stream_pace pace_;
  bool complete_ = false;
  int looks_after_cancel_ = 0;
  alarm alarm_{*this};
  /// Keeps the stream while it goes on.
  std::shared_ptr<operation_stream> self_;
};

} // namespace muster
