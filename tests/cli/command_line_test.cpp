#include "cli/cli.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>

using namespace muster;

namespace {

/// The program as the command line sees it.
struct command_line {
  command_line() {
    app.require_subcommand(1);
    add_client_commands(app, chosen);
  }

  /// Whether the words are understood; nothing is run.
  bool accepts(std::vector<std::string> words) {
    chosen = nullptr;
    std::reverse(words.begin(), words.end());
    try {
      app.parse(words);
      return chosen != nullptr;
    } catch (const CLI::ParseError&) {
      return false;
    }
  }

  int run(std::vector<std::string> words) {
    words.insert(words.begin(), "muster");
    std::vector<char*> arguments;
    for (auto& word : words)
      arguments.push_back(word.data());
    return run_chosen(app, static_cast<int>(arguments.size()), arguments.data(), chosen);
  }

  CLI::App app{"test", "muster"};
  std::function<int()> chosen;
};

std::string text_of(const std::string& path) {
  std::ifstream file{MUSTER_SOURCE_DIR "/" + path};
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>{file}, {}};
}

void collect(const CLI::App& app, std::set<std::string>& words) {
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    words.insert(command->get_name());
    for (const auto* option : command->get_options())
      if (!option->get_lnames().empty())
        words.insert("--" + option->get_lnames().front());
    collect(*command, words);
  }
}

} // namespace

TEST_CASE_METHOD(command_line, "options of the server may stand before and after the command") {
  CHECK(accepts({"--url", "http://x:1", "connections", "ls"}));
  CHECK(accepts({"connections", "ls", "--channel", "crm", "--url", "http://x:1", "--json"}));
}

TEST_CASE_METHOD(command_line, "every command takes what its help says") {
  CHECK(accepts({"status"}));
  CHECK(accepts({"whoami"}));
  CHECK(accepts({"version"}));
  CHECK(accepts({"services", "ls"}));
  CHECK(accepts({"channels", "create", "crm", "--path", "/crm", "--set", "a=1", "--set", "b=2"}));
  CHECK(accepts({"channels", "create", "--credential", "a:b", "--credential", "c:d", "crm"}));
  CHECK(accepts({"channels", "edit", "crm", "--dry-run"}));
  CHECK(accepts({"channels", "create", "crm", "--path", "/crm", "--dry-run"}));
  CHECK(accepts({"channels", "fields"}));
  CHECK(accepts({"connections", "attributes"}));
  CHECK(accepts({"history"}));
  CHECK(accepts({"incidents", "--limit", "5"}));
  CHECK(accepts({"connections", "close", "ws.1", "--retry", "1,30", "--code", "4005"}));
  CHECK(
      accepts({"connections", "close", "--selector", "idle > 1h", "--max", "5", "--pace", "2.5"}));
  CHECK(accepts({"connections", "invoke", "ws.1", "--data", "{}", "--timeout", "2"}));
  CHECK(accepts({"connections", "ls", "--sort", "-connected_at"}));
  CHECK(accepts({"broadcast", "--everyone", "--data", "{}"}));
  CHECK(accepts({"users", "add", "ann", "--role", "admin", "--password-stdin"}));
  CHECK(accepts({"tokens", "rm", "1"}));
  CHECK(accepts({"operations", "cancel", "1"}));
}

