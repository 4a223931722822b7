// Finding and reading the two files.
#include "sdk/credentials/profile_files.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <utility>

#include "base/read_file.hpp"

namespace heliograph::sdk {
namespace {

constexpr const char* kIgnore = "ignore_configured_endpoint_urls";
constexpr std::size_t kMostFile = std::size_t{1} << 20U;

std::string home(const ReadVariable& variable) {
  std::string path = variable("HOME");
  if (!path.empty()) return path;
  std::array<char, 4096> space{};
  struct passwd entry{};
  struct passwd* found = nullptr;
  if (::getpwuid_r(::geteuid(), &entry, space.data(), space.size(), &found) != 0 || found == nullptr) return {};
  return found->pw_dir;
}

/// With a home in the place of a tilde at the front.
std::string expand(std::string path, const ReadVariable& variable) {
  if (path == "~" || path.starts_with("~/")) path.replace(0, 1, home(variable));
  return path;
}

std::string find_file(const std::string& given, const char* name, const char* usual, const ReadVariable& variable) {
  if (!given.empty()) return expand(given, variable);
  const std::string said = variable(name);
  return expand(said.empty() ? usual : said, variable);
}

Result<wire::ConfigFile> read(const std::string& path, wire::ConfigFileKind kind) {
  const auto text = read_file(path, kMostFile);
  if (!text) {
    if (text.error().code == Errc::kResourceNotFound) return wire::ConfigFile{};
    return Error{text.error().code, "profile: " + text.error().detail};
  }
  auto parsed = wire::parse_config_file(*text, kind);
  if (!parsed) return Error{Errc::kCorrupt, "profile: " + path + ", " + parsed.error().detail};
  return parsed;
}

std::string of_services(const ProfileFiles& files, const wire::ConfigSection& profile, std::string_view service) {
  const auto services = files.settings.services.find(profile.get("services"));
  if (services == files.settings.services.end()) return {};
  return services->second.get(std::string(service) + ".endpoint_url");
}

}  // namespace

Result<ProfileFiles> read_profile_files(const ProfileChoice& choice, const ReadVariable& variable) {
  ProfileFiles files;
  files.profile = choice.profile.empty() ? variable("AWS_PROFILE") : choice.profile;
  files.was_chosen = !files.profile.empty();
  if (files.profile.empty()) files.profile = "default";
  files.credentials_file =
      find_file(choice.credentials_file, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials", variable);
  files.config_file = find_file(choice.config_file, "AWS_CONFIG_FILE", "~/.aws/config", variable);
  auto config = read(files.config_file, wire::ConfigFileKind::kConfig);
  if (!config) return config.error();
  auto credentials = read(files.credentials_file, wire::ConfigFileKind::kCredentials);
  if (!credentials) return credentials.error();
  files.settings = std::move(*config);
  for (const auto& [name, section] : credentials->profiles) files.settings.profiles[name].merge(section);
  return files;
}

std::string profile_endpoint(const ProfileFiles& files, std::string_view profile, std::string_view service) {
  const auto found = files.settings.profiles.find(profile);
  if (found == files.settings.profiles.end() || is_true(found->second.get(kIgnore))) return {};
  std::string url = of_services(files, found->second, service);
  return url.empty() ? found->second.get("endpoint_url") : url;
}

Result<ProfileEndpoints> read_profile_endpoints(const ReadVariable& variable) {
  const auto files = read_profile_files({}, variable);
  if (!files) return files.error();
  ProfileEndpoints endpoints;
  const auto found = files->settings.profiles.find(files->profile);
  if (found == files->settings.profiles.end()) return endpoints;
  // Sections are named after services as their models are ("Kinesis Video Signaling"), with underscores.
  endpoints.control_plane = profile_endpoint(*files, files->profile, "kinesis_video");
  endpoints.signaling = of_services(*files, found->second, "kinesis_video_signaling");
  endpoints.storage = of_services(*files, found->second, "kinesis_video_webrtc_storage");
  endpoints.are_ignored = is_true(found->second.get(kIgnore));
  endpoints.use_fips = is_true(found->second.get("use_fips_endpoint"));
  endpoints.use_dualstack = is_true(found->second.get("use_dualstack_endpoint"));
  return endpoints;
}

std::string find_region(const ProfileChoice& choice, const ReadVariable& variable) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    std::string region = variable(name);
    if (!region.empty()) return region;
  }
  const auto files = read_profile_files(choice, variable);
  if (!files) return {};
  const auto found = files->settings.profiles.find(files->profile);
  return found == files->settings.profiles.end() ? std::string{} : found->second.get("region");
}

}  // namespace heliograph::sdk
