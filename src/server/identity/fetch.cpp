// OpenSSL's own HTTP client does it: no dependency for one GET an hour.
#include "server/identity/fetch.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/http.h>
#include <openssl/ssl.h>

#include <array>
#include <memory>

#include "server/config.hpp"

namespace heliograph::server::identity {
namespace {

constexpr std::size_t kMaxDocument = 262'144;

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};

struct Tls {
  std::unique_ptr<SSL_CTX, FreeContext> context;
  std::string host;
};

/// Puts TLS on a connection that OpenSSL has made, and checks whose it is.
BIO* on_connected(BIO* bio, void* argument, int is_connected, int uses_tls) {
  if (is_connected == 0 || uses_tls == 0) return bio;
  auto* tls = static_cast<Tls*>(argument);
  BIO* filter = BIO_new_ssl(tls->context.get(), 1);
  SSL* ssl = nullptr;
  if (filter == nullptr) return nullptr;
  // (The macros of OpenSSL for these two cast as C does.)
  BIO_ctrl(filter, BIO_C_GET_SSL, 0, static_cast<void*>(&ssl));
  if (SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, tls->host.data()) != 1 ||
      SSL_set1_host(ssl, tls->host.c_str()) != 1) {
    BIO_free(filter);
    return nullptr;
  }
  return BIO_push(filter, bio);
}

std::string last_error() {
  std::array<char, 256> text{};
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  if (code == 0) return "no answer";
  ERR_error_string_n(code, text.data(), text.size());
  return text.data();
}

/// The host of a URL, without a port and without the brackets of IPv6.
std::string host_of(const std::string& url) {
  const std::size_t start = url.find("://") + 3;
  std::string host = url.substr(start, url.find('/', start) - start);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

bool is_fetchable(const std::string& url) {
  if (url.find_first_of("@ \\") != std::string::npos) return false;
  if (url.starts_with("https://")) return !host_of(url).empty();
  return url.starts_with("http://") && is_loopback(host_of(url));
}

Result<std::string> fetch(const std::string& url, std::chrono::seconds patience) {
  if (!is_fetchable(url)) return Error{Errc::kInvalidArgument, url + " is neither https nor http on loopback"};
  Tls tls{std::unique_ptr<SSL_CTX, FreeContext>(SSL_CTX_new(TLS_client_method())), host_of(url)};
  if (tls.context == nullptr || SSL_CTX_set_default_verify_paths(tls.context.get()) != 1)
    return Error{Errc::kIo, "TLS cannot be set up"};
  SSL_CTX_set_verify(tls.context.get(), SSL_VERIFY_PEER, nullptr);
  ERR_clear_error();
  const std::unique_ptr<BIO, FreeBio> answer(OSSL_HTTP_get(url.c_str(), nullptr, "*", nullptr, nullptr, on_connected,
                                                           &tls, 0, nullptr, nullptr, 0, kMaxDocument,
                                                           static_cast<int>(patience.count())));
  if (answer == nullptr) return Error{Errc::kIo, url + " gave no document: " + last_error()};
  std::string text;
  std::array<char, 4096> piece{};
  for (int size = 0; (size = BIO_read(answer.get(), piece.data(), piece.size())) > 0;) {
    text.append(piece.data(), static_cast<std::size_t>(size));
    if (text.size() > kMaxDocument) return Error{Errc::kIo, url + " gave more than 256 KiB"};
  }
  return text;
}

}  // namespace heliograph::server::identity
