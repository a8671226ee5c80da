#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"

using namespace muster;
using test::client_frame;
using test::close_frame;

namespace {

/// A client whose upgrade went well.
struct one_websocket : test::open_gates {
  one_websocket() { connect(); }

  void connect(const std::string& more = {}, int receive_buffer = 0) {
    client = std::make_unique<test::raw_client>(port(), receive_buffer);
    client->send(test::upgrade_request("/api", more));
    head = client->read_until("\r\n\r\n");
  }

  std::string said(const std::string& text) {
    client->send(client_frame(1, text));
    return client->read_frame().payload;
  }

  std::string closed() { return play->log.starting("closed "); }

  std::unique_ptr<test::raw_client> client;
  std::string head;
};

} // namespace

TEST_CASE_METHOD(one_websocket, "messages of all sizes are echoed") {
  for (const auto size :
       std::initializer_list<std::size_t>{0, 1, 125, 126, 511, 512, 513, 4096, 65535, 65536})
    CHECK(said(std::string(size, 'e')) == std::string(size, 'e'));
}

TEST_CASE_METHOD(one_websocket, "many messages in one piece are all answered in order") {
  std::string all_frames;
  for (int i = 0; i < 5000; ++i)
    all_frames += client_frame(1, std::to_string(i));
  client->send(all_frames);
  for (int i = 0; i < 5000; ++i)
    REQUIRE(client->read_frame().payload == std::to_string(i));
}

TEST_CASE_METHOD(one_websocket, "binary messages are told from text") {
  client->send(client_frame(2, "b\xff"));
  CHECK(client->read_frame().payload == "b\xff");
  CHECK(play->log.has("binary b\xff"));
}

TEST_CASE_METHOD(one_websocket, "a message may come in fragments with Pings between them") {
  client->send(client_frame(1, "one ", false) + client_frame(0, "", false) + client_frame(9, "now")
               + client_frame(0, "two"));
  const auto pong = client->read_frame();
  CHECK(pong.opcode == 10);
  CHECK(pong.payload == "now");
  CHECK(client->read_frame().payload == "one two");
}

TEST_CASE_METHOD(one_websocket, "too many fragments end the connection, empty ones too") {
  std::string frames = client_frame(1, "", false);
  for (int i = 0; i < 16384; ++i)
    frames += client_frame(0, "", false);
  client->send(frames);
  CHECK(client->read_frame().code() == 1009);
  client->send(close_frame(1009));
  CHECK(closed() == "closed echoed sent 1009 peer 1009 by us");
}

TEST_CASE_METHOD(one_websocket, "as many fragments as are allowed make a message") {
  std::string frames = client_frame(1, "a", false);
  for (int i = 0; i < 16382; ++i)
    frames += client_frame(0, "b", false);
  client->send(frames + client_frame(0, "c"));
  CHECK(client->read_frame().payload == "a" + std::string(16382, 'b') + "c");
}

TEST_CASE_METHOD(one_websocket, "a message over the limit is closed with 1009, however it comes") {
  client->send(client_frame(1, std::string(65537, 'l')));
  CHECK(client->read_frame().code() == 1009);
  CHECK(closed().starts_with("closed no_echo sent 1009 "));
  connect();
  client->send(client_frame(1, std::string(40000, 'l'), false)
               + client_frame(0, std::string(40000, 'l')));
  CHECK(client->read_frame().code() == 1009);
}

TEST_CASE_METHOD(one_websocket, "text that is no UTF-8 is closed with 1007") {
  client->send(client_frame(1, "\xc3\x28"));
  CHECK(client->read_frame().code() == 1007);
  CHECK(closed().starts_with("closed no_echo sent 1007 "));
}

TEST_CASE_METHOD(one_websocket, "faults of the protocol are closed with 1002") {
  client->send(std::string{"\x81\x02hi", 4}); // not masked
  CHECK(client->read_frame().code() == 1002);
  CHECK(closed().starts_with("closed no_echo sent 1002 "));
  for (const auto& fault :
       {client_frame(3, "reserved"), client_frame(0, "goes on with nothing"),
        client_frame(9, std::string(126, 'p')), client_frame(8, "x"), close_frame(1005)}) {
    connect();
    client->send(fault);
    CHECK(client->read_frame().code() == 1002);
  }
}

TEST_CASE_METHOD(one_websocket, "our Close is the last thing we say and its echo is reported") {
  client->send(client_frame(1, "close 4005 go now") + client_frame(1, "ignored")
               + client_frame(9, "ignored"));
  const auto frame = client->read_frame();
  CHECK(frame.opcode == 8);
  CHECK(frame.code() == 4005);
  CHECK(frame.reason() == "go now");
  CHECK(play->log.has("closing"));
  client->send(close_frame(4005, "gone"));
  CHECK(client->at_end());
  CHECK(closed() == "closed echoed sent 4005 peer 4005 goneby us");
}

