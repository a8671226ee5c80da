#pragma once

#include "net/listen.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <mutex>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;
struct bio_st;

namespace muster {

/// The TLS of one connection, between plaintext and what goes over the socket; knows no socket.
class tls_filter {
public:
  ~tls_filter();
  tls_filter(const tls_filter&) = delete;
  tls_filter& operator=(const tls_filter&) = delete;

  /// Takes what the socket gave, and appends the plaintext in it to `plain`. What the handshake
  /// has to say is appended to `out`. False when the peer cannot be talked to (any more).
  bool receive(std::string_view bytes, std::string& plain, std::string& out);
  /// Appends `plain`, encrypted, to `out`. Only when ready.
  bool encrypt(std::string_view plain, std::string& out);
  /// A client's first words.
  void begin(std::string& out);
  /// Appends close_notify.
  void goodbye(std::string& out);

  /// The handshake is done.
  bool ready() const { return ready_; }
  /// close_notify has come.
  bool ended() const { return ended_; }
  /// Protocol and cipher: `TLSv1.3 TLS_AES_128_GCM_SHA256`; empty before the handshake is done.
  std::string describe() const;
  /// Why it failed; for the log.
  const std::string& failure() const { return failure_; }

private:
  friend class tls_context;
  explicit tls_filter(ssl_st* session);
  void take_output(std::string& out);
  bool advance(int result);

  ssl_st* ssl_;
  bio_st* in_;
  bio_st* out_;
  bool ready_ = false;
  bool ended_ = false;
  bool failed_ = false;
  std::string failure_;
};

/// Certificates, and what is agreed to (TLS 1.2 and 1.3, Mozilla's intermediate set); makes the
/// filters of connections. Any thread.
class tls_context {
public:
  /// For a listener. `bad_request` says which file is no good.
  static caf::expected<std::shared_ptr<tls_context>> serve(const tls_files& files);
  /// For calling others; `authorities` is a PEM file, empty: the system's.
  static caf::expected<std::shared_ptr<tls_context>> call(const std::string& authorities = {});
  ~tls_context() = default;

  /// Reads the files again; new connections use them, or the old ones when it fails.
  caf::error reload();

  /// The server's end of a new connection.
  std::unique_ptr<tls_filter> accept() const;
  /// The client's end; the peer must prove that it is `host`.
  std::unique_ptr<tls_filter> connect(const std::string& host) const;

private:
  using handle = std::shared_ptr<ssl_ctx_st>;
  tls_context() = default;
  handle current() const;

  tls_files files_;
  mutable std::mutex mutex_;
  handle context_;
};

} // namespace muster
