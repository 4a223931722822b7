// heliograph: the command line beside the service.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "cli/connection_commands.hpp"
#include "cli/env_command.hpp"
#include "cli/policy_command.hpp"
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

int check_policy(const heliograph::cli::PolicyQuestion& question) {
  const auto answer = heliograph::cli::check_policy(question, heliograph::SystemClock().wall_now());
  if (!answer) {
    std::fprintf(stderr, "heliograph: %s\n", answer.error().detail.c_str());
    return 2;
  }
  std::printf("%s\n", answer->text.c_str());
  return answer->allowed ? 0 : 1;
}

CLI::App* add_policy_check(CLI::App& app, heliograph::cli::PolicyQuestion& question) {
  CLI::App* policy = app.add_subcommand("policy", "Work with access policies");
  policy->require_subcommand(1);
  CLI::App* check = policy->add_subcommand(
      "check",
      "Say whether policies allow a request, by which statement and why; exit code 0 allowed, 1 denied, 2 bad "
      "input");
  check->add_option("--policy", question.policies, "JSON policy of the principal (repeatable)")->required();
  check->add_option("--session-policy", question.session_policies,
                    "JSON policy of the session: what it does not allow is denied (repeatable)");
  check->add_option("--action", question.action, "kinesisvideo:ConnectAsViewer")->required();
  check->add_option("--resource", question.resource, "ARN of the channel; arn:…:channel/NAME/* to create one, or *")
      ->required();
  check->add_option("--context", question.context, "A condition key, aws:SourceIp=203.0.113.7 (repeatable)");
  return check;
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

  heliograph::cli::PolicyQuestion question;
  const CLI::App* check = add_policy_check(app, question);
  const auto commands = heliograph::cli::add_connection_commands(app);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;  // Help and version are no failures.
  }
  for (const heliograph::cli::Command& command : commands)
    if (command.app->parsed()) return command.run();
  if (check->parsed()) return check_policy(question);
  return env->parsed() ? print_environment(data_dir) : explain_trust(data_dir);
}
