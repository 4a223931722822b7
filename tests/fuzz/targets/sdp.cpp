// Session descriptions: what is read means the same in the form that webrtcbin gets, which formed again stays as it is;
// ours is changed only where it should be; no caps have more of theirs in them than letters and digits.
#include <algorithm>
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>

#include "peer/codec_choice.hpp"
#include "peer/sdp_form.hpp"
#include "peer/sdp_text.hpp"
#include "support/check.hpp"

namespace heliograph::test {
namespace {

using peer::Sdp;
using peer::Section;

constexpr std::size_t kMostBytes = std::size_t{64} << 10U;

void check_formats(const Section& read, const Section& formed) {
  check(read.formats.size() == formed.formats.size(), "formed, a section has as many formats");
  for (std::size_t i = 0; i < read.formats.size(); ++i) {
    const peer::Format& before = read.formats[i];
    const peer::Format& after = formed.formats[i];
    check(before.payload_type == after.payload_type && before.codec == after.codec, "formed, formats are the same");
    check(before.parameters == after.parameters, "formed, formats have the same parameters");
    check(before.feedback_extension == after.feedback_extension, "formed, packets are numbered alike");
    const std::string caps = peer::to_caps_text(before);
    const std::string_view marks = "/-_=,()+:.";
    check(std::all_of(caps.begin(), caps.end(),
                      [&](char c) {
                        return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                               marks.find(c) != std::string_view::npos;
                      }),
          "caps have letters, digits and our own marks");
  }
  const auto chosen = peer::choose_format(read, {Codec::kH264, Codec::kVp8, Codec::kOpus});
  check(chosen.has_value() == !read.formats.empty(), "one of the formats is chosen");
}

void check_same(const Sdp& read, const Sdp& formed) {
  check(read.sections.size() == formed.sections.size(), "formed, it has as many sections");
  check(read.bundle == formed.bundle, "formed, it has the same bundle");
  for (std::size_t i = 0; i < read.sections.size(); ++i) {
    const Section& before = read.sections[i];
    const Section& after = formed.sections[i];
    check(before.kind == after.kind && before.mid == after.mid, "formed, sections are of the same kind and mid");
    check(before.is_rejected == after.is_rejected, "formed, the same sections are refused");
    check(read.has_transport(i) == formed.has_transport(i), "formed, the same sections have transports");
    if (before.kind == Section::Kind::kData) continue;
    check(before.sends == after.sends && before.receives == after.receives, "formed, directions are the same");
    check_formats(before, after);
    if (before.is_rejected || !read.has_transport(i)) continue;
    check(before.ufrag == after.ufrag && before.password == after.password, "formed, ICE credentials are the same");
    check(before.setup == after.setup, "formed, who begins DTLS is the same");
    check(before.fingerprints.front() == after.fingerprints.front(), "formed, the fingerprint is the same");
  }
}

void check_changes(const Sdp& read, const std::string& form) {
  const auto bare = peer::without_candidates(form);
  check(bare == form, "formed, it has no candidates");
  const auto full = peer::read_sdp(peer::with_candidates(form, read.candidates));
  check(full && full->candidates.size() == read.candidates.size(), "candidates are written where they are read");
  for (std::size_t i = 0; i < read.candidates.size(); ++i)
    check(full->candidates[i].candidate == read.candidates[i].candidate &&
              full->candidates[i].sdp_m_line_index == read.candidates[i].sdp_m_line_index,
          "candidates are those that were read");
  const auto changed = peer::read_sdp(peer::with_setup(peer::with_credentials(form, {"fresh", "word"}), "active"));
  check(changed && peer::check_successor(*full, *changed).has_value(), "with other credentials, it may follow");
  for (std::size_t i = 0; i < read.sections.size(); ++i) {
    if (read.sections[i].is_rejected) continue;
    check(changed->sections[i].ufrag == "fresh" && changed->sections[i].password == "word", "credentials are replaced");
  }
}

}  // namespace
}  // namespace heliograph::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  if (size > test::kMostBytes) return 0;  // Formed, it may be longer than what is taken.
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto sdp = peer::read_sdp(text);
  if (!sdp) {
    test::check(!sdp.error().detail.empty() && sdp.error().detail.size() < 256, "an error says why, briefly");
    return 0;
  }
  const std::string form = peer::to_webrtcbin_form(text, *sdp);
  const auto formed = peer::read_sdp(form);
  test::check(formed.has_value(), "formed, it is read again");
  test::check_same(*sdp, *formed);
  test::check(peer::to_webrtcbin_form(form, *formed) == form, "formed again, it stays as it is");
  test::check(peer::check_answer(*sdp, form).has_value(), "formed, no section is lost");
  test::check_changes(*sdp, form);
  return 0;
}
