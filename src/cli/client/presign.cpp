// Presigning.
#include "cli/client/presign.hpp"

#include <future>
#include <memory>

#include "heliograph/request_signer.hpp"

namespace heliograph::cli {

Result<Credentials> credentials_of(const SdkService& service) {
  const auto found = std::make_shared<std::promise<Result<Credentials>>>();
  service.channels->credentials()->get([found](Result<Credentials> key) { found->set_value(std::move(key)); });
  return found->get_future().get();
}

Result<std::string> presign(const SdkService& service, const Credentials& key, const std::string& endpoint,
                            const PresignWish& wish) {
  SignRequest request{.endpoint = endpoint, .query = {{"X-Amz-ChannelARN", wish.arn}}};
  if (!wish.client.empty()) request.query.emplace("X-Amz-ClientId", wish.client);
  request.date =
      std::chrono::floor<std::chrono::milliseconds>(SystemClock().wall_now()) + service.channels->clock_offset();
  return heliograph::sign_url(request, key, service.channels->region(), {.expires = wish.expires});
}

}  // namespace heliograph::cli
