// Where the running service is, and its administrator's key: what a heliographd leaves in its data directory.
#pragma once

#include <filesystem>
#include <string>

#include "cli/client/service.hpp"
#include "heliograph/result.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::cli {

struct ServiceFacts {
  std::string endpoint;  ///< "https://localhost:3000"
  std::string region;
  std::string ca_file;  ///< PEM of the development CA; empty: the machine's authorities.
  wire::CredentialsProfile administrator;
};

/// Reads DIR/credentials and DIR/runtime.json. Fails, saying what to do, when heliographd never ran with this
/// directory.
[[nodiscard]] Result<ServiceFacts> read_service_facts(const std::filesystem::path& data_dir);

}  // namespace heliograph::cli
