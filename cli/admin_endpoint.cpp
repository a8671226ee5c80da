#include "cli/admin_endpoint.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/http_client.hpp"
#include "cli/text.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <fstream>

namespace muster {
namespace {

namespace json = boost::json;

/// The sentence of a problem+json, or the status when there is none.
std::string sentence_of(const http_answer& answer) {
  boost::system::error_code fault;
  const auto body = json::parse(answer.body, fault);
  if (!fault && body.is_object()) {
    const auto& problem = body.get_object();
    std::string sentence;
    for (const auto* key : {"detail", "title"})
      if (const auto* text = problem.if_contains(key);
          text && text->is_string() && sentence.empty())
        sentence = text->get_string();
    if (!sentence.empty())
      return harmless(sentence);
  }
  return "the server answered " + std::to_string(answer.status);
}

} // namespace

std::string to_string(const query& parts) {
  std::string out;
  for (const auto& [key, value] : parts)
    if (!value.empty())
      out += (out.empty() ? '?' : '&') + key + '=' + percent_encoded(value);
  return out;
}

json::value admin_endpoint::get(const std::string& target, const query& parts) const {
  return call("GET", target + to_string(parts), {}, 30);
}

json::value admin_endpoint::send(std::string method, const std::string& target,
                                 const json::value& body, double timeout_seconds) const {
  return call(std::move(method), target, body.is_null() ? std::string{} : json::serialize(body),
              timeout_seconds);
}

json::value admin_endpoint::send_text(std::string method, const std::string& target,
                                      std::string body) const {
  return call(std::move(method), target, std::move(body), 30);
}

std::string admin_endpoint::token() const {
  if (!options_.token.empty() || options_.token_file.empty())
    return options_.token;
  std::ifstream file{options_.token_file};
  std::string line;
  if (!std::getline(file, line))
    throw failure{exit_code::usage, "cannot read a token from " + options_.token_file};
  return line;
}

json::value admin_endpoint::call(std::string method, const std::string& target, std::string body,
                                 double timeout_seconds) const {
  const auto url = parse_url(options_.url);
  if (!url)
    throw failure{exit_code::usage, options_.url + " is no http:// or https:// address"};
  const auto answer = perform({*url, std::move(method), "/api/v1" + target, token(),
                               std::move(body), options_.authorities, timeout_seconds});
  if (answer.status < 200 || answer.status > 299)
    throw failure{exit_code_of(answer.status), sentence_of(answer)};
  if (answer.body.empty())
    return nullptr;
  boost::system::error_code fault;
  auto value = json::parse(answer.body, fault);
  if (fault)
    throw failure{exit_code::failed, "the server's answer is no JSON"};
  return value;
}

json::value parse_json(const std::string& text, const std::string& what) {
  boost::system::error_code fault;
  json::parser parser;
  const auto read = parser.write(text, fault);
  if (fault)
    throw failure{exit_code::usage, what + " is no JSON: " + fault.message() + " at character "
                                        + std::to_string(read + 1)};
  return parser.release();
}

} // namespace muster
