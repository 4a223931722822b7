// What `heliograph doctor` tries, in the order in which a client would need it.
#pragma once

#include <string>
#include <vector>

#include "cli/client/sdk_service.hpp"
#include "cli/doctor/report.hpp"
#include "heliograph/ice.hpp"

namespace heliograph::cli {

/// http, https with the trust that the service asks for and with the system's, and the clocks, of a heliographd. False
/// when it cannot be reached at all.
bool check_reach(Report& report, const Service& service);

/// How far signed calls came.
enum class CallsVerdict : std::uint8_t {
  kNone,   ///< The service cannot be worked with.
  kNoKey,  ///< There is nothing to sign with, which is noted; of a heliographd.
  kMade,
};

/// A signed call; then a channel: the one named, joined as a viewer without a word, or one of its own; and its relays.
/// In a channel of its own at a heliographd a master and a viewer exchange an offer, over ws and wss. Empty `channel`:
/// one of its own.
/// @param is_heliographd  what check_reach() is for, so that the clocks have been compared.
[[nodiscard]] CallsVerdict check_calls(Report& report, const SdkService& service, const std::string& channel,
                                       bool is_heliographd);

/// STUN and TURN: each URI, with its credentials.
void check_relays(Report& report, const std::vector<IceServer>& servers, const Trust& trust);

/// Runs all of them; the exit code: 0, or 1 when something failed.
[[nodiscard]] int examine(const ServiceOptions& options, const std::string& channel, std::FILE* out);

}  // namespace heliograph::cli
