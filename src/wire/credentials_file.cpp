// Reading and writing the shared credentials file.
#include "wire/credentials_file.hpp"

namespace heliograph::wire {
namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

Error bad_line(int number, const char* why) { return {Errc::kCorrupt, "line " + std::to_string(number) + ": " + why}; }

}  // namespace

Result<std::vector<CredentialsProfile>> parse_credentials_file(std::string_view text) {
  std::vector<CredentialsProfile> profiles;
  CredentialsProfile current;
  const auto finish = [&profiles, &current]() {
    if (!current.id.empty() && !current.secret.empty()) profiles.push_back(current);
    current = CredentialsProfile{};
  };
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = trim(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (line.front() == '[') {
      if (line.back() != ']') return bad_line(number, "a section has no closing ']'");
      finish();
      current.name = std::string(trim(line.substr(1, line.size() - 2)));
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
  return profiles;
}

std::string to_credentials_file(const CredentialsProfile& profile) {
  return "[" + profile.name + "]\naws_access_key_id = " + profile.id.str() +
         "\naws_secret_access_key = " + std::string(profile.secret.reveal()) + "\n";
}

}  // namespace heliograph::wire
