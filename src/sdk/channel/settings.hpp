// ChannelSettings: a ChannelClient's options with the environment's part filled in, checked.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "heliograph/channel_client.hpp"
#include "net/http_url.hpp"
#include "sdk/credentials/profile_files.hpp"

namespace heliograph::sdk {

struct ChannelSettings {
  ChannelClient::Options options;  ///< Region and endpoints are those to use.
  net::HttpUrl control_plane;
  std::optional<net::HttpUrl> signaling;  ///< Instead of what the service names.
  std::optional<net::HttpUrl> storage;    ///< Likewise.
  std::string stun_uri;                   ///< Empty: not at AWS.
};

/// Fails with kInvalidArgument, saying what contradicts what, or what is missing.
/// @param variable  the value of an environment variable; empty when it is not set.
/// @param profile   that could not be read is an error only where neither options nor variables name an endpoint.
[[nodiscard]] Result<ChannelSettings> to_settings(ChannelClient::Options options,
                                                  const std::function<std::string(const char*)>& variable,
                                                  const Result<ProfileEndpoints>& profile = ProfileEndpoints{});

/// "https://host/prefix" and "/path" make "https://host/prefix/path".
[[nodiscard]] net::HttpUrl with_path(net::HttpUrl base, std::string_view path);

}  // namespace heliograph::sdk
