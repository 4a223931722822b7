// Layout.
#include "cli/doctor/signature_text.hpp"

#include <boost/json.hpp>

#include "cli/client/service.hpp"

namespace heliograph::cli {
namespace {

std::string indented(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    out.append("    ").append(line).append("\n");
    text.remove_prefix(std::min(line.size() + 1, text.size()));
  }
  return out;
}

std::string clock_text(std::chrono::seconds skew) {
  if (skew.count() == 0) return "Clock: the signer's date is that of the service.\n";
  return "Clock: the signer's date is " + std::to_string(std::abs(skew.count())) + " s " +
         (skew.count() > 0 ? "ahead of" : "behind") + " the service's.\n";
}

wire::SignedDifference to_difference(const boost::json::object& entry) {
  wire::SignedDifference difference{.part = text_of(entry, "part"),
                                    .received = {},
                                    .signed_over = {},
                                    .cause = text_of(entry, "cause"),
                                    .is_wanted = entry.contains("expected")};
  difference.received = text_of(entry, difference.received_label());
  difference.signed_over = text_of(entry, difference.signed_label());
  return difference;
}

std::string canonical_text(const std::string& expected, const std::string& signed_request, std::string_view canonical) {
  std::string out;
  if (!expected.empty()) out += "\nThe canonical request that was expected:\n" + indented(expected);
  const std::string_view theirs = canonical.empty() ? std::string_view(signed_request) : canonical;
  if (theirs.empty() || expected.empty()) return out;
  const auto lines = wire::compare_canonical_requests(expected, theirs);
  if (lines.empty()) return out + "\nThe client signed the same canonical request: its secret key is another one.\n";
  out += "\nWhere the one that was signed differs:\n";
  for (const auto& line : lines)
    out += "  " + line.where + "\n    expected  " + line.ours + "\n    signed    " + line.theirs + "\n";
  return out;
}

}  // namespace

std::string to_text(const wire::RefusalExplanation& explanation, std::string_view canonical) {
  std::string out;
  if (!explanation.differences.empty())
    out += explanation.is_proven ? "What differs:\n" : "No usual change makes the signature right. What to look at:\n";
  for (const auto& difference : explanation.differences) {
    const auto line = [&out](std::string_view label, const std::string& value) {
      out.append("    ").append(label).append(10 - label.size(), ' ').append(value).append("\n");
    };
    out += "  " + difference.part + "\n";
    line(difference.received_label(), difference.received);
    if (!difference.signed_over.empty()) line(difference.signed_label(), difference.signed_over);
    line("cause", difference.cause);
  }
  if (explanation.skew) out += clock_text(*explanation.skew);
  return out + canonical_text(explanation.expected, explanation.signed_request, canonical);
}

std::string to_text(const boost::json::object& refusal, std::string_view canonical) {
  std::string out = to_line(refusal);
  if (const auto action = text_of(refusal, "action"); !action.empty())
    return out + "\nMissing permission:\n  action    " + action + "\n  resource  " + text_of(refusal, "resource") +
           "\n  decision  " + text_of(refusal, "decision") +
           "\nheliograph policy check tries a policy before anybody uses it.\n";
  wire::RefusalExplanation explanation;
  explanation.expected = text_of(refusal, "expectedCanonicalRequest");
  explanation.signed_request = text_of(refusal, "signedCanonicalRequest");
  if (const auto* proven = refusal.if_contains("proven"); proven != nullptr && proven->is_bool())
    explanation.is_proven = proven->get_bool();
  if (const auto* skew = refusal.if_contains("skewSeconds"); skew != nullptr && skew->is_int64())
    explanation.skew = std::chrono::seconds(skew->get_int64());
  if (const auto* differences = refusal.if_contains("differences"); differences != nullptr && differences->is_array())
    for (const auto& entry : differences->get_array())
      if (entry.is_object()) explanation.differences.push_back(to_difference(entry.get_object()));
  return out + '\n' + to_text(explanation, canonical);
}

std::string to_line(const boost::json::object& refusal) {
  std::string line = text_of(refusal, "time") + "  " + text_of(refusal, "requestId") + "  " + text_of(refusal, "type");
  if (const auto from = text_of(refusal, "from"); !from.empty()) line += " from " + from;
  if (const auto key = text_of(refusal, "accessKeyId"); !key.empty()) line += " by " + key;
  return line + ": " + text_of(refusal, "detail") + "\n";
}

}  // namespace heliograph::cli
