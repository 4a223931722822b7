// What `heliograph doctor` tries, in the order in which a client would need it.
#pragma once

#include <chrono>
#include <string>

#include "cli/client/service.hpp"
#include "cli/doctor/report.hpp"

namespace heliograph::cli {

/// http, https with the trust that the service asks for and with the system's, and the clocks. False when the service
/// cannot be reached at all.
bool check_reach(Report& report, const Service& service);

/// A signed call; then a channel: the one named, joined as a viewer without a word, or one of its own, in which a
/// master and a viewer exchange an offer, over ws and wss. Empty `channel`: one of its own. Checks the relay on the
/// way.
void check_signaling(Report& report, const Service& service, const std::string& channel);

/// STUN and TURN: each URI of the channel's GetIceServerConfig, with the credentials that it gives.
void check_relay(Report& report, const Service& service, const std::string& endpoint, const std::string& arn);

/// Runs all of them; the exit code: 0, or 1 when something failed.
[[nodiscard]] int examine(const ServiceOptions& options, const std::string& channel, std::FILE* out);

}  // namespace heliograph::cli
