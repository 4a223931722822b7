// X.509 through OpenSSL: one P-256 authority, one P-256 server certificate.
#include "server/dev_ca.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <memory>

#include "server/data_dir.hpp"

namespace heliograph::server {
namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Bio = std::unique_ptr<BIO, Freer<BIO_free_all>>;

struct Identity {
  Certificate certificate;
  Key key;
};

constexpr long kDay = 86400;
constexpr long kCaDays = 3650;
constexpr long kServerDays = 397;  // The longest that browsers accept of a server certificate.
constexpr long kRenewDays = 30;

bool add_extension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  std::unique_ptr<X509_EXTENSION, Freer<X509_EXTENSION_free>> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()));
  return extension && X509_add_ext(certificate, extension.get(), -1) == 1;
}

bool set_basics(X509* certificate, EVP_PKEY* key, const std::string& common_name, WallTime now, long days) {
  std::array<unsigned char, 16> serial{};
  if (RAND_bytes(serial.data(), static_cast<int>(serial.size())) != 1) return false;
  serial[0] &= 0x7F;  // Positive, as RFC 5280 4.1.2.2 demands.
  std::unique_ptr<BIGNUM, Freer<BN_free>> number(BN_bin2bn(serial.data(), static_cast<int>(serial.size()), nullptr));
  const std::time_t start = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count() - kDay;
  X509_NAME* name = X509_get_subject_name(certificate);
  return X509_set_version(certificate, X509_VERSION_3) == 1 &&
         BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr &&
         ASN1_TIME_set(X509_getm_notBefore(certificate), start) != nullptr &&
         ASN1_TIME_set(X509_getm_notAfter(certificate), start + (days + 1) * kDay) != nullptr &&
         X509_NAME_add_entry_by_txt(name, "O", MBSTRING_UTF8, reinterpret_cast<const unsigned char*>("Heliograph"), -1,
                                    -1, 0) == 1 &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                    reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0) == 1 &&
         X509_set_pubkey(certificate, key) == 1;
}

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? std::string(name.data()) : std::string("localhost");
}

bool is_address(const std::string& name) {
  return name.find(':') != std::string::npos || name.find_first_not_of("0123456789.") == std::string::npos;
}

