// Certificates: which one is served, the operator's own or the development CA's, and when it must be read again.
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "net/network.hpp"

namespace heliograph::server {

struct ServedCertificate {
  net::TlsFiles files;
  std::filesystem::path ca_file;  ///< What clients have to trust; empty: the certificate is the operator's own.
};

/// Threads: one at a time. `clock` must outlive it.
class Certificates {
 public:
  /// @param dir    of the development CA.
  /// @param names  what its certificates name.
  Certificates(std::filesystem::path dir, std::vector<std::string> names, const Clock& clock)
      : dir_(std::move(dir)), names_(std::move(names)), clock_(clock) {}

  /// The files to serve: `own` unless it is empty, else the development CA's, which are made, or renewed 30 days before
  /// their end. Fails as ensure_dev_certificate does.
  [[nodiscard]] Result<ServedCertificate> locate(const net::TlsFiles& own) const;
  /// These have been read and are served from now on.
  void serve(ServedCertificate certificate);
  [[nodiscard]] const ServedCertificate& served() const noexcept { return served_; }
  /// Renews the development certificate, if it is that one and time.
  [[nodiscard]] Result<void> renew() const;
  /// Whether the files served have changed since serve() or the last call.
  [[nodiscard]] bool take_change();

 private:
  struct Stamp {
    std::filesystem::file_time_type time;
    std::uintmax_t size = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };

  std::filesystem::path dir_;
  std::vector<std::string> names_;
  const Clock& clock_;
  ServedCertificate served_;
  std::array<Stamp, 2> stamps_;
};

}  // namespace heliograph::server
