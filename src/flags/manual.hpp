// Man pages and completions, from the object that parses the command line.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
}

namespace heliograph::flags {

/// What a man page says beside the flags.
struct Manual {
  std::string name;                                             ///< "heliographd"
  std::string section;                                          ///< "8"
  std::string summary;                                          ///< One line, for whatis.
  std::vector<std::pair<std::string, std::string>> sections{};  ///< Title and text; blank lines part paragraphs.
};

/// troff, as man(7) has it: synopsis, the description of the app, its flags, its subcommands and theirs.
[[nodiscard]] std::string to_man_page(const CLI::App& app, const Manual& manual);
/// The page of a configuration file in which every flag that may stand there is a key.
[[nodiscard]] std::string to_config_page(const CLI::App& app, const Manual& manual);
/// A completion for "bash", "zsh" or "fish": flags, subcommands, and files behind flags that take one.
[[nodiscard]] std::string to_completion(const CLI::App& app, const std::string& shell);

/// Adds the hidden flag --generate; its value is "man", "config-man" or a shell of to_completion().
void add_generate_flag(CLI::App& app, std::string& what);

}  // namespace heliograph::flags
