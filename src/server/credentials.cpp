// The shared credentials file: INI sections with aws_access_key_id and aws_secret_access_key.
#include "server/credentials.hpp"

#include "server/data_dir.hpp"
#include "server/system_rng.hpp"

namespace heliograph::server {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Error bad_line(int number, const char* why) {
  return {Errc::kCorrupt, "credentials file, line " + std::to_string(number) + ": " + why};
}

std::string make_file(Rng& rng) {
  // The shapes of real keys: 20 upper-case characters that begin with AKIA, and 40 characters.
  return "[default]\naws_access_key_id = AKIA" + random_text(rng, kUpperAlnum, 16) +
         "\naws_secret_access_key = " + random_text(rng, kAlnum, 40) + "\n";
}

}  // namespace

Result<Principals> Principals::load_or_create(const std::filesystem::path& file, Rng& rng) {
  auto text = read_file(file);
  if (!text && text.error().code == Errc::kResourceNotFound) {
    const std::string fresh = make_file(rng);
    if (auto written = write_private_file(file, fresh); !written) return written.error();
    return parse(fresh);
  }
  if (!text) return text.error();
  auto principals = parse(*text);
  if (!principals) return Error{principals.error().code, file.string() + ": " + principals.error().detail};
  return principals;
}

Result<Principals> Principals::parse(std::string_view text) {
  Principals principals;
  Principal current;
  const auto finish = [&principals, &current]() {
    if (!current.id.empty() && !current.secret.empty()) {
      if (principals.first_.empty()) principals.first_ = current.id.str();
      principals.by_id_.insert_or_assign(current.id.str(), current);
    }
    current.id = AccessKeyId{};
    current.secret = Secret{};
  };
  int number = 0;
  while (!text.empty()) {
    ++number;
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return bad_line(number, "a section has no closing ']'");
      finish();
      current.profile = std::string(trim(line.substr(1, line.size() - 2)));
      continue;
    }
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return bad_line(number, "expected 'key = value' or '[section]'");
    const std::string_view key = trim(line.substr(0, equals));
    const std::string_view value = trim(line.substr(equals + 1));
    if (key == "aws_access_key_id") current.id = AccessKeyId(std::string(value));
    if (key == "aws_secret_access_key") current.secret = Secret(std::string(value));
  }
  finish();
  if (principals.by_id_.empty())
    return Error{Errc::kCorrupt,
                 "no section has both aws_access_key_id and aws_secret_access_key; delete the file to get a new key"};
  return principals;
}

const Principal* Principals::find(std::string_view access_key_id) const {
  const auto found = by_id_.find(access_key_id);
  return found == by_id_.end() ? nullptr : &found->second;
}

}  // namespace heliograph::server
