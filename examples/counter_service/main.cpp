// A server with a service of one's own: an actor that keeps a count for each client.

#include "actors/service.hpp"
#include "messages/errc.hpp"
#include "server/run.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <charconv>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

namespace {

/// Takes a whole number, adds it to the client's count and answers with the sum. There is one
/// `counter` for all clients, and its requests come one after the other: it needs no locks.
class counter {
public:
  using handle = muster::service_actor;
  // Without this line it would run on the workers, where it may wait for files or databases.
  static constexpr bool never_blocks = true;

  explicit counter(handle::pointer) {}

  handle::behavior_type start() {
    return {
        [this](const muster::service_request& request) { return add(request); },
    };
  }

  std::string name = "counter"; // in the log

private:
  // What is returned as an error goes to the client with its status, here 400. What is thrown is
  // 500 to the client, goes to the log, and starts the service anew with all counts at zero.
  caf::result<muster::service_reply> add(const muster::service_request& request) {
    const auto& text = request.payload;
    std::int32_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size())
      return muster::make_error(muster::errc::bad_request, "The request must be a whole number");
    const auto sum = counts_[request.from->client_id] += number;
    return muster::service_reply{200, "{\"count\":" + std::to_string(sum) + "}", {}};
  }

  std::unordered_map<std::string, std::int64_t> counts_;
};

} // namespace

int main(int argc, char** argv) {
  muster::run_options options;
  options.services.push_back(muster::make_service<counter>("counter"));
  return muster::run(argc, argv, std::move(options));
}
