#include "net/corked_stream.hpp"

#include "net/listener.hpp"
#include "tests/catch.hpp"
#include "tests/net/raw_client.hpp"
#include "tests/net/running_loops.hpp"

#include <array>
#include <future>
#include <string>
#include <string_view>
#include <vector>

using namespace muster;
using error_code = boost::system::error_code;

namespace {

/// A server's end of one connection, and the client's.
struct one_stream : test::running_loops {
  one_stream() : running_loops{1} {
    door = *listener::bind(all, {"127.0.0.1", 0});
    auto come = std::make_shared<std::promise<std::shared_ptr<corked_stream>>>();
    auto future = come->get_future();
    door->start([come](incoming in) {
      come->set_value(std::make_shared<corked_stream>(std::move(in.socket), in.where));
    });
    client = std::make_unique<test::raw_client>(door->address().port, 4096);
    testee = future.get();
  }
  ~one_stream() {
    door->stop();
    on(all[0], [this] { testee.reset(); });
  }

  /// Reads until it ends, on its loop.
  void read_on(std::function<void(error_code, std::string_view)> got) {
    testee->async_read_some(boost::asio::buffer(room),
                            [this, got](error_code failure, std::size_t bytes) {
                              got(failure, {room.data(), bytes});
                              if (!failure)
                                read_on(got);
                            });
  }

  std::shared_ptr<listener> door;
  std::unique_ptr<test::raw_client> client;
  std::shared_ptr<corked_stream> testee;
  std::array<char, 100> room{};
};

} // namespace

TEST_CASE_METHOD(one_stream, "what was read ahead is given in the sizes that are asked for") {
  std::string sent;
  for (int i = 0; i < 20000; ++i)
    sent += std::to_string(i) + ' ';
  std::promise<std::string> read;
  std::string got;
  all[0].post([&] {
    read_on([&](error_code failure, std::string_view bytes) {
      got += bytes;
      if (failure)
        read.set_value(failure.message());
    });
  });
  client->send(sent);
  client->hang_up();
  CHECK(read.get_future().get() == error_code{boost::asio::error::eof}.message());
  CHECK(got == sent);
}

TEST_CASE_METHOD(one_stream, "handlers are never called by what starts the operation") {
  client->send("abc");
  std::promise<bool> inside;
  all[0].post([&] {
    auto starting = std::make_shared<bool>(true);
    testee->async_write_some(boost::asio::buffer("x", 1), [&, starting](error_code, std::size_t) {
      inside.set_value(*starting);
    });
    *starting = false;
  });
  CHECK(!inside.get_future().get());
}

TEST_CASE_METHOD(one_stream, "writes over the high-water mark complete when the peer has read") {
  // More than the kernel takes by itself.
  const std::string much(64 * corked_stream::high_water, 'm');
  std::atomic<int> completed{0};
  std::promise<std::size_t> first;
  on(all[0], [&] {
    testee->async_write_some(boost::asio::buffer(much), [&](error_code, std::size_t bytes) {
      ++completed;
      first.set_value(bytes);
    });
  });
  on(all[0], [] {});
  CHECK(on(all[0], [&] { return testee->queued(); }) > 0);
  CHECK(client->read(much.size()) == much);
  CHECK(first.get_future().get() == much.size());
  CHECK(completed == 1);
}

TEST_CASE_METHOD(one_stream, "what is long goes at once, what follows it in the turn is gathered") {
  const std::string lengthy(8192, 'l');
  std::vector<std::size_t> queued;
  const auto turn = [&] {
    const std::string_view pieces[]{lengthy, "c"};
    testee->append("header", pieces);
    queued.push_back(testee->queued());
    testee->append("d");
    testee->append(lengthy);
    queued.push_back(testee->queued());
  };
  on(all[0], turn);
  on(all[0], turn);
  CHECK(queued == std::vector<std::size_t>{0, 8193, 0, 8193});
  const auto once = "header" + lengthy + "cd" + lengthy;
  CHECK(client->read(2 * once.size()) == once + once);
  // In more pieces than the kernel is given.
  const std::vector<std::string_view> many(40, std::string_view{lengthy}.substr(0, 300));
  CHECK(on(all[0],
           [&] {
             testee->append("header", many);
             return testee->queued();
           })
        == 0);
  CHECK(client->read(6 + 40 * 300) == "header" + std::string(40 * 300, 'l'));
}

