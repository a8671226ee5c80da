#include "messages/publication.hpp"

#include "messages/json_scan.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <type_traits>

namespace muster {

namespace {

/// Appends members of one JSON object; texts are escaped.
class members {
public:
  explicit members(std::string& out) : out_{out} {}

  members& text(std::string_view name, std::string_view value) {
    key(name);
    append_json_string(out_, value);
    return *this;
  }
  /// A text that is left out when it is empty.
  members& text_if(std::string_view name, std::string_view value) {
    return value.empty() ? *this : text(name, value);
  }
  template <class Number>
  members& number(std::string_view name, Number value) {
    key(name);
    if constexpr (std::is_floating_point_v<Number>)
      if (std::abs(value) < 1e15 && std::trunc(value) == value)
        return append(static_cast<std::int64_t>(value));
    return append(value);
  }
  members& time(std::string_view name, std::int64_t microseconds) {
    key(name);
    out_ += '"';
    append_wire_time(out_, time_of(microseconds));
    out_ += '"';
    return *this;
  }

private:
  template <class Number>
  members& append(Number value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.append(digits.data(), end);
    return *this;
  }
  void key(std::string_view name) {
    if (out_.back() != '{')
      out_ += ',';
    out_ += '"';
    out_ += name;
    out_ += "\":";
  }

  std::string& out_;
};

std::size_t content_size_of(std::string_view data) {
  if (!data.starts_with('"'))
    return data.size();
  if (data.find('\\') == std::string_view::npos)
    return data.size() - 2;
  std::string text;
  json_string(data, text);
  return text.size();
}

/// What stands before the gap.
constexpr std::string_view gap_name = R"(,"sub_key":)";

} // namespace

std::int64_t microseconds_of(timestamp time) {
  return std::chrono::duration_cast<std::chrono::microseconds>(time.time_since_epoch()).count();
}

timestamp time_of(std::int64_t microseconds) {
  return timestamp{
      std::chrono::duration_cast<timestamp::duration>(std::chrono::microseconds{microseconds})};
}

publication::publication(topic_message message, std::string_view topic_name)
    : about_{std::move(message)} {
  constexpr std::size_t always = 420;
  const auto data = std::move(about_.data);
  about_.data.clear();
  data_size_ = data.size();
  content_size_ = content_size_of(data);
  text_.reserve(always + data_size_ + topic_name.size() + about_.msg_id.size()
                + about_.correl_id.size() + about_.ext_client_id.size());
  text_ += R"({"data":)";
  data_at_ = text_.size();
  text_ += data;
  members{text_}
      .number("expiration", about_.expiration)
      .time("expiration_time_iso", about_.expires_us)
      .text("ext_client_id", about_.ext_client_id)
      .text("mime_type", about_.mime_type)
      .number("priority", static_cast<unsigned>(about_.priority))
      .time("pub_time_iso", about_.published_us)
      .time("recv_time_iso", about_.published_us)
      .number("size", content_size_);
  text_ += gap_name;
  gap_at_ = text_.size();
  members{text_}
      .text("topic_name", topic_name)
      .text("msg_id", about_.msg_id)
      .text_if("correl_id", about_.correl_id)
      .text_if("in_reply_to", about_.in_reply_to)
      .text_if("ext_pub_time", about_.ext_pub_time)
      .text_if("key", about_.key)
      .number("seq", about_.seq);
  text_ += '}';
}

timestamp publication::published_at() const {
  return time_of(about_.published_us);
}

timestamp publication::expires_at() const {
  return time_of(about_.expires_us);
}

std::string gap_text(std::string_view sub_key, std::uint32_t delivery_count) {
  std::string out;
  out.reserve(sub_key.size() + 32);
  append_json_string(out, sub_key);
  out += R"(,"delivery_count":)";
  out += std::to_string(delivery_count);
  return out;
}

std::string delivery_head(std::string_view id, timestamp now) {
  std::string out;
  out.reserve(id.size() + 96);
  out += R"({"meta":{"id":)";
  append_json_string(out, id);
  out += R"(,"timestamp":")";
  append_wire_time(out, now);
  out += R"(","msg_type":"zwsx.psrq"},"data":)";
  return out;
}

first_delivery::first_delivery(const publication& message, timestamp now)
    : text_{delivery_head(message.id(), now)}, object_at_{text_.size()} {
  const auto before = message.before();
  const auto after = message.after();
  constexpr std::string_view count = R"(","delivery_count":1)";
  text_.reserve(text_.size() + before.size() + 1 + count.size() + after.size()
                + delivery_end.size());
  text_ += before;
  text_ += '"';
  key_at_ = text_.size();
  text_ += count;
  text_ += after;
  text_ += delivery_end;
}

std::string delivery_object(const publication& message, std::string_view sub_key,
                            std::uint32_t delivery_count) {
  std::string out{message.before()};
  out += gap_text(sub_key, delivery_count);
  out += message.after();
  return out;
}

std::string message_object(const publication& message) {
  auto before = message.before();
  before.remove_suffix(gap_name.size());
  return std::string{before}.append(message.after());
}

} // namespace muster
