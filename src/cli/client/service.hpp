// Service: the heliographd that a command talks to, and who it is to it.
#pragma once

#include <boost/json/object.hpp>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "cli/client/http.hpp"
#include "heliograph/result.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::cli {

/// Where a service is: from flags, or from what one that runs on this machine has written into its data directory.
struct ServiceOptions {
  std::filesystem::path data_dir = ".heliograph";
  bool is_data_given = false;  ///< Somebody has said so, by --data or HELIOGRAPH_DATA: then it is that one or none.
  std::string endpoint{};      ///< Empty: that of DATA/runtime.json.
  std::string ca_file{};       ///< Empty: that of DATA/runtime.json, AWS_CA_BUNDLE, what the system trusts.
  std::string region{};        ///< Empty: that of DATA/runtime.json, default_region(), us-east-1.
  bool is_aws = false;         ///< The AWS SDKs' own rules, whatever runs here. Of commands that go through the SDK.
};

struct Service {
  std::string http;   ///< "http://localhost:3000"; empty when only the other is known.
  std::string https;  ///< "https://localhost:3000"; likewise.
  Trust trust;
  std::string own_ca_file;  ///< Of DATA/runtime.json; empty: its certificate is none that it has made itself.
  std::string region;
  /// From DATA/credentials, else AWS_ACCESS_KEY_ID and its like; none: requests go unsigned.
  std::optional<wire::SigningCredential> key;
  std::optional<Error> key_problem;  ///< Why DATA/credentials, which is there, gives no key.
  std::filesystem::path data_dir;
  bool is_local = false;  ///< DATA/runtime.json says where it is.

  /// The endpoint for calls: https, if there is one, since plain text is refused off loopback.
  [[nodiscard]] const std::string& any() const { return https.empty() ? http : https; }
  /// Where it is, for people: "heliographd at https://localhost:3000 (/srv/.heliograph)", "https://host (region r)".
  [[nodiscard]] std::string name() const;
  /// Why there is no key, and what to do.
  [[nodiscard]] Error no_key() const;
};

/// Fails, saying what to do, when nothing says where the service is (kResourceNotFound), when its runtime.json cannot
/// be read (kIo), or when what is in the data directory makes no sense (kCorrupt).
[[nodiscard]] Result<Service> find_service(const ServiceOptions& options);

/// The file with the CA to trust: what was asked for, else the service's own, else AWS_CA_BUNDLE, as the AWS SDKs and
/// ours have it. Empty: what the system trusts.
[[nodiscard]] std::string ca_file_of(const ServiceOptions& options, const std::string& of_service = {});

/// Whether a heliographd answers there, and not Amazon or what imitates it. Whose certificate it has does not matter.
/// Fails when nothing can be reached.
[[nodiscard]] Result<bool> is_heliographd(const Service& service);

/// Sends what is asked, signed if there is a key, over a connection of its own.
[[nodiscard]] Result<HttpAnswer> ask_signed(const Service& service, const std::string& endpoint, HttpAsk ask,
                                            const OnBody& on_body = {});

/// What an error answer says went wrong; never empty.
[[nodiscard]] std::string message_of(const HttpAnswer& answer);

/// What a refusal means, by its AWS type, else by its status.
[[nodiscard]] Errc code_of(const HttpAnswer& answer);

/// A signed POST of JSON (unsigned without a key) and its answer's JSON. An error answer fails with its code_of(), and
/// a text of its status, type and message.
[[nodiscard]] Result<boost::json::object> call(const Service& service, const std::string& endpoint,
                                               std::string_view path, const boost::json::object& body,
                                               std::string_view method = "POST");

/// The member's text; empty when it is missing or no text.
[[nodiscard]] std::string text_of(const boost::json::object& object, std::string_view name);

/// The whole file, as base/read_file.hpp has it; kResourceNotFound when there is none, kIo when it cannot be read, with
/// what to do about files that are the service's own.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);

/// The same of a file that whoever asks has named: that it cannot be read is their mistake, kInvalidArgument.
[[nodiscard]] Result<std::string> read_named(const std::filesystem::path& file);

/// What to do about a file or directory that only the service's user may look at.
[[nodiscard]] std::string permission_advice();

}  // namespace heliograph::cli
