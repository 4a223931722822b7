// ClientTrust: the TLS contexts of clients, one per set of authorities and certificate.
#pragma once

#include <boost/asio/ssl/context.hpp>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "heliograph/result.hpp"

namespace heliograph::net {

/// PEM files; empty: the system's authorities, and no certificate of ours.
struct ClientTlsFiles {
  std::string ca_file{};
  std::string certificate_file{};
  std::string key_file{};
};

/// Reads files once and keeps what it made of them. Threads: one.
class ClientTrust {
 public:
  explicit ClientTrust(std::string default_ca_file) : default_ca_file_(std::move(default_ca_file)) {}

  /// Fails with kIo, naming the file and what is wrong with it.
  [[nodiscard]] Result<std::shared_ptr<boost::asio::ssl::context>> context(const ClientTlsFiles& files);

 private:
  using Key = std::tuple<std::string, std::string, std::string>;
  std::string default_ca_file_;
  std::map<Key, std::shared_ptr<boost::asio::ssl::context>> contexts_;
};

}  // namespace heliograph::net
