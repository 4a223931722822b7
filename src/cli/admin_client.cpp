// HTTP/1.1 over an OpenSSL BIO: one request, one answer, until the service closes.
#include "cli/admin_client.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <memory>

#include "base/clock.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::cli {
namespace {

struct FreeContext {
  void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
};
struct FreeBio {
  void operator()(BIO* bio) const noexcept { BIO_free_all(bio); }
};

constexpr std::size_t kMaxAnswer = std::size_t{64} << 20U;

Error unreachable(const std::string& endpoint) {
  std::array<char, 256> text{};
  ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
  ERR_clear_error();
  return {Errc::kIo, "cannot talk to " + endpoint + " (" + text.data() +
                         "); is heliographd running? With a certificate for another name, give --endpoint"};
}

/// "localhost:3000" of "https://localhost:3000".
std::string authority_of(const std::string& endpoint) {
  std::string authority = endpoint.substr(endpoint.find("://") + 3);
  while (authority.ends_with('/')) authority.pop_back();
  return authority;
}

Result<std::string> talk_to(const ServiceFacts& service, const std::string& request) {
  const std::unique_ptr<SSL_CTX, FreeContext> context(SSL_CTX_new(TLS_client_method()));
  const bool trusts =
      context != nullptr &&
      (service.ca_file.empty() ? SSL_CTX_set_default_verify_paths(context.get())
                               : SSL_CTX_load_verify_locations(context.get(), service.ca_file.c_str(), nullptr)) == 1;
  if (!trusts) return Error{Errc::kIo, "cannot read the authorities in " + service.ca_file};
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  const std::unique_ptr<BIO, FreeBio> connection(BIO_new_ssl_connect(context.get()));
  std::string authority = authority_of(service.endpoint);
  if (authority.find(':', authority.rfind(']') == std::string::npos ? 0 : authority.rfind(']')) == std::string::npos)
    authority += ":443";
  std::string host = authority.substr(0, authority.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  SSL* ssl = nullptr;
  // (The macros of OpenSSL for these cast as C does.)
  BIO_ctrl(connection.get(), BIO_C_GET_SSL, 0, static_cast<void*>(&ssl));
  if (ssl == nullptr || SSL_ctrl(ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()) != 1 ||
      SSL_set1_host(ssl, host.c_str()) != 1 ||
      BIO_ctrl(connection.get(), BIO_C_SET_CONNECT, 0, authority.data()) != 1 ||
      BIO_ctrl(connection.get(), BIO_C_DO_STATE_MACHINE, 0, nullptr) != 1)
    return unreachable(service.endpoint);
  for (std::size_t sent = 0; sent < request.size();) {
    const int size = BIO_write(connection.get(), request.data() + sent, static_cast<int>(request.size() - sent));
    if (size <= 0) return unreachable(service.endpoint);
    sent += static_cast<std::size_t>(size);
  }
  std::string answer;
  std::array<char, 16384> piece{};
  for (int size = 0; answer.size() < kMaxAnswer && (size = BIO_read(connection.get(), piece.data(), piece.size())) > 0;)
    answer.append(piece.data(), static_cast<std::size_t>(size));
  return answer;
}

/// What the service says went wrong.
std::string message_of(const std::string& body) {
  boost::system::error_code problem;
  const auto value = boost::json::parse(body, problem);
  if (const auto* object = problem ? nullptr : value.if_object())
    for (const char* name : {"message", "Message"})
      if (const auto* text = object->if_contains(name); text != nullptr && text->is_string())
        return std::string(text->get_string());
  return body.substr(0, 500);
}

}  // namespace

Result<std::string> AdminClient::call(std::string_view method, std::string_view path, std::string_view body) const {
  const std::string host = authority_of(service_.endpoint);
  const std::string target = "/_heliograph/v1/admin/" + std::string(path);
  wire::SigningKeyCache cache(1);
  const auto headers =
      wire::sign_headers({.method = method, .host = host, .target = target, .body = body, .region = service_.region},
                         {service_.administrator.id.str(), service_.administrator.secret, Secret{}, std::nullopt},
                         SystemClock().wall_now(), cache);
  std::string request = std::string(method) + ' ' + target + " HTTP/1.1\r\nHost: " + host +
                        "\r\nContent-Type: application/json\r\nConnection: close\r\nX-Amz-Date: " + headers.x_amz_date +
                        "\r\nAuthorization: " + headers.authorization +
                        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  request += body;
  const auto answer = talk_to(service_, request);
  if (!answer) return answer.error();
  const std::size_t end = answer->find("\r\n\r\n");
  int status = 0;
  if (answer->starts_with("HTTP/1.1 ")) std::from_chars(answer->data() + 9, answer->data() + answer->size(), status);
  if (end == std::string::npos || status == 0)
    return Error{Errc::kIo, service_.endpoint + " does not answer as heliographd does"};
  std::string text = answer->substr(end + 4);
  if (status >= 200 && status < 300) return text;
  return Error{status == 404 ? Errc::kResourceNotFound : Errc::kInvalidArgument, message_of(text)};
}

}  // namespace heliograph::cli