std::optional<Identity> make_ca(WallTime now) {
  Identity ca{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  X509* certificate = ca.certificate.get();
  // X.520 allows 64 characters of common name.
  const std::string name = ("Heliograph development CA, " + host_name()).substr(0, 64);
  if (!certificate || !ca.key || !set_basics(certificate, ca.key.get(), name, now, kCaDays) ||
      X509_set_issuer_name(certificate, X509_get_subject_name(certificate)) != 1 ||
      !add_extension(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
      !add_extension(certificate, certificate, NID_key_usage, "critical,keyCertSign,cRLSign") ||
      !add_extension(certificate, certificate, NID_subject_key_identifier, "hash") ||
      X509_sign(certificate, ca.key.get(), EVP_sha256()) == 0)
    return std::nullopt;
  return ca;
}

std::optional<Identity> make_server(const Identity& ca, const std::vector<std::string>& names, WallTime now) {
  Identity server{Certificate(X509_new()), Key(EVP_EC_gen("P-256"))};
  X509* certificate = server.certificate.get();
  std::string alternatives;
  for (const std::string& name : names)
    alternatives.append(alternatives.empty() ? "" : ",").append(is_address(name) ? "IP:" : "DNS:").append(name);
  if (!certificate || !server.key || !set_basics(certificate, server.key.get(), names.front(), now, kServerDays) ||
      X509_set_issuer_name(certificate, X509_get_subject_name(ca.certificate.get())) != 1 ||
      !add_extension(certificate, ca.certificate.get(), NID_basic_constraints, "critical,CA:FALSE") ||
      !add_extension(certificate, ca.certificate.get(), NID_key_usage, "critical,digitalSignature") ||
      !add_extension(certificate, ca.certificate.get(), NID_ext_key_usage, "serverAuth") ||
      !add_extension(certificate, ca.certificate.get(), NID_subject_key_identifier, "hash") ||
      !add_extension(certificate, ca.certificate.get(), NID_authority_key_identifier, "keyid") ||
      !add_extension(certificate, ca.certificate.get(), NID_subject_alt_name, alternatives) ||
      X509_sign(certificate, ca.key.get(), EVP_sha256()) == 0)
    return std::nullopt;
  return server;
}

std::string take(BIO* bio) {
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string to_pem(X509* certificate) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(bio.get(), certificate);
  return take(bio.get());
}

std::string to_pem(EVP_PKEY* key) {
  const Bio bio(BIO_new(BIO_s_mem()));
  PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  return take(bio.get());
}

/// Nothing when a file is missing; kCorrupt when one is not PEM or they do not belong together.
Result<std::optional<Identity>> load(const std::filesystem::path& certificate_file,
                                     const std::filesystem::path& key_file) {
  const auto certificate_text = read_file(certificate_file);
  const auto key_text = read_file(key_file);
  for (const auto* text : {&certificate_text, &key_text}) {
    if (*text) continue;
    if (text->error().code == Errc::kResourceNotFound) return std::optional<Identity>{};
    return text->error();
  }
  const Bio certificate_bio(BIO_new_mem_buf(certificate_text->data(), static_cast<int>(certificate_text->size())));
  const Bio key_bio(BIO_new_mem_buf(key_text->data(), static_cast<int>(key_text->size())));
  Identity identity{Certificate(PEM_read_bio_X509(certificate_bio.get(), nullptr, nullptr, nullptr)),
                    Key(PEM_read_bio_PrivateKey(key_bio.get(), nullptr, nullptr, nullptr))};
  if (!identity.certificate || !identity.key ||
      X509_check_private_key(identity.certificate.get(), identity.key.get()) != 1)
    return Error{Errc::kCorrupt, certificate_file.string() + " and " + key_file.string() +
                                     " are not a certificate and its key; delete both to get new ones"};
  return std::optional<Identity>(std::move(identity));
}

Result<void> save(const Identity& identity, const std::filesystem::path& certificate_file,
                  const std::filesystem::path& key_file, const std::string& chain) {
  if (auto written = write_private_file(key_file, to_pem(identity.key.get())); !written) return written;
  if (auto written = write_private_file(certificate_file, to_pem(identity.certificate.get()) + chain); !written)
    return written;
  // Certificates are public: clients of other users read ca.pem.
  std::error_code ignored;
  std::filesystem::permissions(certificate_file, std::filesystem::perms(0644), ignored);
  return {};
}

bool ends_after(X509* certificate, WallTime now, long days) {
  std::time_t moment = std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count() + days * kDay;
  return X509_cmp_time(X509_get0_notAfter(certificate), &moment) > 0;
}

bool covers(X509* certificate, const std::string& name) {
  return is_address(name) ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                          : X509_check_host(certificate, name.c_str(), name.size(), 0, nullptr) == 1;
}

bool is_signed_by(X509* certificate, const Identity& ca) {
  return X509_verify(certificate, X509_get0_pubkey(ca.certificate.get())) == 1;
}

}  // namespace

std::vector<std::string> certificate_names(const std::vector<net::ListenAddress>& listen) {
  std::vector<std::string> names{"localhost", "127.0.0.1", "::1", host_name()};
  for (const net::ListenAddress& address : listen)
    if (address.address != "0.0.0.0" && address.address != "::") names.push_back(address.address);
  std::vector<std::string> unique;
  for (std::string& name : names)
    if (std::find(unique.begin(), unique.end(), name) == unique.end()) unique.push_back(std::move(name));
  return unique;
}

Result<net::TlsFiles> ensure_dev_certificate(const std::filesystem::path& dir, const std::vector<std::string>& names,
                                             WallTime now) {
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return Error{Errc::kIo, "cannot make " + dir.string() + ": " + error.message()};

  auto ca = load(dir / "ca.pem", dir / "ca-key.pem");
  if (!ca) return ca.error();
  if (!*ca || !ends_after((*ca)->certificate.get(), now, kServerDays)) {
    *ca = make_ca(now);
    if (!*ca) return Error{Errc::kInternalFailure, "OpenSSL could not make the development CA"};
    if (auto saved = save(**ca, dir / "ca.pem", dir / "ca-key.pem", ""); !saved) return saved.error();
  }

  auto server = load(dir / "server.pem", dir / "server-key.pem");
  if (!server) return server.error();
  const auto is_good = [&](const Identity& identity) {
    X509* certificate = identity.certificate.get();
    return is_signed_by(certificate, **ca) && ends_after(certificate, now, kRenewDays) &&
           std::all_of(names.begin(), names.end(),
                       [certificate](const std::string& name) { return covers(certificate, name); });
  };
  if (!*server || !is_good(**server)) {
    const auto fresh = make_server(**ca, names, now);
    if (!fresh) return Error{Errc::kInternalFailure, "OpenSSL could not make the server certificate"};
    const std::string chain = to_pem((*ca)->certificate.get());
    if (auto saved = save(*fresh, dir / "server.pem", dir / "server-key.pem", chain); !saved) return saved.error();
  }
  return net::TlsFiles{(dir / "server.pem").string(), (dir / "server-key.pem").string()};
}

}  // namespace heliograph::server
