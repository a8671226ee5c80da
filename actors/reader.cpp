#include "actors/reader.hpp"

#include "actors/log_records.hpp"
#include "messages/metrics.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <utility>

namespace muster {

namespace {

/// Messages carry microseconds: one of the same microsecond, but before, does not count.
std::int64_t microseconds_from(timestamp at) {
  return std::chrono::ceil<std::chrono::microseconds>(at.time_since_epoch()).count();
}

caf::expected<found_since> first_of_all_lanes(log_reader& logs, const find_since& request) {
  const auto at = microseconds_from(request.at);
  found_since least;
  for (std::uint8_t lane = 0; lane < lanes; ++lane) {
    auto seq = logs.first_since(request.topic, lane, at);
    if (!seq)
      return seq.error();
    if (*seq != 0)
      least.seq = least.seq == 0 ? *seq : std::min(least.seq, *seq);
  }
  return least;
}

void add(log_read& found, const log_record& record, const read_log& request) {
  auto message = from_record(record);
  if (!message) {
    count(counters().damaged_records);
    spdlog::error("message {} of topic {}: {}", record.seq, request.topic_name,
                  detail_of(message.error()));
    found.damaged.push_back(record.seq);
    return;
  }
  if (request.text.empty() || message->data.find(request.text) != std::string::npos)
    found.messages.push_back(
        std::make_shared<const publication>(std::move(*message), request.topic_name));
}

caf::expected<log_read> read_records(log_reader& logs, const read_log& request) {
  auto records =
      logs.read(request.topic, request.lane, request.after, request.limit, request.max_bytes);
  if (!records)
    return records.error();
  log_read found;
  found.messages.reserve(records->size());
  for (const auto& record : *records)
    add(found, record, request);
  if (!records->empty())
    found.reached = records->back().seq;
  return found;
}

} // namespace

reader::handle::behavior_type reader::start(std::shared_ptr<storage> where) {
  storage_ = std::move(where);
  return {
      [this](const load_log& request) {
        return with_logs<log_loaded>([&](log_reader& logs) -> caf::expected<log_loaded> {
          auto log = logs.load(request.topic);
          if (!log)
            return log.error();
          return log_loaded{std::move(*log)};
        });
      },
      [this](const read_log& request) {
        return with_logs<log_read>([&](log_reader& logs) { return read_records(logs, request); });
      },
      [this](const find_since& request) {
        return with_logs<found_since>(
            [&](log_reader& logs) { return first_of_all_lanes(logs, request); });
      },
      [this](const survey_logs&) {
        return with_logs<logs_surveyed>([](log_reader& logs) -> caf::expected<logs_surveyed> {
          auto sizes = logs.survey();
          if (!sizes)
            return sizes.error();
          return logs_surveyed{std::move(*sizes)};
        });
      },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

template <class Reply, class Read>
caf::result<Reply> reader::with_logs(Read what) {
  if (!logs_) {
    auto opened = storage_->open_reader();
    if (!opened)
      return make_error(errc::unavailable, detail_of(opened.error()));
    logs_ = std::move(*opened);
  }
  auto found = what(*logs_);
  if (found)
    return std::move(*found);
  // The next one gets a view that knows nothing of the fault.
  logs_ = nullptr;
  return make_error(errc::unavailable, detail_of(found.error()));
}

} // namespace muster
