// Loading the keys, and making the first one.
#include "server/principals.hpp"

#include "server/data_dir.hpp"
#include "server/system_rng.hpp"

namespace heliograph::server {
namespace {

/// The shapes of real keys: 20 upper-case characters that begin with AKIA, and 40 characters.
Principal make_administrator(Rng& rng) {
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
  Principals principals;
  principals.first_ = profiles->front().id.str();
  for (Principal& profile : *profiles) principals.by_id_.insert_or_assign(profile.id.str(), std::move(profile));
  return principals;
}

const Principal* Principals::find(std::string_view access_key_id) const {
  const auto found = by_id_.find(access_key_id);
  return found == by_id_.end() ? nullptr : &found->second;
}

}  // namespace heliograph::server
