#include "admin/call.hpp"

#include "admin/parts.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <iterator>

namespace muster {

namespace {

const std::string nothing;

bool has_header(const http_headers& headers, std::string_view name) {
  return std::any_of(headers.begin(), headers.end(),
                     [&](const auto& header) { return header.first == name; });
}

} // namespace

admin_call::admin_call(std::shared_ptr<const endpoint_parts> parts, http_request request,
                       std::shared_ptr<http_exchange> exchange)
    : parts_{std::move(parts)}, request_{std::move(request)}, exchange_{std::move(exchange)},
      id_{random_id()} {}

admin_call::~admin_call() {
  if (!answered_)
    fail(errc::internal, {});
}

const std::string& admin_call::path(std::string_view name) const {
  const auto found = match_.parameters.find(name);
  return found == match_.parameters.end() ? nothing : found->second;
}

std::optional<std::string> admin_call::query(std::string_view name) const {
  const auto found = query_.find(name);
  if (found == query_.end())
    return std::nullopt;
  return found->second;
}

std::vector<std::string> admin_call::queries(std::string_view name) const {
  std::vector<std::string> out;
  const auto [begin, end] = query_.equal_range(name);
  std::transform(begin, end, std::back_inserter(out), [](const auto& each) { return each.second; });
  return out;
}

std::optional<bool> admin_call::flag(std::string_view name) {
  const auto text = query(name).value_or("false");
  if (text == "true" || text == "false")
    return text == "true";
  fail(bad_field(std::string{name}, "\"" + std::string{name} + "\" must be true or false"));
  return std::nullopt;
}

bool admin_call::accepts(std::string_view media_type) const {
  return request_.header("accept").find(media_type) != std::string_view::npos;
}

void admin_call::guarded(const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& thrown) {
    spdlog::error("admin request {}: {}", id_, thrown.what());
    fail(errc::internal, {});
  }
}

void admin_call::dress(http_response& response) const {
  auto& headers = response.headers;
  headers.emplace_back("X-Request-Id", id_);
  headers.emplace_back("X-Content-Type-Options", "nosniff");
  if (!has_header(headers, "Cache-Control"))
    headers.emplace_back("Cache-Control", "no-store");
  if (!has_header(headers, "Content-Security-Policy"))
    headers.emplace_back("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

/// Who changed what, and what went wrong: reading is not worth a line.
void admin_call::note(std::uint16_t status) const {
  const auto level = status >= 500                ? spdlog::level::warn
                     : is_unsafe(request_.method) ? spdlog::level::info
                                                  : spdlog::level::debug;
  spdlog::log(level, "admin request {}: {} {} by {} from {}: {}", id_, request_.method,
              request_.path, identity_.name.empty() ? "nobody" : identity_.name, request_.remote.ip,
              status);
}

void admin_call::respond(http_response response) {
  if (answered_)
    return;
  answered_ = true;
  if (is_quiet_) {
    exchange_->respond(std::move(response));
    return;
  }
  note(response.status);
  count_admin_request(response.status);
  if (!claimed_.empty()) {
    // What could not be done now may be tried again with the same key.
    const auto may_retry = response.status == 429 || response.status == 503;
    caf::anon_send(
        parts_->keys,
        settle_key{claimed_, may_retry ? nullptr : std::make_shared<http_response>(response)});
  }
  dress(response);
  exchange_->respond(std::move(response));
}

std::shared_ptr<http_exchange> admin_call::stream(const std::string& media_type) {
  answered_ = true;
  http_response response;
  count_admin_request(response.status);
  response.headers.emplace_back("Content-Type", media_type);
  dress(response);
  exchange_->begin_stream(std::move(response));
  return exchange_;
}

void admin_call::reply(std::string json, std::uint16_t status, http_headers headers) {
  // A single resource that has no version of its own: its content is its version.
  const auto is_one = match_.found != nullptr && match_.found->path.back() == '}';
  if (is_one && !is_unsafe(request_.method) && !has_header(headers, "ETag"))
    headers.emplace_back("ETag", '"' + std::to_string(std::hash<std::string>{}(json)) + '"');
  headers.emplace_back("Content-Type", "application/json");
  respond({status, std::move(headers), std::move(json)});
}

void admin_call::created(const std::string& location, std::string json, http_headers headers) {
  headers.emplace_back("Location", location);
  reply(std::move(json), 201, std::move(headers));
}

void admin_call::no_content() {
  respond({204, {}, {}});
}

void admin_call::fail(const problem& what, http_headers headers) {
  auto response = to_response(what, id_);
  response.headers.insert(response.headers.end(), headers.begin(), headers.end());
  respond(std::move(response));
}

} // namespace muster
