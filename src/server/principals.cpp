// Loading the keys, and making the first one.
#include "server/principals.hpp"

#include <algorithm>

#include "server/data_dir.hpp"
#include "server/system_rng.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::server {
namespace {

/// The shapes of real keys: 20 upper-case characters that begin with AKIA, and 40 characters.
wire::CredentialsProfile make_administrator(Rng& rng) {
  return {"default", AccessKeyId("AKIA" + random_text(rng, kUpperAlnum, 16)), Secret(random_text(rng, kAlnum, 40))};
}

}  // namespace

Result<Principals> Principals::load_or_create(const std::filesystem::path& file, Rng& rng) {
  auto text = read_file(file);
  if (!text && text.error().code == Errc::kResourceNotFound) {
    text = wire::to_credentials_file(make_administrator(rng));
    if (auto written = write_private_file(file, *text); !written) return written.error();
  }
  if (!text) return text.error();
  auto principals = parse(*text);
  if (!principals) return Error{principals.error().code, file.string() + ": " + principals.error().detail};
  return principals;
}

Result<Principals> Principals::parse(std::string_view text) {
  auto profiles = wire::parse_credentials_file(text);
  if (!profiles) return profiles.error();
  if (profiles->empty())
    return Error{Errc::kCorrupt,
                 "no section has both aws_access_key_id and aws_secret_access_key; delete the file to get a new key"};
  std::vector<Principal> administrators;
  for (wire::CredentialsProfile& profile : *profiles)
    administrators.push_back({.name = std::move(profile.name),
                              .id = std::move(profile.id),
                              .secret = std::move(profile.secret),
                              .policies = {administrator_access()}});
  const std::string first = administrators.front().id.str();
  Principals principals;
  principals.add(std::move(administrators));
  principals.administrator_ = principals.find(first);
  return principals;
}

void Principals::add(std::vector<Principal> principals) {
  for (Principal& principal : principals) {
    std::string id = principal.id.str();
    by_id_.insert_or_assign(std::move(id), std::make_shared<const Principal>(std::move(principal)));
  }
}

PrincipalPtr Principals::find(std::string_view access_key_id) const {
  const auto found = by_id_.find(access_key_id);
  return found == by_id_.end() ? nullptr : found->second;
}

bool Principals::has_name(std::string_view name) const {
  return std::any_of(by_id_.begin(), by_id_.end(), [&](const auto& entry) { return entry.second->name == name; });
}

}  // namespace heliograph::server
