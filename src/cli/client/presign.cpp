// Presigning.
#include "cli/client/presign.hpp"

#include <vector>

namespace heliograph::cli {

Result<std::string> presign(const Service& service, const std::string& endpoint, const PresignWish& wish) {
  if (!service.key) return Error{Errc::kLoginRequired, "there is no key to sign with"};
  std::vector<wire::ParamView> params{{"X-Amz-ChannelARN", wish.arn}};
  if (!wish.client.empty()) params.push_back({"X-Amz-ClientId", wish.client});
  wire::SigningKeyCache cache(1);
  return wire::presign_url({.endpoint = endpoint, .params = params, .region = service.region, .expires = wish.expires},
                           *service.key, SystemClock().wall_now(), cache);
}

}  // namespace heliograph::cli
