// TLS 1.2 or newer, and the peer's certificate is always verified.
#include "net/client_trust.hpp"

#include <boost/asio/ssl/verify_mode.hpp>

namespace heliograph::net {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

Error unreadable(const std::string& what, const std::string& file, const error_code& error) {
  return {Errc::kIo, "cannot read the " + what + " in " + file + ": " + error.message()};
}

}  // namespace

Result<std::shared_ptr<ssl::context>> ClientTrust::context(const ClientTlsFiles& files) {
  const std::string& ca_file = files.ca_file.empty() ? default_ca_file_ : files.ca_file;
  auto& known = contexts_[Key{ca_file, files.certificate_file, files.key_file}];
  if (known) return known;
  auto made = std::make_shared<ssl::context>(ssl::context::tls_client);
  error_code error;
  made->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1, error);
  if (ca_file.empty()) {
    made->set_default_verify_paths(error);
  } else {
    made->load_verify_file(ca_file, error);
  }
  if (error) return unreadable("authorities", ca_file.empty() ? "the system's store" : ca_file, error);
  made->set_verify_mode(ssl::verify_peer, error);
  if (!files.certificate_file.empty()) {
    made->use_certificate_chain_file(files.certificate_file, error);
    if (error) return unreadable("certificate", files.certificate_file, error);
    made->use_private_key_file(files.key_file, ssl::context::pem, error);
    if (error) return unreadable("private key", files.key_file, error);
  }
  known = std::move(made);
  return known;
}

}  // namespace heliograph::net