TEST_CASE_METHOD(command_line, "commands about topics take what their help says") {
  CHECK(accepts({"topics", "ls", "--sort", "-depth", "--all"}));
  CHECK(accepts({"topics", "show", "/a"}));
  CHECK(accepts({"topics", "create", "/a", "--set", "durable=false", "--set", "max_depth=5"}));
  CHECK(accepts({"topics", "edit", "/a", "--data", "{}"}));
  CHECK(accepts({"topics", "create", "/a", "--dry-run"}));
  CHECK(accepts({"topics", "edit", "/a", "--set", "max_depth=5", "--dry-run"}));
  CHECK(accepts({"topics", "fields"}));
  CHECK(accepts({"topics", "delete", "/a"}));
  CHECK(accepts({"topics", "messages", "/a", "--text", "x", "--oldest-first", "--limit", "5"}));
  CHECK(accepts({"topics", "clear", "/a", "--msg-id", "zpsm1"}));
  CHECK(accepts({"topics", "publishers", "/a"}));
  CHECK(accepts({"subscriptions", "ls", "--topic", "/a"}));
  CHECK(accepts({"subscriptions", "add", "ws.1", "/a", "--ack", "client", "--durable"}));
  CHECK(accepts({"subscriptions", "messages", "zpsk.1", "--msg-id", "zpsm1"}));
  CHECK(accepts({"subscriptions", "clear", "zpsk.1"}));
  CHECK(accepts({"subscriptions", "delete", "zpsk.1"}));
  CHECK(
      accepts({"pub", "/a", "--data", "1", "--priority", "9", "--key", "k", "--expiration", "2"}));
  CHECK(accepts({"sub", "/a", "--channel", "open", "--ack", "--from", "first", "--count", "3"}));
  CHECK(!accepts({"pub", "/a", "--priority", "10"}));
  CHECK(!accepts({"pub"}));
  CHECK(!accepts({"sub"}));
  CHECK(!accepts({"topics", "messages"}));
}

TEST_CASE_METHOD(command_line, "what is not understood is wrong usage") {
  for (const auto& words :
       std::vector<std::vector<std::string>>{{},
                                             {"connections"},
                                             {"nonsense"},
                                             {"connections", "ls", "--limit", "0"},
                                             {"connections", "ls", "--limit", "1001"},
                                             {"connections", "invoke", "ws.1"},
                                             {"status", "more"}})
    CHECK(!accepts(words));
}

TEST_CASE("exit codes tell wrong usage from a server that is not there") {
  CHECK(command_line{}.run({"nonsense"}) == exit_code::usage);
  CHECK(command_line{}.run({"connections", "close"}) == exit_code::usage);
  CHECK(command_line{}.run({"connections", "close", "ws.1", "--everyone"}) == exit_code::usage);
  CHECK(command_line{}.run({"connections", "close", "ws.1", "--retry", "1"}) == exit_code::usage);
  CHECK(command_line{}.run({"connections", "close", "ws.1", "--dry-run"}) == exit_code::usage);
  CHECK(command_line{}.run({"status", "--url", "nowhere"}) == exit_code::usage);
  CHECK(command_line{}.run({"subscriptions", "ls"}) == exit_code::usage);
  CHECK(command_line{}.run({"topics", "edit", "/a"}) == exit_code::usage);
  CHECK(command_line{}.run({"pub", "/a", "--data", "{"}) == exit_code::usage);
  CHECK(command_line{}.run({"sub", "/a", "--ws", "http://127.0.0.1:1"}) == exit_code::usage);
  CHECK(command_line{}.run({"sub", "/a", "--ws", "ws://127.0.0.1:1"}) == exit_code::unreachable);
  // Port 1 of the loopback is nobody's.
  CHECK(command_line{}.run({"status", "--url", "http://127.0.0.1:1"}) == exit_code::unreachable);
  CHECK(command_line{}.run({"version"}) == exit_code::ok);
}

TEST_CASE_METHOD(command_line, "the completions and the man page know every command and option") {
  std::set<std::string> words;
  collect(app, words);
  for (const auto* path : {"packaging/completions/muster.bash", "packaging/completions/_muster",
                           "packaging/completions/muster.fish", "docs/muster.1"}) {
    const auto text = text_of(path);
    for (auto word : words) {
      if (path == std::string{"packaging/completions/muster.fish"} && word.starts_with("--"))
        word = "-l " + word.substr(2);
      CAPTURE(path, word);
      CHECK(text.find(word) != std::string::npos);
    }
  }
}
