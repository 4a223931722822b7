// TestCa: an authority of a test's own, and certificates by it for servers and clients.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "support/test_world.hpp"

namespace heliograph::test {

struct CertificateFiles {
  std::string certificate;
  std::string key;
};

/// Everything lies in a folder that goes with it.
class TestCa {
 public:
  TestCa() : key_(new_key()), certificate_(make("the test's authority", *key_, "CA:TRUE", "keyCertSign", nullptr)) {
    write(dir_.path() / "ca.pem", [this](FILE* file) { return PEM_write_X509(file, certificate_.get()); });
  }

  [[nodiscard]] std::string ca_file() const { return (dir_.path() / "ca.pem").string(); }
  /// For localhost and 127.0.0.1 when `usage` is "serverAuth"; for clients when it is "clientAuth".
  [[nodiscard]] CertificateFiles issue(const std::string& name, const std::string& usage) {
    const auto key = new_key();
    const auto certificate = make(name, *key, "CA:FALSE", "digitalSignature", usage.c_str());
    const CertificateFiles files{(dir_.path() / (name + ".pem")).string(),
                                 (dir_.path() / (name + "-key.pem")).string()};
    write(files.certificate, [&certificate](FILE* file) { return PEM_write_X509(file, certificate.get()); });
    write(files.key,
          [&key](FILE* file) { return PEM_write_PrivateKey(file, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    return files;
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  static Key new_key() { return {EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free}; }
  template <class Write>
  static void write(const std::filesystem::path& path, Write put) {
    FILE* file = std::fopen(path.c_str(), "w");
    if (file == nullptr || put(file) != 1 || std::fclose(file) != 0) std::abort();
  }
  static void extend(X509& certificate, int what, const char* value) {
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, what, value);
    if (extension == nullptr || X509_add_ext(&certificate, extension, -1) != 1) std::abort();
    X509_EXTENSION_free(extension);
  }
  /// Signed by the authority, or by itself when there is none yet.
  Certificate make(const std::string& name, EVP_PKEY& key, const char* basic, const char* key_usage,
                   const char* usage) {
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial_);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
    X509_NAME* subject = X509_get_subject_name(made.get());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>(name.c_str()), -1,
                               -1, 0);
    X509_set_issuer_name(made.get(), certificate_ ? X509_get_subject_name(certificate_.get()) : subject);
    X509_set_pubkey(made.get(), &key);
    extend(*made, NID_basic_constraints, (std::string("critical,") + basic).c_str());
    extend(*made, NID_key_usage, (std::string("critical,") + key_usage).c_str());
    if (usage != nullptr) extend(*made, NID_ext_key_usage, usage);
    if (usage != nullptr && std::string(usage) == "serverAuth")
      extend(*made, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
    if (X509_sign(made.get(), key_.get(), EVP_sha256()) == 0) std::abort();
    return made;
  }

  TempDir dir_;
  long serial_ = 0;
  Key key_;
  Certificate certificate_{nullptr, X509_free};
};

}  // namespace heliograph::test
