// Reading INI as the AWS SDKs do.
#include "wire/config_file.hpp"

#include <utility>

namespace heliograph::wire {
namespace {

constexpr std::string_view kSpace = " \t\r\f\v";

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

bool is_space(char c) { return kSpace.find(c) != std::string_view::npos; }

std::string_view without_comment(std::string_view line) {
  for (std::size_t i = 0; i < line.size(); ++i)
    if ((line[i] == '#' || line[i] == ';') && (i == 0 || is_space(line[i - 1]))) return line.substr(0, i);
  return line;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '"' || text.front() == '\'') && text.front() == text.back();
  return quoted ? text.substr(1, text.size() - 2) : text;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

Error bad_line(int number, const char* why) { return {Errc::kCorrupt, "line " + std::to_string(number) + ": " + why}; }

class Reader {
 public:
  explicit Reader(ConfigFileKind kind) : kind_(kind) {}

  Result<ConfigFile> read(std::string_view text) {
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    for (int number = 1; !text.empty(); ++number) {
      const auto end = text.find('\n');
      const std::string_view line = without_comment(text.substr(0, end));
      text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
      if (const char* wrong = take(line)) return bad_line(number, wrong);
    }
    return std::move(file_);
  }

 private:
  /// Why the line is none; null: it was taken.
  const char* take(std::string_view line) {
    const std::string_view bare = trim(line);
    if (bare.empty()) return nullptr;
    if (bare.front() == '[') {
      if (bare.back() != ']') return "a section has no closing ']'";
      open_section(trim(bare.substr(1, bare.size() - 2)));
      return nullptr;
    }
    const auto equals = bare.find('=');
    if (equals == std::string_view::npos) return "expected 'key = value' or '[section]'";
    const std::string key = lower(trim(bare.substr(0, equals)));
    if (key.empty()) return "a setting has no name";
    if (!in_section_) return "a setting stands before the first section";
    const std::string_view value = trim(bare.substr(equals + 1));
    const bool below = is_space(line.front()) && !parent_.empty();
    if (!below) parent_ = value.empty() ? key : std::string{};
    if (section_ != nullptr) set(below ? parent_ + "." + key : key, value);
    return nullptr;
  }
  void set(const std::string& key, std::string_view value) {
    if (key == "aws_secret_access_key") {
      section_->secret_access_key = Secret(std::string(value));
    } else if (key == "aws_session_token") {
      section_->session_token = Secret(std::string(value));
    } else {
      section_->settings[key] = std::string(value);
    }
  }
  void open_section(std::string_view name) {
    in_section_ = true;
    section_ = nullptr;
    parent_.clear();
    if (kind_ == ConfigFileKind::kCredentials) {
      section_ = &file_.profiles[std::string(unquoted(name))];
      return;
    }
    const auto blank = name.find_first_of(kSpace);
    const std::string_view word = name.substr(0, blank);
    const std::string rest(blank == std::string_view::npos ? std::string_view{} : unquoted(trim(name.substr(blank))));
    if (name == "default") section_ = &file_.profiles["default"];
    if (word == "profile" && !rest.empty()) section_ = &file_.profiles[rest];
    if (word == "services" && !rest.empty()) section_ = &file_.services[rest];
  }

  ConfigFileKind kind_;
  ConfigFile file_;
  ConfigSection* section_ = nullptr;  ///< Null: of a kind that is passed over.
  std::string parent_;                ///< The setting without a value that indented lines belong to.
  bool in_section_ = false;
};

}  // namespace

std::string ConfigSection::get(std::string_view name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? std::string{} : found->second;
}

void ConfigSection::merge(const ConfigSection& other) {
  for (const auto& [name, value] : other.settings) settings[name] = value;
  // A key goes with its own token: the one of another key would spoil it.
  if (!other.secret_access_key.empty()) {
    secret_access_key = other.secret_access_key;
    session_token = other.session_token;
  } else if (!other.session_token.empty()) {
    session_token = other.session_token;
  }
}

Result<ConfigFile> parse_config_file(std::string_view text, ConfigFileKind kind) { return Reader(kind).read(text); }

}  // namespace heliograph::wire
