// From a refusal to its cause. Signatures are hashes: what was signed can only be found by trying.
#include "wire/sigv4_explain.hpp"

#include <algorithm>
#include <array>

#include "wire/date.hpp"
#include "wire/sigv4_canonical.hpp"
#include "wire/sigv4_guesses.hpp"

namespace heliograph::wire {
namespace {

using Choice = std::array<std::size_t, kGuessedParts>;

/// Tries readings of a request against its signature.
class Search {
 public:
  Search(const RequestView& request, const AuthClaim& claim, const SigningCredential& credential, Guesses guesses)
      : claim_(claim), guesses_(std::move(guesses)), headers_(request.headers.begin(), request.headers.end()) {
    const SigningScope scope{claim.scope_date, claim.region, claim.service};
    for (const Guess& guess : guesses_.of[kGuessKey]) {
      std::string secret(credential.secret_access_key.reveal());
      if (&guess != &guesses_.of[kGuessKey].front()) secret += guess.value;
      keys_.push_back(derive_signing_key(Secret(std::move(secret)), scope));
    }
  }

  /// One part differs, or two do. More are not tried: what is found then would be no explanation.
  [[nodiscard]] std::optional<Choice> find() {
    if (matches({})) return Choice{};
    for (std::size_t a = 0; a < kGuessedParts; ++a)
      for (std::size_t i = 1; i < guesses_.of[a].size(); ++i)
        if (const Choice one = with({}, a, i); matches(one)) return one;
    for (std::size_t a = 0; a < kGuessedParts; ++a)
      for (std::size_t i = 1; i < guesses_.of[a].size(); ++i)
        for (std::size_t b = a + 1; b < kGuessedParts; ++b)
          for (std::size_t j = 1; j < guesses_.of[b].size(); ++j)
            if (const Choice two = with(with({}, a, i), b, j); matches(two)) return two;
    return std::nullopt;
  }

  [[nodiscard]] std::string text_of(const Choice& choice, bool redact) {
    for (std::size_t i = 0; i < headers_.size(); ++i) {
      if (is_same_header(headers_[i].name, "host")) headers_[i].value = chosen(choice, kGuessHost).value;
      if (is_same_header(headers_[i].name, "content-type")) headers_[i].value = chosen(choice, kGuessType).value;
    }
    return to_canonical_request(
        {chosen(choice, kGuessMethod).value, chosen(choice, kGuessPath).value, chosen(choice, kGuessQuery).value,
         claim_.signed_headers, chosen(choice, kGuessBody).value},
        headers_, redact);
  }
  [[nodiscard]] std::vector<SignedDifference> differences(const Choice& choice) const {
    std::vector<SignedDifference> found;
    for (std::size_t part = 0; part < kGuessedParts; ++part) {
      const Guess& guess = guesses_.of[part][choice[part]];
      // Without a cause it is a spelling that the service takes as well.
      if (!guess.cause.empty())
        found.push_back({guess.part, guess.received, guess.signed_over, guess.cause, guess.is_wanted});
    }
    return found;
  }

 private:
  static Choice with(Choice choice, std::size_t part, std::size_t index) {
    choice[part] = index;
    return choice;
  }
  [[nodiscard]] const Guess& chosen(const Choice& choice, std::size_t part) const {
    return guesses_.of[part][choice[part]];
  }
  [[nodiscard]] bool matches(const Choice& choice) {
    const std::string text = text_of(choice, false);
    // No comparison in constant time: nobody learns of the outcome but the administrator.
    return to_hex(to_signature(keys_[choice[kGuessKey]], claim_.amz_date, claim_.scope, text)) == claim_.signature;
  }

