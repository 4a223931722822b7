// Two calls.
#include "cli/doctor/own_channel.hpp"

#include <openssl/rand.h>

#include <array>

#include "wire/digest.hpp"

namespace heliograph::cli {

OwnChannel::~OwnChannel() {
  if (arn_.empty()) return;
  if (auto deleted = channels_->delete_channel(arn_); !deleted)
    report_.fail("channel", "cannot delete " + arn_ + ": " + deleted.error().detail);
}

Result<std::string> OwnChannel::make() {
  std::array<std::uint8_t, 6> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  NewChannel wanted;
  wanted.name = "heliograph-doctor-" + wire::to_hex(bytes);
  wanted.wait_until_active = true;
  auto arn = channels_->create_channel(std::move(wanted));
  if (arn) arn_ = *arn;
  return arn;
}

}  // namespace heliograph::cli
