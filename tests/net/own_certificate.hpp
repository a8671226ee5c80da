#pragma once

#include "net/listen.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include <unistd.h>

namespace muster::test {

/// A certificate for `localhost`, signed by itself, in files of its own.
class own_certificate {
public:
  own_certificate() {
    auto folder = std::filesystem::temp_directory_path();
    auto base = (folder / ("muster-" + std::to_string(getpid()))).string();
    files = {base + "-cert.pem", base + "-key.pem"};
    std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{EVP_EC_gen("P-256"), EVP_PKEY_free};
    std::unique_ptr<X509, decltype(&X509_free)> made{X509_new(), X509_free};
    auto x509 = made.get();
    X509_set_version(x509, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
    X509_gmtime_adj(X509_getm_notBefore(x509), -60);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key.get());
    auto name = X509_get_subject_name(x509);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("localhost"), -1, -1, 0);
    X509_set_issuer_name(x509, name);
    auto names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
    X509_add_ext(x509, names, -1);
    X509_EXTENSION_free(names);
    X509_sign(x509, key.get(), EVP_sha256());
    write(files.certificate, [&](std::FILE* to) { PEM_write_X509(to, x509); });
    write(files.key, [&](std::FILE* to) {
      PEM_write_PrivateKey(to, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
  ~own_certificate() {
    std::filesystem::remove(files.certificate);
    std::filesystem::remove(files.key);
  }
  own_certificate(const own_certificate&) = delete;
  own_certificate& operator=(const own_certificate&) = delete;

  tls_files files;

private:
  template <class Print>
  static void write(const std::string& path, Print print) {
    if (auto* to = std::fopen(path.c_str(), "w")) {
      print(to);
      std::fclose(to);
    }
  }
};

} // namespace muster::test
