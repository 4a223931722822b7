// `heliograph doctor trust`: how to make this machine's clients trust the development CA.
#pragma once

#include <filesystem>
#include <string>

namespace heliograph::cli {

/// Instructions for people, client by client.
[[nodiscard]] std::string trust_instructions(const std::filesystem::path& ca_file);

}  // namespace heliograph::cli
