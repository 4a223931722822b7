// troff, written out.
#include "flags/manual.hpp"

#include <CLI/CLI.hpp>

namespace heliograph::flags {
namespace {

/// No text of ours becomes a request of troff's.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if ((out.empty() || out.back() == '\n') && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

/// Lines that begin with a blank stay as they are.
std::string paragraphs(const std::string& text) {
  std::string out;
  bool is_verbatim = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    at = end + 1;
    if (line.starts_with(' ') != is_verbatim && !line.empty()) {
      out += is_verbatim ? ".EE\n" : ".EX\n";
      is_verbatim = !is_verbatim;
    }
    out += line.empty() ? (is_verbatim ? "\n" : ".PP\n") : escaped(line) + "\n";
  }
  return out + (is_verbatim ? ".EE\n" : "");
}

std::string head(const Manual& manual) {
  std::string title = manual.name;
  for (char& c : title) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return ".TH " + title + " " + manual.section + " \"\" \"Heliograph " HELIOGRAPH_VERSION "\"\n.SH NAME\n" +
         escaped(manual.name) + " \\- " + escaped(manual.summary) + "\n";
}

std::string tail(const Manual& manual) {
  std::string out;
  for (const auto& [title, text] : manual.sections) out += ".SH " + title + "\n" + paragraphs(text);
  return out;
}

bool is_shown(const CLI::Option* option) { return !option->get_group().empty(); }

std::string value_name(const CLI::Option* option) {
  if (option->get_expected_max() == 0 || option->get_items_expected_max() == 0) return {};
  const std::string name = option->get_type_name();  // "TEXT:ADDR:PORT" where a check has a name of its own
  return name.starts_with("TEXT:") ? name.substr(5) : name;
}

std::string describe(const CLI::Option* option) {
  std::string out = ".TP\n.B " + escaped(option->get_name(option->get_positional(), true));
  if (const std::string value = value_name(option); !value.empty()) out += " \\fI" + escaped(value) + "\\fR";
  out += "\n" + escaped(option->get_description());
  if (const std::string standard = option->get_default_str(); !standard.empty())
    out += "; default: " + escaped(standard);
  if (!option->get_envname().empty()) out += "\n.br\nVariable: " + escaped(option->get_envname());
  return out + "\n";
}

std::string flags_of(const CLI::App& app) {
  std::string out;
  for (const CLI::Option* option : app.get_options())
    if (is_shown(option)) out += describe(option);
  return out;
}

void append_commands(std::string& out, const CLI::App& app, const std::string& prefix) {
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const std::string name = prefix + command->get_name();
    out += ".SS " + escaped(name) + "\n" + escaped(command->get_description()) + "\n" + flags_of(*command);
    append_commands(out, *command, name + ' ');
  }
}

}  // namespace

std::string to_man_page(const CLI::App& app, const Manual& manual) {
  std::string out = head(manual) + ".SH SYNOPSIS\n.B " + escaped(manual.name) + "\n[\\fIoptions\\fR]";
  const auto commands = app.get_subcommands([](const CLI::App*) { return true; });
  if (!commands.empty()) out += " \\fIcommand\\fR [\\fIoptions\\fR]";
  out += "\n.SH DESCRIPTION\n" + paragraphs(app.get_description() + "\n") + ".SH OPTIONS\n" + flags_of(app);
  if (!commands.empty()) out += ".SH COMMANDS\n";
  append_commands(out, app, {});
  if (const std::string footer = app.get_footer(); !footer.empty()) out += ".SH NOTES\n" + paragraphs(footer + "\n");
  return out + tail(manual);
}

std::string to_config_page(const CLI::App& app, const Manual& manual) {
  std::string out = head(manual) + ".SH DESCRIPTION\n" +
                    paragraphs(
                        "A TOML file. Each key is a flag of the program without its dashes; a flag beats a "
                        "variable, a variable the file. What may be given several times is an array.\n") +
                    ".SH KEYS\n";
  for (const CLI::Option* option : app.get_options()) {
    if (!is_shown(option) || !option->get_configurable() || option->get_lnames().empty()) continue;
    out += ".TP\n.B " + escaped(option->get_lnames().front());
    if (const std::string value = value_name(option); !value.empty()) out += " = \\fI" + escaped(value) + "\\fR";
    out += "\n" + escaped(option->get_description());
    if (const std::string standard = option->get_default_str(); !standard.empty())
      out += "; default: " + escaped(standard);
    out += "\n";
  }
  return out + tail(manual);
}

void add_generate_flag(CLI::App& app, std::string& what) {
  app.add_option("--generate", what, "Print a manual page or a completion")
      ->check(CLI::IsMember({"man", "config-man", "bash", "zsh", "fish"}))
      ->configurable(false)
      ->group("");
}

}  // namespace heliograph::flags
