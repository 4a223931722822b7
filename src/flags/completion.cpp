// Completions for three shells, from the same tree of commands.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "flags/manual.hpp"

namespace heliograph::flags {
namespace {

bool is_shown(const CLI::Option* option) { return !option->get_group().empty(); }

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// Flags whose value is a file or a directory, by what they are called.
constexpr std::array kFileFlags{"--*file",  "--*cert",          "--*key",    "--data",     "--web",
                                "--config", "--*binary",        "--policy",  "--record",   "--source",
                                "--send",   "--session-policy", "--request", "--canonical"};

bool takes_file(std::string_view flag) {
  return std::any_of(kFileFlags.begin(), kFileFlags.end(), [flag](std::string_view pattern) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return pattern == flag;
    return flag.starts_with(pattern.substr(0, star)) && flag.ends_with(pattern.substr(star + 1));
  });
}

std::vector<std::string> words_of(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options())
    if (is_shown(option))
      for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  for (const CLI::App* command : commands_of(app)) words.push_back(command->get_name());
  return words;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// Every command's path, "heliograph channel list", that of the program first.
void for_each_command(const CLI::App& app, const std::string& path,
                      const std::function<void(const CLI::App&, const std::string&)>& what) {
  what(app, path);
  for (const CLI::App* command : commands_of(app)) for_each_command(*command, path + ' ' + command->get_name(), what);
}

std::string to_bash(const CLI::App& app) {
  const std::string& name = app.get_name();
  std::string paths;
  std::string cases;
  for_each_command(app, name, [&](const CLI::App& command, const std::string& path) {
    if (&command != &app) paths += (paths.empty() ? "'" : " | '") + path + "'";
    cases += "    '" + path + "') words='" + join(words_of(command)) + "' ;;\n";
  });
  std::string files;
  for (const char* flag : kFileFlags) files += (files.empty() ? "" : " | ") + std::string(flag);
  // What is no command is a flag, a value or a name, and leads no further.
  const std::string walk = paths.empty() ? std::string()
                                         : "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                                           "    case \"$path $word\" in " +
                                               paths +
                                               ") path=\"$path $word\" ;; esac\n"
                                               "  done\n";
  return "# Completion of " + name + " for bash.\n_" + name + R"(() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path=')" +
         name + "' words='' word\n" + walk + "  case \"$path\" in\n" + cases + "  esac\n  case \"$previous\" in\n    " +
         files + R"()
      mapfile -t COMPREPLY < <(compgen -f -- "$current")
      return ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _)" +
         name + ' ' + name + "\n";
}

/// In single quotes, for zsh and fish.
std::string quoted(std::string_view text, bool is_fish) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += is_fish ? "\\'" : "'\\''";
    } else if (c == '\\' && is_fish) {
      out += "\\\\";
    } else {
      out += c == '\n' ? ' ' : c;
    }
  }
  return out + "'";
}

/// One line of the menu: up to the first full stop, colon or semicolon.
std::string summary(const std::string& text) { return text.substr(0, text.find_first_of(".:;(")); }

/// "word:what it is", as zsh's _describe reads it.
std::string zsh_menu(const CLI::App& app) {
  std::string menu;
  for (const CLI::Option* option : app.get_options())
    if (is_shown(option))
      for (const std::string& name : option->get_lnames())
        menu += " " + quoted("--" + name + ":" + summary(option->get_description()), false);
  for (const CLI::App* command : commands_of(app))
    menu += " " + quoted(command->get_name() + ":" + summary(command->get_description()), false);
  return menu;
}

std::string to_zsh(const CLI::App& app) {
  const std::string& name = app.get_name();
  std::string paths;
  std::string cases;
  for_each_command(app, name, [&](const CLI::App& command, const std::string& path) {
    if (&command != &app) paths += (paths.empty() ? "'" : "|'") + path + "'";
    cases += "    '" + path + "') menu=(" + zsh_menu(command) + " ) ;;\n";
  });
  std::string files;
  for (const char* flag : kFileFlags) files += (files.empty() ? "" : "|") + std::string(flag);
  const std::string walk = paths.empty()
                               ? std::string()
                               : "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n    case \"$place $word\" in (" +
                                     paths + ") place=\"$place $word\" ;; esac\n  done\n";
  return "#compdef " + name + "\n# Completion of " + name + " for zsh.\n_" + name + "() {\n  local place='" + name +
         "' word\n  local -a menu\n" + walk + "  case \"${words[CURRENT-1]}\" in\n    (" + files +
         ") _files; return ;;\n  esac\n  case \"$place\" in\n" + cases +
         "  esac\n  if [[ ${words[CURRENT]} == -* ]]; then menu=(${(M)menu:#--*}); fi\n"
         "  _describe -o 'command or flag' menu || _files\n}\n"
         "if [[ ${funcstack[1]} == _" +
         name + " ]]; then _" + name + " \"$@\"; else compdef _" + name + ' ' + name + "; fi\n";
}

std::string to_fish(const CLI::App& app) {
  const std::string& name = app.get_name();
  std::string out = "# Completion of " + name + " for fish.\nfunction __" + name + R"(_at
    set -l place )" +
                    name + R"(
    for word in (commandline -opc)[2..-1]
        contains -- "$place $word" $__)" +
                    name + R"(_commands; and set place "$place $word"
    end
    test "$place" = "$argv[1]"
end
)";
  std::string paths;
  std::string lines;
  for_each_command(app, name, [&](const CLI::App& command, const std::string& path) {
    if (&command != &app) paths += " " + quoted(path, true);
    const std::string begin = "complete -c " + name + " -n " + quoted("__" + name + "_at " + quoted(path, true), true);
    for (const CLI::Option* option : command.get_options()) {
      if (!is_shown(option)) continue;
      for (const std::string& flag : option->get_lnames())
        lines.append(begin)
            .append(" -l ")
            .append(flag)
            .append(takes_file("--" + flag) ? " -r -F" : "")
            .append(" -d ")
            .append(quoted(summary(option->get_description()), true))
            .append("\n");
    }
    for (const CLI::App* sub : commands_of(command))
      lines += begin + " -f -a " + sub->get_name() + " -d " + quoted(summary(sub->get_description()), true) + "\n";
  });
  return out + "set -g __" + name + "_commands" + paths + "\n" + lines;
}

}  // namespace

std::string to_completion(const CLI::App& app, const std::string& shell) {
  if (shell == "zsh") return to_zsh(app);
  return shell == "fish" ? to_fish(app) : to_bash(app);
}

}  // namespace heliograph::flags
