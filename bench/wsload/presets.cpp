#include "bench/wsload/options.hpp"

#include <functional>
#include <map>

namespace muster::bench {
namespace {

// Messages of Muster, and of other servers of the same protocol.
std::string message(const std::string& action, const std::string& id, const std::string& rest) {
  return R"({"meta":{"action":")" + action + R"(","id":")" + id
         + R"(","timestamp":"2026-01-01T00:00:00",)" + rest + "}";
}

std::string create_session() {
  return message("create-session", "hello{i}",
                 R"("client_id":"wsload{i}","client_name":"wsload",)"
                 R"("username":"user","secret":"secret"},"data":{})");
}

std::string invoke(const std::string& id, const std::string& data) {
  return message("invoke-service", id, R"("token":"{cap}"},"data":)" + data);
}

// Servers that answer "sub" with "ok", and echo or broadcast anything else.
void raw(options& o) {
  o.sub_hello = {{true, "sub"}, {false, "ok"}};
}

void nats(options& o) {
  o.adapter = "nats";
}

void mqtt(options& o) {
  o.adapter = "mqtt";
  o.subprotocol = "mqtt";
  o.path = "/mqtt";
}

// Engine.IO 4, Socket.IO 5.
void socketio(options& o) {
  o.path = "/socket.io/?EIO=4&transport=websocket";
  o.hello = {{false, "0{"}, {true, "40"}, {false, "40{"}};
  o.sub_hello = {{true, R"(42["sub"])"}, {false, R"(42["ok"])"}};
  o.request = R"(42["echo","{data}"])";
  o.publish = R"(42["pub","{data}"])";
  o.autos = {{"=2", "3"}};
}

void centrifugo(options& o) {
  o.path = "/connection/websocket";
  o.hello = {{true, R"({"id":1,"connect":{}})"}, {false, R"("id":1,)"}};
  o.sub_hello = {{true, R"({"id":2,"subscribe":{"channel":"{topic}"}})"}, {false, R"("id":2,)"}};
  o.request = R"({"id":9{id},"rpc":{"method":"echo","data":{"m":"{data}"}}})";
  o.publish = R"({"id":9{id},"publish":{"channel":"{topic}","data":{"m":"{data}"}}})";
  o.autos = {{"={}", "{}"}};
}

// The protocol of the library before Centrifugo 4.
void centrifuge_v1(options& o) {
  o.path = "/connection/websocket";
  o.hello = {{true, R"({"id":1,"params":{}})"}, {false, R"("id":1,)"}};
  o.sub_hello = {{true, R"({"id":2,"method":1,"params":{"channel":"{topic}"}})"},
                 {false, R"("id":2,)"}};
  o.request = R"({"id":9{id},"method":9,"params":{"method":"echo","data":{"m":"{data}"}}})";
  o.publish = R"({"id":9{id},"method":3,"params":{"channel":"{topic}","data":{"m":"{data}"}}})";
}

void muster_subscribe(options& o, const std::string& more) {
  o.sub_hello = {{true, invoke("sub", R"({"service":"pubsub.subscribe",)"
                                      R"("request":{"topic_name_list":{topics})"
                                          + more + "}}")},
                 {false, R"("in_reply_to":"sub")"}};
}

// A session, then calls through the gateway with its token.
void muster(options& o) {
  o.hello = {{true, create_session()}, {false, R"("token")"}};
  o.capture = R"("token":")";
  o.request = invoke("{id}", R"({"service":"echo","request":"{data}"})");
  o.publish = invoke("{id}", R"({"service":"pubsub.publish",)"
                             R"("request":{"topic_name":"{topic}","data":"{data}"}})");
  muster_subscribe(o, "");
}

// Subscribers acknowledge every delivery, as stock clients answer every message of the server.
void muster_ack(options& o) {
  muster(o);
  muster_subscribe(o, R"(,"ack":"client")");
  o.autos = {{"zwsx.psrq", message("client-response", "ack",
                                   R"("token":"{cap}","in_reply_to":"{rid}"},"data":{})")}};
  o.auto_id = R"({"meta":{"id":")";
}

// A lasting subscription that begins with the first message that there is.
void muster_replay(options& o) {
  muster(o);
  muster_subscribe(o, R"(,"durable":true,"from":"first")");
}

// Clients that the server may call: they answer at once.
void muster_called(options& o) {
  muster(o);
  o.autos = {{"zwsx.rqc", message("client-response", "answer",
                                  R"("token":"{cap}","in_reply_to":"{rid}"},)"
                                  R"("data":{"response":"{data}"})")}};
  o.auto_id = R"({"meta":{"id":")";
}

// Echo: publications, each answered when it is kept.
void muster_publish(options& o) {
  muster(o);
  o.request = o.publish;
  o.match = match_by::id;
  o.match_text = R"("in_reply_to":")";
  o.refusal = "zwsx.rsperr";
}

// The same for a stream of NATS.
void jetstream(options& o) {
  o.adapter = "nats";
  o.match = match_by::fifo;
}

// The same for a gateway that wants its input in an envelope.
void zato(options& o) {
  muster(o);
  o.request = invoke("{id}", R"({"input":{"service":"echo","request":{"m":"{data}"}}})");
  o.publish = invoke("{id}", R"({"input":{"service":"zato.pubsub.publish",)"
                             R"("request":{"topic_name":"{topic}","data":"{data}"}}})");
  o.sub_hello = {{true, invoke("sub", R"({"input":{"service":"zato.pubsub.subscribe",)"
                                      R"("request":{"topic_name":"{topic}"}}})")},
                 {false, R"("in_reply_to":"sub")"}};
}

} // namespace

std::vector<std::string> options::topics() const {
  if (subs == 0)
    return {topic};
  std::vector<std::string> names;
  for (int number = 0; number < subs; ++number)
    names.push_back(topic + "." + std::to_string(number));
  return names;
}

void apply_preset(options& to, std::string_view name) {
  static const std::map<std::string_view, std::function<void(options&)>> presets{
      {"raw", raw},
      {"nats", nats},
      {"mqtt", mqtt},
      {"socketio", socketio},
      {"centrifugo", centrifugo},
      {"centrifuge-v1", centrifuge_v1},
      {"muster", muster},
      {"muster-ack", muster_ack},
      {"muster-called", muster_called},
      {"muster-publish", muster_publish},
      {"muster-replay", muster_replay},
      {"jetstream", jetstream},
      {"zato", zato}};
  const auto found = presets.find(name);
  if (found == presets.end())
    throw unusable{"no such preset: " + std::string{name}};
  found->second(to);
}

} // namespace muster::bench
