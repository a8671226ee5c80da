#include "bench/wsload/options.hpp"
#include "bench/wsload/text_template.hpp"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>

namespace muster::bench {

const char* const help_text =
    R"(wsload MODE [options]        results: one line of JSON on standard output

Modes
  echo     --conns N connections, each with --pipeline P requests in flight (or --rate R in all,
           open loop): messages/s, round-trip latency
  fanout   --conns N subscribers, --pubs M publishers, at --rate R publications/s in all, or as fast
           as they are delivered with --window W not yet delivered to all: deliveries/s, latency, lost
  replay   --conns N subscribers, each of which gets --count N messages that are there already, within
           --duration: deliveries/s
  idle     opens --conns N connections, holds them for --duration: handshakes/s, their latency, and
           with --pid the server's memory per connection; each subscribes to --subs K topics,
           --topic with .0, .1 and so on
  churn    --conns N slots that connect, greet, close and begin again, as fast as they can or at
           --rate R cycles/s in all: cycles/s, handshake latency

Where and how much
  --url ws://IP:PORT/PATH   (tcp://IP:PORT: blocks of --size bytes without WebSocket;
                            http://IP:PORT/PATH: requests over connections that are kept)
  --conns N --pubs M --pipeline P --window W --rate R --size BYTES
  --duration S --warmup S --drain S --connect-timeout S
  --count N        echo: over after so many answers
  --burst N        handshakes in progress at once (64)        --threads N
  --src-ips K      spread the connections over 127.0.0.1 to 127.0.0.K as source
  --pid P[,P...]   the server's processes: CPU and memory are reported with the result
  --header 'K: V'  --subprotocol NAME   --binary   --abort (churn: no close handshake)
  --label TEXT     --json FILE (appends the result there too)

What to say. In texts: {i} connection, {id} request, {data} --size bytes with the time in it
({ts}{pad}), {topic}, {cap} captured in the greeting, {rid} captured in a frame being answered.
  --hello TEXT, --expect TEXT       the greeting, in order: send a frame; wait for one containing TEXT
  --sub TEXT, --expect-sub TEXT     the same after it, subscribers only
  --capture PREFIX                  {cap} is what follows PREFIX in a greeting's answer, up to " , } ]
  --request TEXT, --publish TEXT    what to send ({data} by default)
  --match marker                    an answer carries back the time in {data} or {ts} (default)
  --match fifo:TEXT                 each TEXT answers the oldest request
  --match id:PREFIX                 PREFIX is followed by the answered request's {id}
  --auto MATCH REPLY                a frame containing MATCH (=MATCH: equal to it) is answered by REPLY
  --auto-id PREFIX                  {rid} is what follows PREFIX in that frame
  --refusal TEXT                    a frame that contains it ends the connection as a failure
  --post TEXT                       http: the body of a POST; a GET without it
  --targets FILE                    http: {target}, also in the PATH, is each line of it in turn
  --answer TEXT                     http: an answer without it, or not 2xx, is a failure
  --topic NAME                      (wsload); {topics} is a JSON list of what is subscribed to
  --preset NAME                     raw, nats, jetstream, mqtt, socketio, centrifugo, centrifuge-v1,
                                    muster, muster-ack, muster-called, muster-publish,
                                    muster-replay, zato; later options add to it
)";

namespace {

void read_url(options& to, std::string_view url) {
  if (url.starts_with("tcp://")) {
    to.adapter = "tcp";
    url.remove_prefix(6);
  } else if (url.starts_with("http://")) {
    to.adapter = "http";
    url.remove_prefix(7);
  } else if (url.starts_with("ws://")) {
    url.remove_prefix(5);
  } else {
    throw unusable{"--url wants ws://, tcp:// or http://"};
  }
  const auto slash = url.find('/');
  if (slash != std::string_view::npos && slash + 1 < url.size())
    to.path = url.substr(slash);
  url = url.substr(0, slash);
  const auto colon = url.find(':');
  to.host = url.substr(0, colon);
  to.port =
      colon == std::string_view::npos ? 80 : std::atoi(std::string{url.substr(colon + 1)}.c_str());
}

void read_match(options& to, std::string_view how) {
  if (how == "marker") {
    to.match = match_by::marker;
  } else if (how.starts_with("fifo")) {
    to.match = match_by::fifo;
    to.match_text = how.substr(std::min<std::size_t>(5, how.size()));
  } else if (how.starts_with("id:")) {
    to.match = match_by::id;
    to.match_text = how.substr(3);
  } else {
    throw unusable{"--match marker, fifo:TEXT or id:PREFIX"};
  }
}

void read_targets(options& to, const std::string& path) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    to.targets.push_back(line);
  if (to.targets.empty())
    throw unusable{"--targets: nothing in " + path};
}

