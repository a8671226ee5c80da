#include "cli/channel_address.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/http_client.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

namespace muster {

namespace json = boost::json;

namespace {

json::value find_channel(const admin_endpoint& endpoint, const std::string& name) {
  if (!name.empty())
    return endpoint.get("/channels/" + percent_encoded(name));
  const auto all = endpoint.get("/channels", {{"limit", "2"}});
  const auto* items = member(all, "items").if_array();
  if (!items || items->size() != 1)
    throw failure{exit_code::usage, "which channel? Give --channel or --ws"};
  return items->front();
}

} // namespace

std::string channel_url(const json::value& channel, const json::value& node,
                        const std::string& host) {
  const auto wanted = cell(member(channel, "listener"));
  const auto* listeners = member(node, "listeners").if_array();
  for (const auto& each : listeners ? *listeners : json::array{}) {
    if (cell(member(each, "name")) != wanted)
      continue;
    auto address = cell(member(each, "address"));
    const auto colon = address.rfind(':');
    if (colon != std::string::npos
        && (address.starts_with("0.0.0.0:") || address.starts_with("[::]:")))
      address =
          (host.find(':') == std::string::npos ? host : '[' + host + ']') + address.substr(colon);
    const auto is_secure = cell(member(each, "tls")) == "true";
    return (is_secure ? "wss://" : "ws://") + address + cell(member(channel, "path"));
  }
  throw failure{exit_code::failed,
                "the server has no listener \"" + harmless(wanted) + "\"; give --ws"};
}

std::string find_channel_url(const admin_endpoint& endpoint, const std::string& channel) {
  const auto found = find_channel(endpoint, channel);
  const auto nodes = endpoint.get("/nodes");
  const auto* items = member(nodes, "items").if_array();
  const auto url = parse_url(endpoint.url());
  return channel_url(found, items && !items->empty() ? items->front() : json::value{},
                     url ? url->host : std::string{});
}

} // namespace muster
