// What a TLS server shows: for tests that replace certificates.
#pragma once

#include <openssl/bn.h>
#include <openssl/x509.h>

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "support/blocking_client.hpp"

namespace heliograph::test {

/// The serial number of the certificate, in hexadecimal; empty when there is no TLS server.
inline std::string served_serial(std::uint16_t port) {
  try {
    BlockingClient client(port);
    if (!client.start_tls()) return {};
    const std::unique_ptr<X509, decltype(&X509_free)> shown(SSL_get1_peer_certificate(client.ssl()), X509_free);
    const std::unique_ptr<BIGNUM, decltype(&BN_free)> number(
        ASN1_INTEGER_to_BN(X509_get0_serialNumber(shown.get()), nullptr), BN_free);
    char* text = BN_bn2hex(number.get());
    std::string serial(text);
    OPENSSL_free(text);
    return serial;
  } catch (const std::runtime_error&) {
    return {};
  }
}

}  // namespace heliograph::test
