// DATA/runtime.json: where the running service is, for `heliograph env` and other tools of this machine.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "net/network.hpp"
#include "server/config.hpp"

namespace heliograph::server {

/// "http://127.0.0.1:3000", "https://[::1]:3000"
[[nodiscard]] std::string url_of(const net::ListenAddress& listen, std::string_view scheme);

/// What a service that is bound there is called in URLs: "127.0.0.1:3000", and of loopback "localhost:3000" too.
[[nodiscard]] std::vector<std::string> own_hosts(const std::vector<net::ListenAddress>& bound);

/// @param first    an address that is served.
/// @param ca_file  what clients must trust; empty: nothing of ours.
[[nodiscard]] Result<void> write_runtime_file(const std::filesystem::path& file, net::ListenAddress first,
                                              const Config& config, const std::filesystem::path& ca_file);

}  // namespace heliograph::server
