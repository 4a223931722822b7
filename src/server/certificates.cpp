// Files and their times.
#include "server/certificates.hpp"

#include <system_error>
#include <utility>

#include "server/dev_ca.hpp"

namespace heliograph::server {

Result<ServedCertificate> Certificates::locate(const net::TlsFiles& own) const {
  if (!own.certificate_chain_file.empty()) return ServedCertificate{own, {}};
  auto made = ensure_dev_certificate(dir_, names_, clock_.wall_now());
  if (!made) return made.error();
  return ServedCertificate{*made, dir_ / "ca.pem"};
}

void Certificates::serve(ServedCertificate certificate) {
  served_ = std::move(certificate);
  static_cast<void>(take_change());
}

Result<void> Certificates::renew() const {
  if (served_.ca_file.empty()) return {};
  if (auto made = ensure_dev_certificate(dir_, names_, clock_.wall_now()); !made) return made.error();
  return {};
}

bool Certificates::take_change() {
  const auto stamp_of = [](const std::string& file) {
    // A file that is being replaced may be missing for a moment; it has the stamp of one that is not there.
    std::error_code ignored;
    return Stamp{std::filesystem::last_write_time(file, ignored), std::filesystem::file_size(file, ignored)};
  };
  const std::array<Stamp, 2> now{stamp_of(served_.files.certificate_chain_file),
                                 stamp_of(served_.files.private_key_file)};
  return std::exchange(stamps_, now) != now;
}

}  // namespace heliograph::server