void read_pids(options& to, const std::string& list) {
  for (std::size_t from = 0; from < list.size();) {
    const auto comma = std::min(list.find(',', from), list.size());
    to.pids.push_back(std::atoi(list.substr(from, comma - from).c_str()));
    from = comma + 1;
  }
}

/// The options of a command line, one after the other.
class command_line {
public:
  explicit command_line(const std::vector<std::string>& arguments) : arguments_{arguments} {}

  options read() {
    read_mode(next());
    while (at_ < arguments_.size()) {
      name_ = next();
      const auto known = actions_.find(name_);
      if (known == actions_.end())
        throw unusable{"no such option: " + name_};
      known->second();
    }
    if (to_.size < static_cast<int>(marker_size))
      throw unusable{"--size is at least 20: the time travels in it"};
    if (to_.conns < 1 || to_.threads < 1 || to_.pipeline < 1 || to_.window < 1)
      throw unusable{"counts are at least 1"};
    return to_;
  }

private:
  using action = std::function<void()>;

  const std::string& next() {
    if (at_ == arguments_.size())
      throw unusable{name_ + " wants a value"};
    return arguments_[at_++];
  }

  double number() {
    const auto& text = next();
    char* end;
    const double value = std::strtod(text.c_str(), &end);
    if (*end != '\0' || text.empty())
      throw unusable{name_ + " wants a number"};
    return value;
  }

  action set(int& to) {
    return [this, &to] { to = static_cast<int>(number()); };
  }
  action set(double& to) {
    return [this, &to] { to = number(); };
  }
  action set(std::string& to) {
    return [this, &to] { to = next(); };
  }
  action set(bool& to) {
    return [&to] { to = true; };
  }
  action add(std::vector<greeting_line>& to, bool send) {
    return [this, &to, send] { to.push_back({send, next()}); };
  }

  void read_mode(const std::string& name) {
    static const std::map<std::string, load_mode> modes{{"echo", load_mode::echo},
                                                        {"fanout", load_mode::fanout},
                                                        {"replay", load_mode::replay},
                                                        {"idle", load_mode::idle},
                                                        {"churn", load_mode::churn}};
    const auto known = modes.find(name);
    if (known == modes.end())
      throw unusable{"no such mode: " + name};
    to_.mode = known->second;
    to_.mode_name = name;
  }

  void add_auto() {
    const auto match = next();
    to_.autos.push_back({match, next()});
  }

  const std::vector<std::string>& arguments_;
  std::size_t at_ = 0;
  std::string name_ = "wsload";
  options to_;
  std::map<std::string, action> actions_{
      {"--url", [this] { read_url(to_, next()); }},
      {"--preset", [this] { apply_preset(to_, next()); }},
      {"--conns", set(to_.conns)},
      {"--pubs", set(to_.pubs)},
      {"--pipeline", set(to_.pipeline)},
      {"--window", set(to_.window)},
      {"--rate", set(to_.rate)},
      {"--size", set(to_.size)},
      {"--duration", set(to_.duration)},
      {"--warmup", set(to_.warmup)},
      {"--drain", set(to_.drain)},
      {"--connect-timeout", set(to_.connect_timeout)},
      {"--burst", set(to_.burst)},
      {"--threads", set(to_.threads)},
      {"--src-ips", set(to_.src_ips)},
      {"--count", set(to_.count)},
      {"--subs", set(to_.subs)},
      {"--refusal", set(to_.refusal)},
      {"--post", set(to_.post)},
      {"--answer", set(to_.answer)},
      {"--targets", [this] { read_targets(to_, next()); }},
      {"--header", [this] { to_.headers.push_back(next()); }},
      {"--subprotocol", set(to_.subprotocol)},
      {"--binary", set(to_.binary)},
      {"--abort", set(to_.abort_close)},
      {"--label", set(to_.label)},
      {"--json", set(to_.json_path)},
      {"--topic", set(to_.topic)},
      {"--hello", add(to_.hello, true)},
      {"--expect", add(to_.hello, false)},
      {"--sub", add(to_.sub_hello, true)},
      {"--expect-sub", add(to_.sub_hello, false)},
      {"--capture", set(to_.capture)},
      {"--request", set(to_.request)},
      {"--publish", set(to_.publish)},
      {"--auto", [this] { add_auto(); }},
      {"--auto-id", set(to_.auto_id)},
      {"--match", [this] { read_match(to_, next()); }},
      {"--pid", [this] { read_pids(to_, next()); }},
  };
};

} // namespace

options parse(const std::vector<std::string>& arguments) {
  return command_line{arguments}.read();
}

} // namespace muster::bench
