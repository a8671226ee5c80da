// record  = version:u8 length:u32 crc:u32 content         numbers little-endian; the CRC-32 is that
// content = one struct in cereal's portable binary         of the content
// struct  = count:u8 field*                                in the order of its `fields`
// text    = length:u32 byte*     list = length:u32 item*   optional = present:u8 [value]

#include "messages/codec.hpp"

#include "messages/crc32.hpp"
#include "messages/errc.hpp"

#include <cereal/archives/portable_binary.hpp>

#include <cstdint>
#include <exception>
#include <istream>
#include <limits>
#include <ostream>
#include <streambuf>
#include <type_traits>
#include <vector>

namespace muster {

namespace {

constexpr std::uint8_t version = 1;
constexpr std::size_t head_length = 9;
/// Most records fit without moving while they grow.
constexpr std::size_t usual_length = 500;

constexpr auto last(role) {
  return role::admin;
}
constexpr auto last(channel_security) {
  return channel_security::jwt;
}
constexpr auto last(slow_consumer) {
  return slow_consumer::conflate;
}
constexpr auto last(no_subscribers) {
  return no_subscribers::drop;
}
constexpr auto last(ack_mode) {
  return ack_mode::client;
}
constexpr auto last(duplicate_policy) {
  return duplicate_policy::reject;
}

/// Reads from memory that it does not own.
class view_buffer final : public std::streambuf {
public:
  explicit view_buffer(std::string_view bytes) {
    auto* const begin = const_cast<char*>(bytes.data());
    setg(begin, begin, begin + bytes.size());
  }
  std::size_t left() const { return static_cast<std::size_t>(egptr() - gptr()); }
};

/// Writes to the end of a string.
class string_buffer final : public std::streambuf {
public:
  explicit string_buffer(std::string& out) : out_{out} {}

protected:
  int_type overflow(int_type byte) override {
    out_ += traits_type::to_char_type(byte);
    return byte;
  }
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    out_.append(bytes, static_cast<std::size_t>(count));
    return count;
  }

private:
  std::string& out_;
};

void fail(const char* what) {
  throw cereal::Exception{what};
}

class writer {
public:
  explicit writer(std::ostream& to) : archive_{to} {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) { archive_(value); }
  template <class T>
  requires std::is_enum_v<T>
  void put(T value) { archive_(static_cast<std::underlying_type_t<T>>(value)); }
  void put(const std::string& text) {
    put_length(text.size());
    archive_(cereal::binary_data(text.data(), text.size()));
  }
  template <class T>
  void put(const std::vector<T>& list) {
    put_length(list.size());
    for (const auto& item : list)
      put(item);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    archive_(static_cast<std::uint8_t>(value.has_value()));
    if (value)
      put(*value);
  }
  template <has_fields T>
  void put(const T& value) {
    archive_(static_cast<std::uint8_t>(std::tuple_size_v<decltype(T::fields)>));
    std::apply([&](const auto&... each) { (put(value.*each.member), ...); }, T::fields);
  }

private:
  void put_length(std::size_t length) {
    if (length > std::numeric_limits<std::uint32_t>::max())
      fail("a value is too long to be stored");
    archive_(static_cast<std::uint32_t>(length));
  }

  cereal::PortableBinaryOutputArchive archive_;
};

class reader {
public:
  reader(std::istream& from, const view_buffer& buffer) : archive_{from}, buffer_{buffer} {}

  template <class T>
  requires std::is_arithmetic_v<T>
  void get(T& value) { archive_(value); }
  void get(bool& value) { value = flag(); }
  template <class T>
  requires std::is_enum_v<T>
  void get(T& value) {
    std::underlying_type_t<T> number = 0;
    archive_(number);
    if (number > static_cast<std::underlying_type_t<T>>(last(T{})))
      fail("a choice that is none");
    value = static_cast<T>(number);
  }
  void get(std::string& text) {
    text.resize(length());
    archive_(cereal::binary_data(text.data(), text.size()));
  }
  template <class T>
  void get(std::vector<T>& list) {
    // Every item takes a byte at least, so a forged length cannot ask for more than there is.
    list.resize(length());
    for (auto& item : list)
      get(item);
  }
  template <class T>
  void get(std::optional<T>& value) {
    value.reset();
    if (flag())
      get(value.emplace());
  }
  template <has_fields T>
  void get(T& value) {
    std::uint8_t count = 0;
    archive_(count);
    if (count > std::tuple_size_v<decltype(T::fields)>)
      fail("written by a newer version");
    std::apply([&](const auto&... each) { (get_if(count, value.*each.member), ...); }, T::fields);
  }
  bool at_end() const { return buffer_.left() == 0; }

private:
  template <class T>
  void get_if(std::uint8_t& left, T& value) {
    if (left == 0)
      return;
    --left;
    get(value);
  }
  bool flag() {
    std::uint8_t value = 0;
    archive_(value);
    if (value > 1)
      fail("neither yes nor no");
    return value == 1;
  }
  std::size_t length() {
    std::uint32_t value = 0;
    archive_(value);
    if (value > buffer_.left())
      fail("a length beyond the end");
    return value;
  }

  cereal::PortableBinaryInputArchive archive_;
  const view_buffer& buffer_;
};

void put_number(std::string& out, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i)
    out[at + i] = static_cast<char>(value >> (8 * i) & 0xFF);
}

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
  return value;
}

caf::error damaged(std::string_view type, std::string_view why) {
  return make_error(errc::internal,
                    "a stored " + std::string{type} + " is damaged: " + std::string{why});
}

} // namespace

template <class T>
std::string to_bytes(const T& value) {
  std::string out;
  out.reserve(usual_length);
  out.resize(head_length);
  string_buffer buffer{out};
  std::ostream stream{&buffer};
  writer{stream}.put(value);
  const auto content = std::string_view{out}.substr(head_length);
  out[0] = static_cast<char>(version);
  put_number(out, 1, static_cast<std::uint32_t>(content.size()));
  put_number(out, 5, crc32(content));
  return out;
}

template <class T>
caf::expected<T> from_bytes(std::string_view bytes) {
  if (bytes.size() < head_length)
    return damaged(T::type, "it is too short");
  if (static_cast<std::uint8_t>(bytes.front()) != version)
    return damaged(T::type, "its version is unknown");
  const auto content = bytes.substr(head_length);
  if (number_at(bytes, 1) != content.size())
    return damaged(T::type, "its length is wrong");
  if (number_at(bytes, 5) != crc32(content))
    return damaged(T::type, "its checksum is wrong");
  try {
    view_buffer buffer{content};
    std::istream stream{&buffer};
    reader in{stream, buffer};
    T value;
    in.get(value);
    if (!in.at_end())
      return damaged(T::type, "there is more than belongs to it");
    return value;
  } catch (const std::exception& problem) {
    return damaged(T::type, problem.what());
  }
}

template std::string to_bytes(const channel_definition&);
template std::string to_bytes(const user&);
template std::string to_bytes(const api_token&);
template caf::expected<channel_definition> from_bytes(std::string_view);
template caf::expected<user> from_bytes(std::string_view);
template caf::expected<api_token> from_bytes(std::string_view);
template std::string to_bytes(const topic_definition&);
template caf::expected<topic_definition> from_bytes(std::string_view);
template std::string to_bytes(const topic_message&);
template caf::expected<topic_message> from_bytes(std::string_view);
template std::string to_bytes(const stored_subscription&);
template caf::expected<stored_subscription> from_bytes(std::string_view);

} // namespace muster