TEST_CASE_METHOD(one_websocket, "a peer that does not echo is given up after our patience") {
  play->patience = std::chrono::milliseconds{100};
  CHECK(!said("close 1001 x").empty());
  CHECK(closed() == "closed no_echo sent 1001 peer 0 by us");
  CHECK(client->at_end());
}

TEST_CASE_METHOD(one_websocket, "a peer that resets while we close is reported so") {
  CHECK(!said("close 1001 x").empty());
  client->reset();
  CHECK(closed() == "closed reset sent 1001 peer 0 by us");
}

TEST_CASE_METHOD(one_websocket, "a peer's Close is echoed") {
  client->send(close_frame(4999, "bye ") + client_frame(1, "after the end"));
  const auto frame = client->read_frame();
  CHECK(frame.opcode == 8);
  CHECK(frame.code() == 4999);
  CHECK(client->at_end());
  CHECK(closed() == "closed echoed sent 4999 peer 4999 bye by peer");
}

TEST_CASE_METHOD(one_websocket, "a peer's empty Close has no code") {
  client->send(client_frame(8, ""));
  CHECK(client->read_frame().opcode == 8);
  CHECK(closed().find("peer 1005 by peer") != std::string::npos);
}

TEST_CASE_METHOD(one_websocket, "a peer that goes without a Close is gone or was reset") {
  client->hang_up();
  CHECK(closed() == "closed gone sent 0 peer 0 by us");
}

TEST_CASE_METHOD(one_websocket, "a reset is told from an end") {
  said("there");
  client->reset();
  CHECK(closed() == "closed reset sent 0 peer 0 by us");
}

TEST_CASE_METHOD(one_websocket, "aborting ends at once and is told once") {
  client->send(client_frame(1, "abort"));
  CHECK(client->at_end());
  CHECK(closed() == "closed gone sent 0 peer 0 by us");
}

TEST_CASE_METHOD(one_websocket, "a client whose actor fails is closed with 1011") {
  client->send(client_frame(1, "die"));
  CHECK(client->read_frame().code() == 1011);
  client->send(close_frame(1011));
  CHECK(client->at_end());
}

TEST_CASE_METHOD(one_websocket, "Pings go out and Pongs are told") {
  client->send(client_frame(1, "ping"));
  const auto frame = client->read_frame();
  CHECK(frame.opcode == 9);
  CHECK(frame.payload == "are you there");
  client->send(client_frame(10, frame.payload));
  CHECK(play->log.has("ponged"));
}

TEST_CASE_METHOD(one_websocket, "a prebuilt frame goes out as it is") {
  CHECK(said("frame") == "hello");
}

TEST_CASE_METHOD(one_websocket, "a message in pieces is one message") {
  client->send(client_frame(1, "pieces"));
  const auto frame = client->read_frame();
  CHECK(frame.opcode == 1);
  CHECK(frame.final);
  CHECK(frame.payload == "one, two" + std::string(1000, 'x'));
  CHECK(said("after it") == "after it");
}

TEST_CASE_METHOD(one_websocket, "a peer that does not read is noticed, and drained when it does") {
  connect({}, 4096);
  client->send(client_frame(1, "flood 20000"));
  CHECK(play->log.has("full"));
  for (int i = 0; i < 20000; ++i)
    REQUIRE(client->read_frame().payload.size() == 1024);
  CHECK(play->log.has("drained"));
}

TEST_CASE_METHOD(one_websocket, "what is queued comes before the Close") {
  connect({}, 4096);
  client->send(client_frame(1, "flood 200") + client_frame(1, "close 1000 x"));
  CHECK(play->log.has("closing"));
  for (int i = 0; i < 200; ++i)
    REQUIRE(client->read_frame().payload.size() == 1024);
  CHECK(client->read_frame().opcode == 8);
  client->send(close_frame(1000));
  CHECK(play->log.has("closed echoed sent 1000 peer 1000 by us"));
}

TEST_CASE_METHOD(one_websocket, "compression is used only where the channel wants it") {
  const std::string offer = "Sec-WebSocket-Extensions: permessage-deflate\r\n";
  connect(offer);
  CHECK(head.find("Sec-WebSocket-Extensions") == std::string::npos);
  play->deflate = true;
  connect(offer);
  CHECK(head.find("Sec-WebSocket-Extensions: permessage-deflate") != std::string::npos);
  // Uncompressed messages may come; the answer is compressed, and shorter than what it holds.
  client->send(client_frame(1, std::string(5000, 'z')) + client_frame(1, "pieces")
               + client_frame(1, "frame") + client_frame(1, "close 1000 x"));
  CHECK(client->read_frame().payload.size() < 100);
  CHECK(client->read_frame().payload.size() < 100);
  CHECK(client->read_frame().payload.size() < 20);
  CHECK(client->read_frame().opcode == 8);
}
