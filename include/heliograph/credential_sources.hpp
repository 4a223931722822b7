// Where credentials can come from: one function per source, and the chain that tries them as the AWS SDKs do.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "heliograph/credentials.hpp"
#include "heliograph/event_loop.hpp"
#include "heliograph/export.hpp"

namespace heliograph {

// What holds for every source below:
//
// Refresh:  credentials with an end are kept and fetched anew ahead of it: from 5 minutes before it behind the back of
//           those who get the old ones, from 1 minute before it everybody waits (a quarter and a tenth of their life,
//           if that is less than 20 minutes). However many ask, one fetch is made. If it fails while the old are good,
//           the old are given, and the next fetch waits 5 seconds, then 10, up to 60.
// Threads:  get() and forget() from any thread. `done` is called on the loop's thread, never in get() itself, and
//           holds up the loop for as long as it takes; environment_credentials() calls it in get(), and so do the
//           others when they cannot make a loop.
// Lifetime: whoever is still waiting when the provider goes gets kClosed, on the loop's thread, or on the thread that
//           ends the loop. A provider may go in a handler.
// Settings: options that are left empty are taken from the AWS variables named beside them, at each fetch. A timeout of
//           max() is for ever.
// Errors:   kMissingAuthenticationToken: not set up here. What a server says is quoted, what is secret never.
// Source:   the AWS SDKs and Tools Reference Guide; docs/sdk.md has the table.

/// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, read at each get().
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> environment_credentials();

/// Of profile_credentials().
struct ProfileCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};                 ///< Empty: one of its own, made when it is needed.
  std::string profile{};                             ///< AWS_PROFILE, else "default".
  std::string credentials_file{};                    ///< AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials.
  std::string config_file{};                         ///< AWS_CONFIG_FILE, else ~/.aws/config.
  std::chrono::milliseconds process_timeout{60000};  ///< For a `credential_process`.
};
/// A profile of ~/.aws/credentials and ~/.aws/config: a key; or a role (role_arn with source_profile, credential_source
/// or web_identity_token_file); or a `credential_process`. Settings of the first file count before those of the second.
/// The files are read at each fetch; a key that stands in them has no end, so that forget() makes it be read again.
/// Profiles of IAM Identity Center (sso_…) and of roles that need a code (mfa_serial) are refused with what to do.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> profile_credentials(
    ProfileCredentialsOptions options = {});

/// Of process_credentials().
struct ProcessCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  /// Program and arguments, split as a POSIX shell would; no shell is run, so that $, *, | and ; mean nothing.
  std::string command{};
  std::chrono::milliseconds timeout{60000};  ///< Then the program is killed, and what it started with it.
};
/// What a program prints: {"Version": 1, "AccessKeyId", "SecretAccessKey", "SessionToken"?, "Expiration"?}. Its
/// standard input is empty. Of what it says on standard error, some is quoted when it fails; what looks like a key is
/// not.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> process_credentials(ProcessCredentialsOptions options);

/// Of container_credentials().
struct ContainerCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  /// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (below http://169.254.170.2), else AWS_CONTAINER_CREDENTIALS_FULL_URI.
  std::string url{};
  Secret authorization{};                   ///< AWS_CONTAINER_AUTHORIZATION_TOKEN. Sent as the Authorization header.
  std::string authorization_file{};         ///< AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE; counts before the above.
  std::chrono::milliseconds timeout{2000};  ///< Of each try.
  int tries = 3;                            ///< A second apart.
};
/// The endpoint that ECS, EKS Pod Identity and Greengrass give to a container. Plain http only to loopback addresses
/// and to 169.254.170.2, 169.254.170.23 and fd00:ec2::23; the token file is read for each request.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> container_credentials(
    ContainerCredentialsOptions options = {});

/// Of instance_credentials().
struct InstanceCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  /// AWS_EC2_METADATA_SERVICE_ENDPOINT, else by AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE (IPv4, IPv6).
  std::string endpoint{};
  bool allow_v1 = true;  ///< Go on without a token where there is none; AWS_EC2_METADATA_V1_DISABLED=true forbids it.
  std::chrono::milliseconds timeout{1000};  ///< Of each try.
  int tries = 3;                            ///< Where the service is there but answers 5xx.
};
/// The role of an EC2 instance, by its metadata service (IMDSv2). Where none answers at the usual address it is not set
/// up. Credentials that have ended stay in use while the service has no newer ones. Never with
/// AWS_EC2_METADATA_DISABLED=true.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> instance_credentials(
    InstanceCredentialsOptions options = {});

