// From CLI11's words to ours.
#include "server/config_errors.hpp"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "server/setting_texts.hpp"

namespace heliograph::server {
namespace {

/// The file that was read, or was to be; empty: none.
std::string file_of(const CLI::App& app) {
  const CLI::Option* option = app.get_config_ptr();
  if (option == nullptr) return {};
  return option->results().empty() ? option->get_default_str() : option->results().front();
}

/// The setting that the text is about, "turn-port"; empty: none.
std::string setting_in(std::string_view text) {
  const auto at = text.find("--");
  if (at == std::string_view::npos) return {};
  const std::string_view rest = text.substr(at + 2);
  return std::string(rest.substr(0, rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-")));
}

/// A flag or a variable gives the setting, so that the file's value does not count.
bool is_given_elsewhere(const std::string& setting, std::span<const char* const> arguments) {
  const std::string flag = "--" + setting;
  return std::getenv(variable_of(setting).c_str()) != nullptr ||
         std::any_of(arguments.begin(), arguments.end(), [&flag](std::string_view argument) {
           return argument.starts_with(flag) && (argument.size() == flag.size() || argument[flag.size()] == '=');
         });
}

std::string no_setting(const CLI::App& app, std::string_view name) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options())
    if (!option->get_lnames().empty() && option->get_configurable()) names.push_back(option->get_lnames().front());
  const std::string_view nearest = nearest_of(name, names);
  return "'" + std::string(name) + "' is no setting" +
         (nearest.empty() ? "; " : ", was " + std::string(nearest) + " meant? ") + "heliographd --help lists them";
}

}  // namespace

ExitRequest to_exit(const CLI::App& app, const CLI::ParseError& error, std::span<const char* const> arguments) {
  const std::string said = error.what();
  const int code = error.get_exit_code();
  // What ConfigError::Extras says, of files of any kind.
  constexpr std::string_view kExtra = "INI was not able to parse ";
  if (dynamic_cast<const CLI::ConfigError*>(&error) != nullptr)
    return {
        file_of(app) + ": " + (said.starts_with(kExtra) ? no_setting(app, said.substr(kExtra.size())) : said) + '\n',
        code};
  if (dynamic_cast<const CLI::FileError*>(&error) != nullptr) return {said + '\n', code};
  const std::string setting = setting_in(said);
  if (code != 0 && !file_of(app).empty() && !setting.empty() && !is_given_elsewhere(setting, arguments))
    return {file_of(app) + ": " + said + '\n', code};
  std::ostringstream out;
  app.exit(error, out, out);
  return {out.str(), code};
}

}  // namespace heliograph::server
