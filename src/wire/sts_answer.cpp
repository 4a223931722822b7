// Finding the few elements that count.
#include "wire/sts_answer.hpp"

#include <utility>
#include <vector>

#include "wire/date.hpp"
#include "wire/xml_leaves.hpp"

namespace heliograph::wire {
namespace {

/// The text of the one leaf at that path; empty: there is none, or there are several.
std::string take_only(std::vector<XmlLeaf>& leaves, const std::string& path) {
  std::string found;
  std::size_t count = 0;
  for (XmlLeaf& leaf : leaves) {
    if (leaf.path != path) continue;
    ++count;
    found = std::move(leaf.text);
  }
  return count == 1 ? found : std::string{};
}

}  // namespace

Result<Credentials> parse_sts_credentials(std::string_view xml, std::string_view action) {
  auto leaves = read_xml_leaves(xml);
  if (!leaves) return std::move(leaves).error();
  const std::string name(action);
  const std::string at = name + "Response/" + name + "Result/Credentials/";
  Credentials credentials;
  credentials.access_key_id = take_only(*leaves, at + "AccessKeyId");
  credentials.secret_access_key = Secret(take_only(*leaves, at + "SecretAccessKey"));
  credentials.session_token = Secret(take_only(*leaves, at + "SessionToken"));
  credentials.expires = parse_iso_date(take_only(*leaves, at + "Expiration"));
  const char* missing = nullptr;
  if (!credentials.expires) missing = "Expiration";
  if (credentials.session_token.empty()) missing = "SessionToken";
  if (credentials.secret_access_key.empty()) missing = "SecretAccessKey";
  if (credentials.access_key_id.empty()) missing = "AccessKeyId";
  if (missing != nullptr)
    return Error{Errc::kCorrupt, std::string(missing) + " is not there, or not as it should be, in the answer"};
  return credentials;
}

ServiceRefusal parse_sts_refusal(std::string_view xml) {
  auto leaves = read_xml_leaves(xml);
  if (!leaves) return {};
  return {take_only(*leaves, "ErrorResponse/Error/Code"), take_only(*leaves, "ErrorResponse/Error/Message")};
}

}  // namespace heliograph::wire
