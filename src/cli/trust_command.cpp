// Where each kind of client keeps the authorities it trusts.
#include "cli/trust_command.hpp"

#include <cstdlib>

#include "cli/shell.hpp"

namespace heliograph::cli {

std::string trust_instructions(const std::filesystem::path& ca_file) {
  const std::string ca = shell_quoted(ca_file.string());
  return "The development CA is " + ca_file.string() +
         "\n"
         "It was made on this machine for this machine; its key never leaves the data directory.\n"
         "\n"
         "One shell       eval \"$(heliograph env)\"          sets AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS\n"
         "curl            curl --cacert " +
         ca +
         " …\n"
         "boto3           boto3.client(…, verify=" +
         ca +
         ")\n"
         "C SDK           export AWS_KVS_CACERT_PATH=" +
         ca +
         "\n"
         "Whole machine   cp " +
         ca +
         " /usr/local/share/ca-certificates/heliograph.crt && update-ca-certificates\n"
         "Chromium        certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n heliograph -i " +
         ca +
         "\n"
         "Firefox         Settings → Privacy & Security → Certificates → View Certificates → Authorities → Import\n"
         "\n"
         "To stop trusting it, remove it from the same place. Browsers on http://localhost need none of this.\n";
}

Result<std::string> install_trust(const std::filesystem::path& ca_file, const std::filesystem::path& anchors,
                                  const std::string& update) {
  const auto anchor = anchors / "heliograph.crt";
  std::error_code error;
  std::filesystem::copy_file(ca_file, anchor, std::filesystem::copy_options::overwrite_existing, error);
  if (error)
    return Error{Errc::kIo, "cannot write " + anchor.string() + ": " + error.message() + "; run this as root (sudo)"};
  std::filesystem::permissions(anchor, std::filesystem::perms(0644), error);
  if (std::system(update.c_str()) != 0)  // A word of ours, or a test's.
    return Error{Errc::kIo, update + " failed; " + anchor.string() + " is there, run it again"};
  return "This machine trusts " + ca_file.string() + " now; browsers with a store of their own do not (see without " +
         "--install).\nTo take it back: rm " + anchor.string() + " && update-ca-certificates --fresh\n";
}

}  // namespace heliograph::cli
