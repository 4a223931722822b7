// What to do about something that the doctor found; nothing where its text says all.
#pragma once

#include <string>

#include "heliograph/error.hpp"

namespace heliograph::cli {

/// About an endpoint that Stream, fetch() or the SDK did not reach: what to do about a certificate that is not trusted,
/// a name that is not known, or a way that is not open.
[[nodiscard]] std::string reach_advice(const Error& error);
/// The same of a relay that probe_turn() could not use.
[[nodiscard]] std::string relay_advice(const Error& error);
/// About a call or handshake that was refused: the service explains refusals of 401 and 403 by their request's id.
[[nodiscard]] std::string refusal_advice(const Error& error);
/// About a call through the SDK that failed.
[[nodiscard]] std::string call_advice(const Error& error);
/// "1 check failed.", "2 checks failed."
[[nodiscard]] std::string to_verdict(int failures);

}  // namespace heliograph::cli