  const AuthClaim& claim_;
  Guesses guesses_;
  std::vector<HeaderView> headers_;
  std::vector<Sha256Digest> keys_;
};

/// The query of a canonical request may hold a session token, in any spelling.
std::string without_token(std::string text, const AuthClaim& claim) {
  for (const QueryParam& param : claim.query.params()) {
    if (param.name != "X-Amz-Security-Token") continue;
    for (const std::string& spelled : {std::string(param.raw_value), percent_encode(param.value),
                                       percent_encode(param.value, UriSpelling::kComponent)})
      for (auto at = text.find(spelled); !spelled.empty() && at != std::string::npos; at = text.find(spelled))
        text.replace(at, spelled.size(), "(redacted)");
  }
  return text;
}

std::vector<SignedDifference> suspects(const RequestView& request, const AuthClaim& claim) {
  std::vector<SignedDifference> found;
  found.push_back({"secret key",
                   "the one of " + std::string(claim.access_key_id.substr(0, 64)),
                   {},
                   "the client has another secret for this key, or something was changed in a way not known here; "
                   "compare the canonical request that the client signed (heliograph doctor signature --canonical)",
                   true});
  for (std::string_view rest = claim.signed_headers; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    if (name == "host" || name.starts_with("x-amz-") || name == "content-type") continue;
    const bool is_there = !header_value(request, name).empty();
    found.push_back({"header " + std::string(name.substr(0, 64)),
                     is_there ? "(as in the canonical request)" : "(not there)",
                     {},
                     is_there ? "it is signed, and proxies and HTTP libraries change such headers; do not sign it"
                              : "it is signed, and was taken away on the way"});
  }
  for (const char* name : {"via", "x-forwarded-for", "forwarded", "x-forwarded-host"})
    if (!header_value(request, name).empty()) {
      found.push_back({"proxy",
                       "header " + std::string(name),
                       {},
                       "a proxy stands in between; it must pass Host, path, query and body unchanged"});
      break;
    }
  return found;
}

void explain_mismatch(RefusalExplanation& out, const RequestView& request, const AuthClaim& claim,
                      const ExplainContext& context) {
  const auto wants = [&out](std::string part, std::string_view expected, std::string_view given, std::string cause) {
    out.differences.push_back(
        {std::move(part), std::string(expected), std::string(given.substr(0, 64)), std::move(cause), true});
    out.is_proven = true;
  };
  if (claim.region != context.policy.region)
    wants("region", context.policy.region, claim.region,
          "the client signs for another region; set its region (AWS_REGION) to that of the service");
  if (claim.service != context.policy.service)
    wants("service", context.policy.service, claim.service,
          "the client signs for another service; the signing name is kinesisvideo for all of its APIs");
  if (claim.scope_date != std::string_view(claim.amz_date).substr(0, 8))
    wants("date of the credential scope", std::string_view(claim.amz_date).substr(0, 8), claim.scope_date,
          "the scope's day is not that of X-Amz-Date; make both from one UTC time");
  if (!out.differences.empty()) return;
  for (std::string_view rest = claim.signed_headers; !rest.empty();) {
    const std::string_view name = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(name.size() + 1, rest.size()));
    const bool is_there = std::any_of(request.headers.begin(), request.headers.end(),
                                      [&](const HeaderView& header) { return is_same_header(header.name, name); });
    if (is_there) continue;
    out.is_proven = true;
    out.differences.push_back({"header " + std::string(name.substr(0, 64)), "(not there)", "(signed)",
                               "the header is signed, and was not sent or was taken away by a proxy"});
  }
  if (!out.differences.empty()) return;
  if (context.credential == nullptr) return;
  Search search(request, claim, *context.credential, guess_what_was_signed(request, claim, context.own_hosts));
  if (const auto found = search.find()) {
    out.is_proven = true;
    out.differences = search.differences(*found);
    out.signed_request = without_token(search.text_of(*found, true), claim);
  } else {
    out.differences = suspects(request, claim);
  }
}

void explain_date(RefusalExplanation& out, const AuthClaim& claim, const ExplainContext& context, bool is_late) {
  out.is_proven = true;
  const auto say = [&out, &context](std::string given, std::string cause) {
    out.differences.push_back({"clock", to_amz_date(context.now), std::move(given), std::move(cause), true});
  };
  if (!is_late)
    say(claim.amz_date, "the client's clock is ahead, or ours is behind; run NTP on both");
  else if (claim.carrier == AuthClaim::Carrier::kQuery)
    say(claim.amz_date + " + " + std::to_string(claim.expires.count()) + " s",
        "the URL is older than it was signed for: sign a new one for each connection, or the client's clock is behind");
  else
    say(claim.amz_date, "the client's clock is behind, or the request was held up; run NTP on both");
}

}  // namespace

RefusalExplanation explain_refusal(const RequestView& request, const Error& why, const ExplainContext& context) {
  RefusalExplanation out;
  const auto claim = parse_authentication(request);
  if (!claim) {
    const bool is_bare = claim.error().code == Errc::kMissingAuthenticationToken;
    out.is_proven = true;
    out.differences.push_back(
        {"signature",
         is_bare ? "(none)" : claim.error().detail,
         {},
         is_bare ? "the request is not signed, or a proxy took Authorization or the query away"
                 : "the signature is incomplete or malformed: its parts are lost, doubled or escaped on the way"});
    return out;
  }
  out.skew =
      std::chrono::floor<std::chrono::seconds>(claim->date) - std::chrono::floor<std::chrono::seconds>(context.now);
  out.expected = describe_expected(request, *claim);
  const auto say = [&out](std::string part, std::string expected, std::string given, std::string cause) {
    out.is_proven = true;
    out.differences.push_back({std::move(part), std::move(expected), std::move(given), std::move(cause), true});
  };
  if (why.code == Errc::kSignatureExpired || why.code == Errc::kSignatureNotYetCurrent) {
    explain_date(out, *claim, context, why.code == Errc::kSignatureExpired);
  } else if (why.code == Errc::kExpiredToken) {
    say("session token", "one that is not over", "(expired)", "the temporary credentials are over; fetch new ones");
  } else if (why.code == Errc::kUnrecognizedClient && context.credential == nullptr) {
    say("access key", "one that is known here", std::string(claim->access_key_id.substr(0, 64)),
        "the key is of another service or another data directory, or was removed; eval \"$(heliograph env)\" sets one "
        "that is known");
  } else if (why.code == Errc::kUnrecognizedClient) {
    say("session token", "(that of the key)", claim->session_token.empty() ? "(none)" : "(another one)",
        "key and session token do not belong together");
  } else {
    explain_mismatch(out, request, *claim, context);
  }
  return out;
}

std::vector<CanonicalDifference> compare_canonical_requests(std::string_view ours, std::string_view theirs) {
  const auto take_line = [](std::string_view& text) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  };
  while (theirs.ends_with('\n') || theirs.ends_with('\r')) theirs.remove_suffix(1);
  std::vector<CanonicalDifference> found;
  constexpr std::array<std::string_view, 3> kFirst{"method", "path", "query"};
  for (std::size_t line = 0; !ours.empty() || !theirs.empty(); ++line) {
    const std::string_view mine = take_line(ours);
    const std::string_view other = take_line(theirs);
    if (mine == other) continue;
    std::string where = "line " + std::to_string(line + 1) + " (";
    const auto colon = mine.find(':');
    if (line < kFirst.size()) {
      where += kFirst[line];
    } else if (ours.empty()) {
      where += "hash of the body";
    } else {
      where += colon == std::string_view::npos ? "signed headers" : "header " + std::string(mine.substr(0, colon));
    }
    found.push_back({where + ')', std::string(mine), std::string(other)});
  }
  return found;
}

}  // namespace heliograph::wire
