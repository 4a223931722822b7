// Completions for three shells, from the same tree of commands.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flags/manual.hpp"

namespace heliograph::flags {
namespace {

bool is_shown(const CLI::Option* option) { return !option->get_group().empty(); }

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

/// Flags whose value is a file or a directory. By their whole names: `--tls-key` is a file, `--key` the id of one.
constexpr std::array<std::string_view, 20> kFileFlags{
    "--audit-log",       "--ca-file",          "--canonical", "--config",     "--data",
    "--master-key-file", "--policy",           "--record",    "--request",    "--send",
    "--session-policy",  "--source",           "--tls-cert",  "--tls-key",    "--trust",
    "--turn-binary",     "--turn-secret-file", "--web",       "--webhook-ca", "--webhook-secret-file"};

/// What may stand behind a flag.
struct Value {
  enum class Kind : std::uint8_t { kNone, kFile, kChoice, kFree };
  Kind kind = Kind::kNone;
  std::vector<std::string> choices{};  ///< Of kChoice.
};
using Values = std::map<std::string, Value>;

/// The words of an IsMember check, which CLI11 tells in what it calls the type: "TEXT:{viewer,master}".
std::vector<std::string> choices_of(const CLI::Option* option) {
  const std::string type = option->get_type_name();
  const auto begin = type.find(":{");
  if (begin == std::string::npos || type.back() != '}') return {};
  return CLI::detail::split(type.substr(begin + 2, type.size() - begin - 3), ',');
}

Value value_of(const CLI::Option* option, const std::string& flag) {
  if (option->get_items_expected_max() == 0) return {};
  if (auto choices = choices_of(option); !choices.empty()) return {Value::Kind::kChoice, std::move(choices)};
  const bool is_file = std::find(kFileFlags.begin(), kFileFlags.end(), flag) != kFileFlags.end();
  return {is_file ? Value::Kind::kFile : Value::Kind::kFree, {}};
}

/// Every command's path, "heliograph channel list", that of the program first.
void for_each_command(const CLI::App& app, const std::string& path,
                      const std::function<void(const CLI::App&, const std::string&)>& what) {
  what(app, path);
  for (const CLI::App* command : commands_of(app)) for_each_command(*command, path + ' ' + command->get_name(), what);
}

/// Of all commands together, since a flag means the same in each that takes a value for it.
Values values_of(const CLI::App& app) {
  Values values;
  for_each_command(app, {}, [&](const CLI::App& command, const std::string&) {
    for (const CLI::Option* option : command.get_options()) {
      if (!is_shown(option)) continue;
      for (const std::string& name : option->get_lnames()) {
        const std::string flag = "--" + name;
        Value value = value_of(option, flag);
        Value& known = values[flag];
        if (known.kind == Value::Kind::kNone) {
          known = std::move(value);
          continue;
        }
        for (std::string& choice : value.choices)
          if (std::find(known.choices.begin(), known.choices.end(), choice) == known.choices.end())
            known.choices.push_back(std::move(choice));
      }
    }
  });
  return values;
}

std::vector<std::string> words_of(const CLI::App& app) {
  std::vector<std::string> words;
  for (const CLI::Option* option : app.get_options()) {
    if (!is_shown(option)) continue;
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
    if (option->get_positional())  // What is known by its place.
      for (std::string& choice : choices_of(option)) words.push_back(std::move(choice));
  }
  for (const CLI::App* command : commands_of(app)) words.push_back(command->get_name());
  return words;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// The branches of a `case` over the word before: files, choices, and nothing where a value is anybody's own.
std::string value_cases(const Values& values, const std::string& files, const std::string& choice_begin,
                        const std::string& choice_end) {
  std::string file_flags;
  std::string free_flags;
  std::string branches;
  const auto add = [](std::string& flags, const std::string& flag) { flags += (flags.empty() ? "" : "|") + flag; };
  for (const auto& [flag, value] : values) {
    switch (value.kind) {
      case Value::Kind::kNone:
        break;
      case Value::Kind::kFile:
        add(file_flags, flag);
        break;
      case Value::Kind::kFree:
        add(free_flags, flag);
        break;
      case Value::Kind::kChoice:
        branches.append("    (").append(flag).append(") ").append(choice_begin).append(join(value.choices));
        branches.append(choice_end).append("; return ;;\n");
    }
  }
  if (!file_flags.empty()) branches += "    (" + file_flags + ") " + files + "; return ;;\n";
  if (!free_flags.empty()) branches += "    (" + free_flags + ") return ;;\n";
  return branches;
}

std::string to_bash(const CLI::App& app) {
  const std::string& name = app.get_name();
  std::string paths;
  std::string cases;
  for_each_command(app, name, [&](const CLI::App& command, const std::string& path) {
    if (&command != &app) paths += (paths.empty() ? "'" : " | '") + path + "'";
    cases += "    '" + path + "') words='" + join(words_of(command)) + "' ;;\n";
  });
  const std::string answers = value_cases(values_of(app), R"(mapfile -t COMPREPLY < <(compgen -f -- "$current"))",
                                          "mapfile -t COMPREPLY < <(compgen -W '", R"(' -- "$current"))");
  // What is no command is a flag, a value or a name, and leads no further.
  const std::string walk = paths.empty() ? std::string()
                                         : "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                                           "    case \"$path $word\" in " +
                                               paths +
                                               ") path=\"$path $word\" ;; esac\n"
                                               "  done\n";
  return "# Completion of " + name + " for bash.\n_" + name + R"(() {
  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}" path=')" +
         name + "' words='' word\n" + walk + "  case \"$path\" in\n" + cases +
         "  esac\n  COMPREPLY=()\n  case \"$previous\" in\n" + answers + R"(  esac
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
  for (const CLI::Option* option : app.get_options()) {
    if (!is_shown(option)) continue;
    for (const std::string& name : option->get_lnames())
      menu += " " + quoted("--" + name + ":" + summary(option->get_description()), false);
    if (option->get_positional())
      for (const std::string& choice : choices_of(option)) menu += " " + quoted(choice, false);
  }
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
  const std::string answers = value_cases(values_of(app), "_files", "compadd -- ", "");
  const std::string walk = paths.empty()
                               ? std::string()
                               : "  for word in \"${(@)words[2,CURRENT-1]}\"; do\n    case \"$place $word\" in (" +
                                     paths + ") place=\"$place $word\" ;; esac\n  done\n";
  return "#compdef " + name + "\n# Completion of " + name + " for zsh.\n_" + name + "() {\n  local place='" + name +
         "' word\n  local -a menu\n" + walk + "  case \"${words[CURRENT-1]}\" in\n" + answers +
         "  esac\n  case \"$place\" in\n" + cases +
         "  esac\n  if [[ ${words[CURRENT]} == -* ]]; then menu=(${(M)menu:#--*}); fi\n"
         "  _describe -o 'command or flag' menu\n}\n"
         "if [[ ${funcstack[1]} == _" +
         name + " ]]; then _" + name + " \"$@\"; else compdef _" + name + ' ' + name + "; fi\n";
}

std::string fish_value(const Value& value) {
  switch (value.kind) {
    case Value::Kind::kNone:
      return {};
    case Value::Kind::kFile:
      return " -r -F";
    case Value::Kind::kChoice:
      return " -x -a " + quoted(join(value.choices), true);
    case Value::Kind::kFree:
      return " -x";
  }
  return {};
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
      const std::string what = " -d " + quoted(summary(option->get_description()), true) + "\n";
      for (const std::string& flag : option->get_lnames())
        lines.append(begin).append(" -l ").append(flag).append(fish_value(value_of(option, "--" + flag))).append(what);
      const auto places = option->get_positional() ? choices_of(option) : std::vector<std::string>();
      for (const std::string& choice : places) lines += begin + " -a " + quoted(choice, true) + "\n";
    }
    for (const CLI::App* sub : commands_of(command))
      lines += begin + " -a " + sub->get_name() + " -d " + quoted(summary(sub->get_description()), true) + "\n";
  });
  // No files but where a flag asks for one.
  return out + "set -g __" + name + "_commands" + paths + "\ncomplete -c " + name + " -f\n" + lines;
}

}  // namespace

std::string to_completion(const CLI::App& app, const std::string& shell) {
  if (shell == "zsh") return to_zsh(app);
  return shell == "fish" ? to_fish(app) : to_bash(app);
}

}  // namespace heliograph::flags
