// Words of candidates and URIs, each looked at before it is handed on.
#include "peer/ice_text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace heliograph::peer {
namespace {

constexpr std::size_t kMostPerCandidate = 1024;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto end = text.find(' ');
    if (end != 0) words.push_back(text.substr(0, end));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return words;
}

bool is_number(std::string_view text, std::uint64_t most) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  return failure == std::errc() && end == text.data() + text.size() && value <= most;
}

bool is_address(std::string_view text) {
  if (text.find('\0') != std::string_view::npos) return false;  // Which ends what is looked at.
  const std::string address(text.substr(0, text.find('%')));
  in6_addr any{};
  return ::inet_pton(AF_INET, address.c_str(), &any) == 1 || ::inet_pton(AF_INET6, address.c_str(), &any) == 1;
}

/// A name, an IPv4 address, or an IPv6 address in brackets.
bool is_host(std::string_view text) {
  if (text.starts_with('[') && text.ends_with(']')) {
    const std::string_view address = text.substr(1, text.size() - 2);
    return address.find(':') != std::string_view::npos && address.find('%') == std::string_view::npos &&
           is_address(address);
  }
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '.' ||
           c == '_';
  });
}

struct Uri {
  std::string_view scheme;
  std::string_view host;  ///< IPv6 in brackets.
  std::string_view port;
  std::string_view transport;
};

Error refuse(std::string_view uri, const char* why) {
  return Error{Errc::kInvalidArgument, "\"" + std::string(uri) + "\" is no ICE server: " + why};
}

Result<Uri> parse(std::string_view text) {
  Uri uri;
  const auto colon = text.find(':');
  uri.scheme = text.substr(0, colon);
  if (colon == std::string_view::npos ||
      (uri.scheme != "stun" && uri.scheme != "stuns" && uri.scheme != "turn" && uri.scheme != "turns"))
    return refuse(text, "it begins with none of stun:, turn:, turns:");
  std::string_view rest = text.substr(colon + 1);
  if (rest.starts_with("//")) rest.remove_prefix(2);
  if (const auto query = rest.find('?'); query != std::string_view::npos) {
    constexpr std::string_view kTransport = "transport=";
    uri.transport = rest.substr(query + 1);
    if (!uri.transport.starts_with(kTransport)) return refuse(text, "after \"?\" comes transport=udp or transport=tcp");
    uri.transport.remove_prefix(kTransport.size());
    rest = rest.substr(0, query);
  }
  const auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
  const auto port = rest.find(':', bracket == std::string_view::npos ? rest.size() : bracket);
  uri.host = rest.substr(0, port);
  uri.port = port == std::string_view::npos ? std::string_view() : rest.substr(port + 1);
  if (!is_host(uri.host)) return refuse(text, "it has no host");
  if (port != std::string_view::npos && (uri.port == "0" || !is_number(uri.port, 65535)))
    return refuse(text, "its port is no number from 1 to 65535");
  if (!uri.transport.empty() && uri.transport != "udp" && uri.transport != "tcp")
    return refuse(text, "its transport is neither udp nor tcp");
  return uri;
}

}  // namespace

std::string percent_encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    const auto byte = static_cast<unsigned char>(c);
    if (plain)
      encoded += c;
    else
      encoded.append({'%', kDigits[byte >> 4U], kDigits[byte & 15U]});
  }
  return encoded;
}

std::string_view trim_candidate(std::string_view candidate) {
  while (candidate.ends_with('\r') || candidate.ends_with('\n') || candidate.ends_with(' ')) candidate.remove_suffix(1);
  if (candidate.starts_with("a=")) candidate.remove_prefix(2);
  return candidate;
}

std::string_view candidate_type(std::string_view candidate) {
  const auto words = words_of(candidate);
  for (std::size_t i = 6; i + 1 < words.size(); ++i)
    if (words[i] == "typ") return words[i + 1];
  return {};
}

Result<CandidateUse> judge_candidate(std::string_view text) {
  const std::string_view candidate = trim_candidate(text);
  if (candidate.empty() || candidate == "end-of-candidates") return CandidateUse::kNoMore;
  const auto words = words_of(candidate);
  const bool is_whole = candidate.size() <= kMostPerCandidate &&
                        std::all_of(candidate.begin(), candidate.end(), [](char c) { return c >= ' ' && c <= '~'; }) &&
                        candidate.starts_with("candidate:") && words.size() >= 8 && is_number(words[1], 256) &&
                        is_number(words[3], 0xFFFFFFFFU) && is_number(words[5], 65535) && words[6] == "typ";
  if (!is_whole)
    return Error{Errc::kInvalidArgument, "\"" + std::string(candidate.substr(0, 100)) + "\" is no ICE candidate"};
  return is_address(words[4]) ? CandidateUse::kUse : CandidateUse::kHiddenName;
}

Result<IceUris> to_ice_uris(const std::vector<IceServer>& servers) {
  IceUris uris;
  for (const IceServer& server : servers) {
    for (const std::string& text : server.uris) {
      const auto parsed = parse(text);
      if (!parsed) return parsed.error();
      const bool is_secure = parsed->scheme.ends_with('s');
      const std::string host(parsed->host);
      const std::string port = parsed->port.empty() ? (is_secure ? "5349" : "3478") : std::string(parsed->port);
      if (parsed->scheme.starts_with("stun")) {
        if (is_secure)
          uris.unusable.push_back(text);
        else if (uris.stun.empty())
          uris.stun.append("stun://").append(host).append(":").append(port);
        continue;
      }
      if (server.username.empty() || server.password.empty())
        return refuse(text, "a relay needs a username and a password");
      if (is_secure) {
        uris.unusable.push_back(text);
        continue;
      }
      const std::string transport = parsed->transport.empty() ? "udp" : std::string(parsed->transport);
      std::string& uri = uris.turn.emplace_back("turn://");
      uri.append(percent_encode(server.username)).append(":").append(percent_encode(server.password.reveal()));
      uri.append("@").append(host).append(":").append(port).append("?transport=").append(transport);
    }
  }
  return uris;
}

}  // namespace heliograph::peer
