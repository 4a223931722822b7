// `heliograph doctor trust`: how to make this machine's clients trust the development CA.
#pragma once

#include <filesystem>
#include <string>

#include "heliograph/result.hpp"

namespace heliograph::cli {

/// Instructions for people, client by client.
[[nodiscard]] std::string trust_instructions(const std::filesystem::path& ca_file);

/// Has this machine trust it, as Debian does it: the file is copied to `anchors` and `update` is run. The text says how
/// to take that back. Fails with kIo, naming what is missing (root, mostly).
[[nodiscard]] Result<std::string> install_trust(
    const std::filesystem::path& ca_file, const std::filesystem::path& anchors = "/usr/local/share/ca-certificates",
    const std::string& update = "update-ca-certificates");

}  // namespace heliograph::cli
