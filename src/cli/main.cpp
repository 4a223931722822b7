// heliograph: the command line beside the service.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "cli/env_command.hpp"
#include "cli/trust_command.hpp"

namespace {

int print_environment(const std::string& data_dir) {
  const auto variables = heliograph::cli::client_environment(std::filesystem::absolute(data_dir));
  if (!variables) {
    std::fprintf(stderr, "heliograph: %s\n", variables.error().detail.c_str());
    return 1;
  }
  std::fputs(heliograph::cli::to_shell(*variables).c_str(), stdout);
  return 0;
}

int explain_trust(const std::string& data_dir) {
  const auto ca = std::filesystem::absolute(data_dir) / "tls" / "ca.pem";
  if (!std::filesystem::exists(ca)) {
    std::fprintf(stderr, "heliograph: there is no %s; start heliographd with this data directory first\n", ca.c_str());
    return 1;
  }
  std::fputs(heliograph::cli::trust_instructions(ca).c_str(), stdout);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"heliograph - the command line of Heliograph", "heliograph"};
  app.set_version_flag("--version", std::string("heliograph ") + HELIOGRAPH_VERSION);
  app.require_subcommand(1);

  std::string data_dir = ".heliograph";
  CLI::App* env = app.add_subcommand(
      "env", "Print shell exports that point AWS clients at heliographd: eval \"$(heliograph env)\"");
  CLI::App* doctor = app.add_subcommand("doctor", "Find out what is wrong");
  doctor->require_subcommand(1);
  CLI::App* trust = doctor->add_subcommand("trust", "Explain how to trust the development CA");
  for (CLI::App* command : {env, trust})
    command->add_option("--data", data_dir, "Data directory of heliographd")
        ->envname("HELIOGRAPH_DATA")
        ->capture_default_str();

  CLI11_PARSE(app, argc, argv);
  return env->parsed() ? print_environment(data_dir) : explain_trust(data_dir);
}
