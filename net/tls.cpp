#include "net/tls.hpp"

#include "messages/errc.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <climits>
#include <utility>

namespace muster {

namespace {

// Mozilla's intermediate set for TLS 1.2; TLS 1.3's own are all fine.
constexpr auto ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto groups = "X25519:prime256v1:secp384r1";

constexpr std::string_view http_1_1 = "\x08http/1.1";

/// What OpenSSL complained of last; its queue of complaints is empty afterwards.
std::string complaint() {
  std::array<char, 256> text{};
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0)
    return "TLS failed";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

int choose_protocol(SSL*, const unsigned char** chosen, unsigned char* size,
                    const unsigned char* offered, unsigned int offered_size, void*) {
  const auto* ours = reinterpret_cast<const unsigned char*>(http_1_1.data());
  if (SSL_select_next_proto(const_cast<unsigned char**>(chosen), size, ours,
                            static_cast<unsigned int>(http_1_1.size()), offered, offered_size)
      == OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_OK;
  return SSL_TLSEXT_ERR_NOACK;
}

std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
  std::shared_ptr<SSL_CTX> context{SSL_CTX_new(method), SSL_CTX_free};
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION
                                         | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_cipher_list(context.get(), ciphers);
  SSL_CTX_set1_groups_list(context.get(), groups);
  return context;
}

caf::expected<std::shared_ptr<SSL_CTX>> serving_context(const tls_files& files) {
  ERR_clear_error();
  auto context = make_context(TLS_server_method());
  SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
  if (SSL_CTX_use_certificate_chain_file(context.get(), files.certificate.c_str()) != 1)
    return make_error(errc::bad_request,
                      "cannot use the certificate " + files.certificate + ": " + complaint());
  if (SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    return make_error(errc::bad_request, "cannot use the key " + files.key + ": " + complaint());
  if (SSL_CTX_check_private_key(context.get()) != 1)
    return make_error(errc::bad_request, "the key " + files.key + " is not that of "
                                             + files.certificate + ": " + complaint());
  return context;
}

} // namespace

// ---- filter ----

tls_filter::tls_filter(ssl_st* session)
    : ssl_{session}, in_{BIO_new(BIO_s_mem())}, out_{BIO_new(BIO_s_mem())} {
  BIO_set_mem_eof_return(in_, -1);
  BIO_set_mem_eof_return(out_, -1);
  SSL_set_bio(ssl_, in_, out_);
}

tls_filter::~tls_filter() {
  SSL_free(ssl_);
}

bool tls_filter::advance(int result) {
  if (result > 0)
    return true;
  const auto why = SSL_get_error(ssl_, result);
  if (why == SSL_ERROR_ZERO_RETURN) {
    ended_ = true;
  } else if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE) {
    failed_ = true;
    failure_ = complaint();
  }
  return false;
}

bool tls_filter::receive(std::string_view bytes, std::string& plain, std::string& out) {
  ERR_clear_error();
  while (!bytes.empty() && !failed_) {
    const auto size = std::min<std::size_t>(bytes.size(), INT_MAX);
    BIO_write(in_, bytes.data(), static_cast<int>(size));
    bytes.remove_prefix(size);
  }
  if (!ready_ && !failed_)
    ready_ = advance(SSL_do_handshake(ssl_));
  constexpr std::size_t piece = 16384;
  while (ready_ && !failed_ && !ended_) {
    const auto before = plain.size();
    plain.resize(before + piece);
    std::size_t got = 0;
    const bool more = advance(SSL_read_ex(ssl_, plain.data() + before, piece, &got));
    plain.resize(before + got);
    if (!more)
      break;
  }
  take_output(out);
  return !failed_;
}

bool tls_filter::encrypt(std::string_view plain, std::string& out) {
  ERR_clear_error();
  while (!plain.empty() && !failed_) {
    std::size_t taken = 0;
    if (!advance(SSL_write_ex(ssl_, plain.data(), plain.size(), &taken)))
      break;
    plain.remove_prefix(taken);
  }
  take_output(out);
  return !failed_ && plain.empty();
}

void tls_filter::begin(std::string& out) {
  ERR_clear_error();
  if (!SSL_is_server(ssl_))
    advance(SSL_do_handshake(ssl_));
  take_output(out);
}

void tls_filter::goodbye(std::string& out) {
  ERR_clear_error();
  if (!failed_)
    SSL_shutdown(ssl_);
  ERR_clear_error();
  take_output(out);
}

void tls_filter::take_output(std::string& out) {
  const auto waiting = BIO_ctrl_pending(out_);
  if (waiting == 0)
    return;
  const auto before = out.size();
  out.resize(before + waiting);
  const auto got = BIO_read(out_, out.data() + before, static_cast<int>(waiting));
  out.resize(before + static_cast<std::size_t>(std::max(got, 0)));
}

std::string tls_filter::describe() const {
  if (!ready_)
    return {};
  return std::string{SSL_get_version(ssl_)} + ' ' + SSL_get_cipher_name(ssl_);
}

// ---- context ----

caf::expected<std::shared_ptr<tls_context>> tls_context::serve(const tls_files& files) {
  auto context = serving_context(files);
  if (!context)
    return std::move(context.error());
  std::shared_ptr<tls_context> made{new tls_context};
  made->files_ = files;
  made->context_ = std::move(*context);
  return made;
}

caf::expected<std::shared_ptr<tls_context>> tls_context::call(const std::string& authorities) {
  ERR_clear_error();
  std::shared_ptr<tls_context> made{new tls_context};
  made->context_ = make_context(TLS_client_method());
  auto* context = made->context_.get();
  const bool known = authorities.empty()
                         ? SSL_CTX_set_default_verify_paths(context) == 1
                         : SSL_CTX_load_verify_file(context, authorities.c_str()) == 1;
  if (!known)
    return make_error(errc::bad_request,
                      "cannot use the authorities " + authorities + ": " + complaint());
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  return made;
}

caf::error tls_context::reload() {
  if (files_.certificate.empty())
    return {};
  auto context = serving_context(files_);
  if (!context)
    return std::move(context.error());
  const std::lock_guard lock{mutex_};
  context_ = std::move(*context);
  return {};
}

tls_context::handle tls_context::current() const {
  const std::lock_guard lock{mutex_};
  return context_;
}

std::unique_ptr<tls_filter> tls_context::accept() const {
  auto* session = SSL_new(current().get());
  SSL_set_accept_state(session);
  return std::unique_ptr<tls_filter>{new tls_filter{session}};
}

std::unique_ptr<tls_filter> tls_context::connect(const std::string& host) const {
  auto* session = SSL_new(current().get());
  SSL_set_connect_state(session);
  SSL_set_alpn_protos(session, reinterpret_cast<const unsigned char*>(http_1_1.data()),
                      static_cast<unsigned int>(http_1_1.size()));
  if (auto* ip = a2i_IPADDRESS(host.c_str()); ip != nullptr) {
    ASN1_OCTET_STRING_free(ip);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), host.c_str());
  } else {
    SSL_set_tlsext_host_name(session, host.c_str());
    SSL_set1_host(session, host.c_str());
  }
  return std::unique_ptr<tls_filter>{new tls_filter{session}};
}

} // namespace muster
