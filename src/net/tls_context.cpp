// SSL_CTX set-up.
#include "net/tls_context.hpp"

#include <openssl/err.h>

#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <string>

namespace heliograph::net {
namespace {

Error tls_error(const std::string& what) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_get_error(), text.data(), text.size());
  ERR_clear_error();
  return {Errc::kIo, what + ": " + text.data()};
}

/// Picks http/1.1 when it is offered; a client that offers only others is told that none fits.
int select_protocol(SSL*, const unsigned char** chosen, unsigned char* size, const unsigned char* offered,
                    unsigned offered_size, void*) {
  static constexpr unsigned char kHttp11[] = "\x08http/1.1";
  unsigned char* found = nullptr;
  if (SSL_select_next_proto(&found, size, kHttp11, sizeof kHttp11 - 1, offered, offered_size) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  *chosen = found;
  return SSL_TLSEXT_ERR_OK;
}

/// A service must not ask a terminal that may not be there.
int refuse_password(char*, int, int, void*) { return -1; }

}  // namespace

Result<TlsContext> load_tls_context(const TlsFiles& files) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context) return tls_error("cannot set up TLS");
  SSL_CTX* raw = context.get();
  SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
  SSL_CTX_set_read_ahead(raw, 1);  // One system call for all records that have come, not two for each.
  SSL_CTX_set_default_passwd_cb(raw, refuse_password);
  SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_options(raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                               SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
  // AES-128 first: as good, and processors compute SHA-256, which comes with it, in hardware.
  if (SSL_CTX_set_ciphersuites(raw, "TLS_AES_128_GCM_SHA256:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_256_GCM_SHA384") != 1)
    return tls_error("cannot set up TLS");
  // Tickets are all that a session is resumed by, and a client that comes back needs one.
  SSL_CTX_set_session_cache_mode(raw, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_num_tickets(raw, 1);
  SSL_CTX_set_alpn_select_cb(raw, select_protocol, nullptr);
  static constexpr unsigned char kSessionContext[] = "heliograph";
  SSL_CTX_set_session_id_context(raw, kSessionContext, sizeof kSessionContext - 1);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate_chain_file.c_str()) != 1)
    return tls_error("cannot use the certificate " + files.certificate_chain_file);
  if (SSL_CTX_use_PrivateKey_file(raw, files.private_key_file.c_str(), SSL_FILETYPE_PEM) != 1)
    return tls_error("cannot use the private key " + files.private_key_file);
  if (SSL_CTX_check_private_key(raw) != 1)
    return tls_error(files.private_key_file + " is not the key of " + files.certificate_chain_file);
  return context;
}

double ends_at(const TlsContext& context) {
  const X509* certificate = SSL_CTX_get0_certificate(context.get());
  std::tm end{};
  if (certificate == nullptr || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &end) != 1) return 0;
  return static_cast<double>(::timegm(&end));
}

}  // namespace heliograph::net
