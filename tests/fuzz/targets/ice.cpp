// Candidates and ICE servers, a line each: what is used is whole; what webrtcbin gets has one host and no credentials
// that end early; no error tells a password. The first two lines are a user and a password, the rest URIs.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "peer/ice_text.hpp"
#include "support/check.hpp"

namespace heliograph::test {
namespace {

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

void check_candidate(std::string_view text) {
  const auto use = peer::judge_candidate(text);
  const std::string_view trimmed = peer::trim_candidate(text);
  if (!use) return check(use.error().detail.size() < 256, "an error is brief");
  if (*use == peer::CandidateUse::kNoMore)
    return check(trimmed.empty() || trimmed == "end-of-candidates", "that there are no more is said in two ways");
  check(trimmed.starts_with("candidate:") && is_plain(trimmed), "a candidate is one plain line");
  check(!peer::candidate_type(text).empty() || text.starts_with(' '), "a candidate has a type");
  check(peer::judge_candidate(trimmed).value() == *use, "what is around a candidate changes nothing");
  check(peer::judge_candidate("a=" + std::string(trimmed) + "\r\n").value() == *use, "nor does its line in SDP");
}

void check_uri(std::string_view uri, std::string_view scheme) {
  check(uri.starts_with(scheme) && is_plain(uri) && uri.find(' ') == std::string_view::npos, "a URI is one word");
  const std::string_view rest = uri.substr(scheme.size());
  check(std::count(rest.begin(), rest.end(), '@') == (scheme == "turn://" ? 1 : 0), "only a relay has credentials");
  const std::string_view host = rest.substr(rest.find('@') + 1);
  check(host.find('/') == std::string_view::npos && host.rfind(':') != std::string_view::npos, "it has host and port");
}

void check_servers(const std::vector<IceServer>& servers) {
  const auto uris = peer::to_ice_uris(servers);
  const IceServer& server = servers.front();
  const std::string password(server.password.reveal());
  if (!uris) {
    const bool is_in_uri = std::any_of(server.uris.begin(), server.uris.end(),
                                       [&](const std::string& uri) { return uri.find(password) != std::string::npos; });
    const bool is_told = !password.empty() && uris.error().detail.find(password) != std::string::npos;
    return check(!is_told || is_in_uri, "no error tells a password");
  }
  if (!uris->stun.empty()) {
    check_uri(uris->stun, "stun://");
    check(peer::to_ice_uris({{.uris = {uris->stun}}}).value().stun == uris->stun, "written again, it is the same");
  }
  const std::string credentials = peer::percent_encode(server.username) + ":" + peer::percent_encode(password) + "@";
  for (const std::string& uri : uris->turn) {
    check_uri(uri, "turn://");
    check(uri.substr(7).starts_with(credentials), "a relay's credentials are whole");
    check(uri.ends_with("?transport=udp") || uri.ends_with("?transport=tcp"), "a relay's transport is one of two");
  }
}

}  // namespace
}  // namespace heliograph::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  std::vector<std::string> lines;
  while (!rest.empty()) {
    const auto end = rest.find('\n');
    lines.emplace_back(rest.substr(0, end));
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  for (const std::string& line : lines) test::check_candidate(line);
  if (lines.size() < 3) return 0;
  // With a mark, so that it is no part of our own words.
  const std::string password = lines[1].empty() ? "" : lines[1] + "\x01";
  const std::vector<std::string> uris(lines.begin() + 2, lines.end());
  test::check_servers({{.uris = uris, .username = lines[0], .password = Secret(password)}});
  for (const std::string& uri : uris)
    test::check_servers({{.uris = {uri}, .username = lines[0], .password = Secret(password)}});
  return 0;
}
