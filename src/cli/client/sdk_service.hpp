// SdkService: the service that a command talks to through the SDK: a heliographd, or Amazon's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cli/client/service.hpp"
#include "heliograph/channel_client.hpp"
#include "heliograph/event_loop.hpp"
#include "heliograph/result.hpp"

namespace heliograph::cli {

/// Which rules say where the service is.
enum class ServiceRule : std::uint8_t {
  kData,      ///< DATA/runtime.json, of a heliographd on this machine; also when --data names a DATA without one.
  kEndpoint,  ///< --endpoint.
  kSdk,       ///< The AWS SDKs': AWS_ENDPOINT_URL_KINESIS_VIDEO, AWS_ENDPOINT_URL, else Amazon's of the region.
};

/// @param has_data  whether DATA/runtime.json is there.
[[nodiscard]] ServiceRule choose_rule(const ServiceOptions& options, bool has_data) noexcept;

/// Move-only. Its end waits for what the loop is still doing (milliseconds), unless handlers run elsewhere: then let
/// them run before. A loop that is still at work when the program ends leaves things undone.
struct SdkService {
  SdkService() = default;
  SdkService(SdkService&&) noexcept = default;
  SdkService& operator=(SdkService&&) = delete;
  ~SdkService();

  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<ChannelClient> channels;
  bool has_executor = false;
  std::string said;               ///< "heliographd at https://localhost:3000 (.heliograph)": for people.
  std::optional<Service> daemon;  ///< What find_service() knows of it, unless it is found by kSdk.
  Trust trust;
};

struct SdkWishes {
  std::function<void(std::function<void()>)> executor{};  ///< Where handlers run; empty: the loop's own thread.
  bool is_verbose = false;                                ///< Says on standard error what the SDK says.
  bool is_plain = false;                                  ///< By http, of a heliographd that has both.
};

/// Finds it; nothing is sent yet. Fails as find_service() and ChannelClient::create() do, saying what to do.
[[nodiscard]] Result<SdkService> open_service(const ServiceOptions& options, const SdkWishes& wishes = {});

}  // namespace heliograph::cli