/// Of web_identity_credentials().
struct WebIdentityCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  std::string role_arn{};             ///< AWS_ROLE_ARN.
  std::string session_name{};         ///< AWS_ROLE_SESSION_NAME, else one made up.
  std::string token_file{};           ///< AWS_WEB_IDENTITY_TOKEN_FILE. Read at each fetch.
  std::chrono::seconds duration{0};   ///< 900 to 43,200; zero: what the service chooses, an hour.
  std::string region{};               ///< default_region(). With none, the global endpoint of STS is asked.
  std::string endpoint{};             ///< AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, else that of the region's partition.
};
/// A role for the token of an OpenID Connect issuer (STS AssumeRoleWithWebIdentity), as pods of EKS get it.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> web_identity_credentials(
    WebIdentityCredentialsOptions options = {});

/// Of assume_role_credentials().
struct AssumeRoleCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};             ///< Empty: one of its own, made when it is needed.
  std::shared_ptr<CredentialProvider> source{};  ///< Signs the request. Required.
  std::string role_arn{};                        ///< Required.
  std::string session_name{};                    ///< Empty: one made up.
  std::string external_id{};  ///< What the role's trust policy demands (sts:ExternalId), if anything.
  std::string policy{};       ///< A policy document that the session is limited by.
  /// As WebIdentityCredentialsOptions has these three.
  /// @{
  std::chrono::seconds duration{0};
  std::string region{};
  std::string endpoint{};
  /// @}
};
/// A role (STS AssumeRole). When the service no longer takes the source's credentials, the source is made to forget
/// them and asked once more; when this machine's clock is off, the request is signed again by the service's.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> assume_role_credentials(
    AssumeRoleCredentialsOptions options);

/// Identity provider to token: {"accounts.google.com", "eyJ…"}.
using CognitoLogins = std::map<std::string, Secret>;

/// Of cognito_credentials().
struct CognitoCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  std::string identity_pool_id{};  ///< "eu-west-1:01234567-89ab-cdef-0123-456789abcdef". Required, or an identity_id.
  std::string identity_id{};       ///< Empty: asked for once, and kept until the service knows it no more.
  std::string account_id{};        ///< The pool's AWS account; empty: not said, for the pool's id is enough.
  std::string custom_role_arn{};   ///< One of several roles that the login may have; empty: the pool's choice.
  CognitoLogins logins{};          ///< None: a guest.
  /// Asked for the logins at each fetch instead; answers with a call of its argument, once, on any thread.
  std::function<void(std::function<void(Result<CognitoLogins>)>)> ask_for_logins{};
  std::string endpoint{};  ///< AWS_ENDPOINT_URL_COGNITO_IDENTITY, AWS_ENDPOINT_URL, else that of the pool's region.
};
/// An Amazon Cognito identity pool (GetId, GetCredentialsForIdentity).
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> cognito_credentials(CognitoCredentialsOptions options);

/// Of iot_credentials().
struct IotCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  std::string endpoint{};             ///< AWS_IOT_CORE_CREDENTIAL_ENDPOINT. "HOST[:PORT]", or https://.
  std::string role_alias{};           ///< AWS_IOT_CORE_ROLE_ALIAS.
  std::string thing_name{};           ///< AWS_IOT_CORE_THING_NAME.
  std::string certificate_file{};     ///< AWS_IOT_CORE_CERT. PEM.
  std::string private_key_file{};     ///< AWS_IOT_CORE_PRIVATE_KEY. PEM.
  std::string ca_file{};              ///< AWS_KVS_CACERT_PATH, else the loop's.
  /// Credentials are used no longer than this, so that a device whose certificate is revoked is out by then. 40 minutes
  /// is what the AWS C SDK allows. Zero: to their end.
  std::chrono::seconds longest_use{2400};
};
/// The AWS IoT credential provider: a device's certificate (mutual TLS) for the role behind an alias.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> iot_credentials(IotCredentialsOptions options = {});

/// Asks one provider after the other until one is set up, and then stays with it until forget(). One that is set up and
/// fails ends the search. The error has what each said. `done` is called where the providers call theirs.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> chain_credentials(
    std::vector<std::shared_ptr<CredentialProvider>> providers);

/// Of default_credentials().
struct DefaultCredentialsOptions {
  std::shared_ptr<EventLoop> loop{};  ///< Empty: one of its own, made when it is needed.
  std::string profile{};              ///< Given here, nothing but the profile is asked.
};
/// The chain of the AWS SDKs: environment, web identity, profile, container, EC2 instance.
[[nodiscard]] HELIOGRAPH_API std::shared_ptr<CredentialProvider> default_credentials(
    DefaultCredentialsOptions options = {});

/// AWS_REGION, else AWS_DEFAULT_REGION, else the region of the profile (empty: AWS_PROFILE, else "default"). Empty when
/// nobody says. Reads the profile's files.
[[nodiscard]] HELIOGRAPH_API std::string default_region(const std::string& profile = {});

}  // namespace heliograph
