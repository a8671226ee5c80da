#include "server/config.hpp"

#include "server/address.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

using namespace muster;

namespace {

/// A configuration file that goes away with the test.
struct one_file {
  std::filesystem::path folder = make_folder();
  ~one_file() { std::filesystem::remove_all(folder); }

  static std::filesystem::path make_folder() {
    auto name = (std::filesystem::temp_directory_path() / "muster-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    return name;
  }

  loaded_config load(const std::string& text) {
    sources.file = (folder / "muster.toml").string();
    std::ofstream{sources.file} << text;
    return load_config(sources);
  }

  /// The place of the first fault within the file, and what it says.
  std::string first_fault(const std::string& text) {
    const auto loaded = load(text);
    REQUIRE(!loaded.faults.empty());
    const auto& fault = loaded.faults.front();
    REQUIRE(fault.where.starts_with(sources.file + ':'));
    return fault.where.substr(sources.file.size() + 1) + ' ' + fault.what;
  }

  static std::string origin(const loaded_config& loaded, std::string_view section,
                            std::string_view key) {
    for (const auto& line : loaded.lines)
      if (line.section == section && line.text.starts_with(key))
        return line.origin;
    return {};
  }

  config_sources sources;
};

} // namespace

TEST_CASE("without any source the defaults are in force") {
  const auto loaded = load_config({});
  CHECK(loaded.faults.empty());
  CHECK(!loaded.value.server_name.empty());
  REQUIRE(loaded.value.listeners.size() == 1);
  CHECK(loaded.value.listeners[0].name == "default");
  CHECK(to_string(loaded.value.listeners[0].address) == "127.0.0.1:8080");
  CHECK(to_string(loaded.value.admin.address) == "127.0.0.1:8081");
}

TEST_CASE_METHOD(one_file, "flags win over the environment, which wins over the file") {
  const std::string text = "[server]\nname = 'file'\nloops = 1\nworkers = 3\n";
  sources.environment["MUSTER_SERVER__NAME"] = "environment";
  sources.environment["MUSTER_SERVER__LOOPS"] = "2";
  sources.flags["server.name"] = {"flag"};
  const auto loaded = load(text);
  CHECK(loaded.faults.empty());
  CHECK(loaded.value.server_name == "flag");
  CHECK(loaded.value.loops == 2);
  CHECK(loaded.value.workers == 3);
  CHECK(origin(loaded, "[server]", "name") == "flag");
  CHECK(origin(loaded, "[server]", "loops") == "MUSTER_SERVER__LOOPS");
  CHECK(origin(loaded, "[server]", "workers") == sources.file + ":4");
  CHECK(origin(loaded, "[server]", "drain") == "default");
}

TEST_CASE_METHOD(one_file, "listeners of the file are taken with their certificates") {
  const auto loaded = load("[server]\nlisten = ['127.0.0.1:1', '[::1]:2']\n"
                           "[[listener]]\nname = 'public'\naddress = '0.0.0.0:443'\n"
                           "certificate = 'c.pem'\nkey = 'k.pem'\nproxy_protocol = true\n");
  CHECK(loaded.faults.empty());
  const auto& listeners = loaded.value.listeners;
  REQUIRE(listeners.size() == 3);
  CHECK(listeners[0].name == "default");
  CHECK(listeners[1].name == "[::1]:2");
  CHECK(listeners[2].name == "public");
  REQUIRE(listeners[2].tls.has_value());
  CHECK(listeners[2].tls->key == "k.pem");
  CHECK(listeners[2].proxy_protocol);
}

TEST_CASE_METHOD(one_file, "listeners on the command line replace those of the file") {
  sources.flags["server.listen"] = {"127.0.0.1:0", "127.0.0.2:0"};
  const auto loaded = load("[[listener]]\nname = 'public'\naddress = '0.0.0.0:443'\n");
  REQUIRE(loaded.value.listeners.size() == 2);
  CHECK(loaded.value.listeners[0].name == "default");
  CHECK(loaded.value.listeners[1].name == "127.0.0.2:0");
}

TEST_CASE_METHOD(one_file, "a fault says where it stands and what was expected") {
  CHECK(first_fault("[server]\nnmae = 'x'\n") == "2:1 unknown key \"server.nmae\"");
  CHECK(first_fault("[sever]\n").ends_with("unknown section \"sever\""));
  CHECK(first_fault("[server]\nloops = 'many'\n") == "2:9 \"server.loops\" must be a whole number");
  CHECK(first_fault("[server]\nloops = 1000\n").ends_with("must be from 0 to 256"));
  CHECK(first_fault("[log]\nlevel = 'loud'\n").find("must be one of trace|debug")
        != std::string::npos);
  CHECK(first_fault("[admin]\nopen_docs = 2024-01-01\n").ends_with("must be true or false"));
  CHECK(first_fault("[admin]\naddress = 'localhost'\n").find("must be IP:PORT")
        != std::string::npos);
  CHECK(
      first_fault("[proxy]\ntrusted = ['10.0.0.0/33']\n").ends_with("is no address or CIDR block"));
  CHECK(first_fault("[[listener]]\nname = 'x'\n").ends_with("a listener needs an \"address\""));
  CHECK(first_fault("[listener]\nname = 'x'\n").ends_with("write [[listener]], one for each"));
  CHECK(first_fault("[server\n").starts_with("1:"));
}

TEST_CASE_METHOD(one_file, "all faults are reported, not only the first") {
  sources.environment["MUSTER_SERVER__WORKERS"] = "none";
  sources.environment["MUSTER_SERVER__WROKERS"] = "2";
  sources.environment["MUSTER_ADMIN_TOKEN"] = "not a setting, and none of ours";
  CHECK(load("[server]\nloops = -1\n[log]\nlevel = 3\n").faults.size() == 4);
}

TEST_CASE_METHOD(one_file, "a file that cannot be read is a fault") {
  sources.file = (folder / "absent.toml").string();
  const auto loaded = load_config(sources);
  REQUIRE(loaded.faults.size() == 1);
  CHECK(loaded.faults[0].where == sources.file);
}

TEST_CASE_METHOD(one_file, "channels become the JSON of the admin endpoint, in the file's order") {
  const auto loaded = load("[[channel]]\nname = 'b'\npath = '/b'\nping_interval = 1.5\n"
                           "[[channel]]\nname = 'a'\npath = '/a'\nsecurity = 'basic'\n"
                           "credentials = [{username = 'u', secret = 's'}]\n");
  CHECK(loaded.faults.empty());
  REQUIRE(loaded.value.channels_json.size() == 2);
  CHECK(loaded.value.channels_json[0] == R"({"name":"b","path":"/b","ping_interval":1.5})");
  CHECK(loaded.value.channels_json[1]
        == R"({"credentials":[{"secret":"s","username":"u"}],"name":"a","path":"/a",)"
           R"("security":"basic"})");
}

TEST_CASE_METHOD(one_file, "a channel's fault is found with the configuration") {
  CHECK(first_fault("[[channel]]\nname = 'a'\npath = '/a'\nping_intervall = 1\n")
            .find("ping_intervall")
        != std::string::npos);
  CHECK(first_fault("[[channel]]\nname = 'a'\npath = '/a'\ntoken_ttl = 2024-01-01\n")
            .starts_with("4:13 "));
  CHECK(first_fault("[[channel]]\nname = 'a'\npath = '/a'\n[[channel]]\nname = 'a'\npath = '/b'\n")
            .ends_with("two channels are named \"a\""));
}

TEST_CASE_METHOD(one_file, "secrets are masked where the configuration is shown") {
  const auto loaded = load("[[channel]]\nname = 'a'\npath = '/a'\nsecurity = 'basic'\n"
                           "credentials = [{username = 'u', secret = 'hush'}]\n");
  CHECK(std::none_of(loaded.lines.begin(), loaded.lines.end(), [](const config_line& line) {
    return line.text.find("hush") != std::string::npos;
  }));
  CHECK(std::any_of(loaded.lines.begin(), loaded.lines.end(), [](const config_line& line) {
    return line.text == R"(credentials = [{"secret" = "***", "username" = "u"}])";
  }));
}

TEST_CASE_METHOD(one_file, "topics become the JSON of the admin endpoint, in the file's order") {
  const auto loaded = load("[[topic]]\nname = '/news'\nretention_age = 1.5\n"
                           "[[topic]]\nname = '/alarms'\ndurable = false\n"
                           "on_no_subscribers = 'drop'\n");
  CHECK(loaded.faults.empty());
  REQUIRE(loaded.value.topics_json.size() == 2);
  CHECK(loaded.value.topics_json[0] == R"({"name":"/news","retention_age":1.5})");
  CHECK(loaded.value.topics_json[1]
        == R"({"durable":false,"name":"/alarms","on_no_subscribers":"drop"})");
  CHECK(origin(loaded, "[[topic]] # 1", "retention_age") == sources.file + ":1:1");
  CHECK(origin(loaded, "[[topic]] # 2", "durable = false") == sources.file + ":4:1");
}

TEST_CASE_METHOD(one_file, "a topic's fault is found with the configuration") {
  CHECK(first_fault("[[topic]]\nretention_age = 1\n") == "1:1 The field 'name' is missing");
  CHECK(first_fault("[server]\nloops = 1\n[[topic]]\nname = '/a'\nmax_dept = 1\n")
            .starts_with("3:1 "));
  CHECK(first_fault("[[topic]]\nname = '/a'\nmax_depth = 0\n").find("max_depth")
        != std::string::npos);
  CHECK(first_fault("[[topic]]\nname = '/a'\nack_timeout = 2024-01-01\n").starts_with("3:15 "));
  CHECK(first_fault("[[topic]]\nname = '/a'\n[[topic]]\nname = '/a'\n")
        == "3:1 two topics are named \"/a\"");
  CHECK(first_fault("[topic]\nname = '/a'\n").ends_with("write [[topic]], one for each"));
}

TEST_CASE("an address is an IP and a port") {
  CHECK(parse_endpoint("127.0.0.1:0") == endpoint{"127.0.0.1", 0});
  CHECK(parse_endpoint("[::1]:8080") == endpoint{"::1", 8080});
  for (const auto* text : {"", "8080", ":8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                           "::1:80", "[::1:80", "host:80", "127.0.0.1:8x"})
    CHECK(!parse_endpoint(text));
}
