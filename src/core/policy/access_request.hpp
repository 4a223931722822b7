// AccessRequest: what is asked of the policies: an action on a resource, and the circumstances that conditions may
// test.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/clock.hpp"

namespace heliograph::core {

struct TagView {
  std::string_view key;
  std::string_view value;
};

/// The values of the condition keys; what is absent is a key that the request does not have. All views, for the call.
struct AccessContext {
  std::optional<std::string_view> source_ip;      ///< aws:SourceIp: "203.0.113.7", "2001:db8::1"
  std::optional<std::string_view> user_name;      ///< aws:username
  std::optional<std::string_view> user_id;        ///< aws:userid
  std::optional<std::string_view> principal_arn;  ///< aws:PrincipalArn
  std::optional<std::string_view> user_agent;     ///< aws:UserAgent
  std::optional<std::string_view> thing_name;     ///< credentials-iot:ThingName
  std::optional<std::string_view> external_id;    ///< sts:ExternalId
  std::optional<std::string_view> session_name;   ///< sts:RoleSessionName
  std::optional<bool> secure_transport;           ///< aws:SecureTransport
  std::optional<WallTime> now;                    ///< aws:CurrentTime, aws:EpochTime; seconds count.
  std::span<const TagView> principal_tags;        ///< aws:PrincipalTag/key
  std::span<const TagView> request_tags;          ///< aws:RequestTag/key
  std::span<const TagView> resource_tags;         ///< aws:ResourceTag/key
  std::span<const std::string_view> tag_keys;     ///< aws:TagKeys
  std::span<const TagView> web_identity;          ///< Keys are `ISSUER:claim`, the issuer without https://.
};

struct AccessRequest {
  std::string_view action;    ///< "kinesisvideo:ConnectAsViewer", in any case.
  std::string_view resource;  ///< An ARN, or "*" for actions on no resource in particular.
  AccessContext context;
};

}  // namespace heliograph::core