TEST_CASE_METHOD(one_stream,
                 "nothing is lost or doubled when the kernel takes a part of the pieces") {
  // Of several lengths, so that it ends within one; few go as they lie, many by the buffer.
  for (const std::size_t count : {std::size_t{7}, std::size_t{40}}) {
    std::vector<std::string> texts;
    std::string text = "header";
    for (std::size_t i = 0; i < count; ++i) {
      texts.emplace_back(8'000'000 / count + i, static_cast<char>('a' + i % 26));
      text += texts.back();
    }
    const std::vector<std::string_view> pieces(texts.begin(), texts.end());
    on(all[0], [&] {
      testee->append("header", pieces);
      testee->append("tail");
    });
    CHECK(on(all[0], [&] { return testee->queued(); }) > 0);
    text += "tail";
    CHECK(client->read(text.size()) == text);
  }
}

TEST_CASE_METHOD(one_stream, "who waits for room is not told of it while writing") {
  struct waiting : stream_observer {
    void on_room() override {
      inside = writing;
      told.set_value();
    }
    bool writing = false;
    bool inside = false;
    std::promise<void> told;
  } who;
  on(all[0], [&] {
    testee->observe(&who);
    testee->want_room();
    who.writing = true;
    testee->append(std::string(8192, 'w'));
    who.writing = false;
  });
  who.told.get_future().get();
  CHECK(!who.inside);
  on(all[0], [&] { testee->observe(nullptr); });
}

TEST_CASE_METHOD(one_stream, "finishing sends what is queued to a slow reader") {
  const std::string much(2000000, 'q');
  on(all[0], [&] {
    testee->append(much);
    testee->finish();
  });
  client->send("more that nobody reads");
  CHECK(client->read_all() == much);
}

TEST_CASE_METHOD(one_stream, "a stream that goes while it is being finished still sends") {
  const std::string much(1000000, 'g');
  on(all[0], [&] {
    testee->append(much);
    testee->finish();
    testee.reset();
  });
  CHECK(client->read_all() == much);
}

TEST_CASE_METHOD(one_stream, "closing aborts a read that waits") {
  std::promise<error_code> ended;
  all[0].post([&] {
    testee->async_read_some(boost::asio::buffer(room),
                            [&](error_code failure, std::size_t) { ended.set_value(failure); });
    testee->close();
  });
  CHECK(ended.get_future().get() == boost::asio::error::operation_aborted);
  CHECK(client->at_end());
}

TEST_CASE_METHOD(one_stream, "a stream that goes with a read that waits aborts it") {
  std::promise<error_code> ended;
  on(all[0], [&] {
    testee->async_read_some(boost::asio::buffer(room),
                            [&](error_code failure, std::size_t) { ended.set_value(failure); });
  });
  on(all[0], [&] { testee.reset(); });
  CHECK(ended.get_future().get() == boost::asio::error::operation_aborted);
}

TEST_CASE_METHOD(one_stream, "a reset connection fails the reader") {
  std::promise<error_code> ended;
  on(all[0], [&] {
    testee->async_read_some(boost::asio::buffer(room),
                            [&](error_code failure, std::size_t) { ended.set_value(failure); });
  });
  client->reset();
  CHECK(ended.get_future().get() == boost::asio::error::connection_reset);
}

TEST_CASE_METHOD(one_stream, "a muted stream only pretends to write") {
  std::promise<std::size_t> pretended;
  on(all[0], [&] {
    testee->append("said");
    testee->mute();
    testee->append("unsaid");
    testee->async_write_some(boost::asio::buffer("unsaid", 6),
                             [&](error_code, std::size_t bytes) { pretended.set_value(bytes); });
  });
  CHECK(pretended.get_future().get() == 6);
  on(all[0], [&] { testee->finish(); });
  CHECK(client->read_all() == "said");
}

TEST_CASE("a loop that stops ends the streams that are open") {
  test::running_loops world{1};
  auto door = *listener::bind(world.all, {"127.0.0.1", 0});
  auto ended = std::make_shared<std::promise<error_code>>();
  std::promise<void> come;
  door->start([ended, &come](incoming in) {
    auto stream = std::make_shared<corked_stream>(std::move(in.socket), in.where);
    auto room = std::make_shared<std::array<char, 10>>();
    stream->async_read_some(
        boost::asio::buffer(*room),
        [ended, stream, room](error_code failure, std::size_t) { ended->set_value(failure); });
    come.set_value();
  });
  test::raw_client client{door->address().port};
  come.get_future().get();
  door->stop();
  door.reset();
  world.system.reset();
  CHECK(ended->get_future().get() == boost::asio::error::operation_aborted);
  CHECK(client.at_end());
}
