// The messages of the server, written member by member in the order that the protocol shows.

#include "messages/envelope.hpp"
#include "messages/json_scan.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace muster {

namespace {

/// Builds one message in one allocation.
class writer {
public:
  writer(std::string_view id, timestamp now, std::string_view kind, std::size_t more) {
    constexpr std::size_t always = 160;
    out_.reserve(always + id.size() + more);
    out_ += R"({"meta":{"id":)";
    append_json_string(out_, id);
    out_ += R"(,"timestamp":")";
    append_wire_time(out_, now);
    out_ += R"(","msg_type":")";
    out_ += kind;
    out_ += '"';
  }

  writer& status(int value) {
    std::array<char, 12> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_ += R"(,"status":)";
    out_.append(digits.data(), end);
    return *this;
  }
  /// A text that is left out when it is empty.
  writer& text(std::string_view name, std::string_view value) {
    if (value.empty())
      return *this;
    out_ += ",\"";
    out_ += name;
    out_ += "\":";
    append_json_string(out_, value);
    return *this;
  }
  std::string end(std::string_view data) {
    if (is_empty_json(data)) {
      out_ += "}}";
    } else {
      out_ += R"(},"data":)";
      out_ += data;
      out_ += '}';
    }
    return std::move(out_);
  }

private:
  std::string out_;
};

/// `{"name":"value"}`
std::string one_member(std::string_view name, std::string_view value) {
  std::string out = "{";
  append_json_string(out, name);
  out += ':';
  append_json_string(out, value);
  out += '}';
  return out;
}

} // namespace

std::string session_opened(std::string_view id, timestamp now, std::string_view in_reply_to,
                           std::string_view token) {
  const auto data = one_member("token", token);
  return writer{id, now, "zwsx.rspa", in_reply_to.size() + data.size()}
      .status(200)
      .text("in_reply_to", in_reply_to)
      .end(data);
}

std::string answer_ok(std::string_view id, timestamp now, std::string_view in_reply_to,
                      std::string_view data) {
  return writer{id, now, "zwsx.rspok", in_reply_to.size() + data.size()}
      .status(200)
      .text("in_reply_to", in_reply_to)
      .end(data);
}

std::string answer_error(std::string_view id, timestamp now, std::string_view in_reply_to,
                         int status, std::string_view message) {
  const auto data = one_member("cid", id);
  return writer{id, now, "zwsx.rsperr", in_reply_to.size() + message.size() + data.size()}
      .status(status)
      .text("in_reply_to", in_reply_to)
      .text("error_message", message)
      .end(data);
}

std::string message_error(std::string_view id, timestamp now, std::string_view in_reply_to,
                          int status, std::string_view data, std::string_view message) {
  return writer{id, now, "zwsx.merr", in_reply_to.size() + message.size() + data.size()}
      .status(status)
      .text("in_reply_to", in_reply_to)
      .text("error_message", message)
      .end(data);
}

std::string server_request(std::string_view id, timestamp now, std::string_view data) {
  return writer{id, now, "zwsx.rqc", data.size()}.end(data);
}

std::string ping_payload(std::string_view id, timestamp now) {
  return writer{id, now, "zwsx.rqc", 0}.end({});
}

std::string text_frame(std::string_view payload) {
  // RFC 6455 section 5.2: the last fragment, text; then the length in one, two or eight bytes.
  std::string out;
  out.reserve(payload.size() + 10);
  const auto length = static_cast<std::uint64_t>(payload.size());
  const auto append_length = [&](int bytes) {
    for (auto i = bytes; i-- > 0;)
      out += static_cast<char>(length >> (8 * i) & 0xFF);
  };
  out += static_cast<char>(0x81);
  if (length < 126) {
    append_length(1);
  } else if (length <= 0xFFFF) {
    out += static_cast<char>(126);
    append_length(2);
  } else {
    out += static_cast<char>(127);
    append_length(8);
  }
  out += payload;
  return out;
}

} // namespace muster
