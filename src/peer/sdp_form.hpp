// The form in which webrtcbin is given the other side's descriptions.
#pragma once

#include <string>
#include <string_view>

#include "peer/sdp_text.hpp"

namespace heliograph::peer {

/// The description that was read, with all that webrtcbin needs where it looks for it, once, and nothing that it does
/// not know: each section has one mid, one direction, one word on who begins DTLS, and its formats; what a bundle
/// shares is in each of its sections. webrtcbin gives sections up that it takes for malformed, and aborts the process
/// later when it needs them (1.22: _connect_input_stream, _connect_rtpfunnel). Without candidates.
[[nodiscard]] std::string to_webrtcbin_form(std::string_view text, const Sdp& sdp);

/// Whether our answer, as webrtcbin made it, has each section that the offer has. Fails with kInvalidArgument; then it
/// must not be set, for the same reason.
[[nodiscard]] Result<void> check_answer(const Sdp& offer, std::string_view answer);

}  // namespace heliograph::peer
