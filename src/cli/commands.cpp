// Flags, and what their commands print.
#include "cli/commands.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iterator>

#include "cli/call/chat_input.hpp"
#include "cli/call_commands.hpp"
#include "cli/channel_commands.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/env_command.hpp"
#include "cli/failure.hpp"
#include "cli/plain_text.hpp"
#include "cli/relay_command.hpp"
#include "cli/service_flags.hpp"
#include "cli/trust_command.hpp"
#include "flags/manual.hpp"

namespace heliograph::cli {
namespace {

int print_environment(const ServiceOptions& service) {
  const auto variables = client_environment(service);
  if (!variables) return fail_with(variables.error());
  std::fputs(to_shell(*variables).c_str(), stdout);
  return 0;
}

int trust(const std::filesystem::path& data_dir, bool is_installing) {
  const auto ca = std::filesystem::absolute(data_dir) / "tls" / "ca.pem";
  std::error_code problem;
  const bool is_there = std::filesystem::exists(ca, problem);
  if (problem)
    return fail_with({Errc::kIo, "cannot look at " + ca.string() + ": " + problem.message() +
                                     (problem == std::errc::permission_denied ? permission_advice() : "")});
  if (!is_there)
    return fail_with(
        {Errc::kResourceNotFound, "there is no " + ca.string() + "; start heliographd with this data directory first"});
  if (!is_installing) {
    std::fputs(trust_instructions(ca).c_str(), stdout);
    return 0;
  }
  const auto done = install_trust(ca);
  if (!done) return fail_with(done.error());
  std::fputs(done->c_str(), stdout);
  return 0;
}

int explain_signature(const SignatureQuestion& question, const ServiceOptions& service) {
  const auto answer = answer_signature(question, service);
  if (!answer) return fail_with(answer.error());
  std::fputs(printable_lines(answer->text).c_str(), stdout);
  return answer->is_good ? 0 : 1;
}

int sign(const SignQuestion& question, const ServiceOptions& service, bool is_quiet) {
  const auto answer = sign_for(question, service);
  if (!answer) return fail_with(answer.error());
  std::printf("%s\n", answer->url.c_str());
  if (!is_quiet)
    std::fprintf(stderr, "heliograph: %s\nSigned by %s; whoever has it may join as a %s for %d s.\n",
                 answer->service.c_str(), answer->signer.c_str(), question.role.c_str(), question.expires);
  return 0;
}

int revoke(const std::string& channel, const ServiceOptions& service) {
  const auto done = revoke_relay(channel, service);
  if (!done) return fail_with(done.error());
  std::printf("%s\n", printable(*done).c_str());
  return 0;
}

/// Asks without a certificate's help: a service that cannot be trusted by this machine may be well all the same.
int tell_health(const ServiceOptions& options) {
  const auto service = find_service(options);
  if (!service) return fail_with(service.error());
  const auto endpoint = parse_endpoint(service->any());
  if (!endpoint) return fail_with(endpoint.error());
  const auto answer = fetch(*endpoint, {.ca_file = {}, .is_believing = true}, {.target = "/readyz"});
  if (!answer) return fail_with(answer.error());
  std::fputs(printable_lines(answer->body).c_str(), stdout);
  return answer->status == 200 ? 0 : 1;
}

int check(const PolicyQuestion& question) {
  const auto answer = check_policy(question, SystemClock().wall_now());
  if (!answer) return fail_with(answer.error());
  for (const std::string& warning : answer->warnings) std::fprintf(stderr, "heliograph: %s\n", warning.c_str());
  std::printf("%s\n", answer->text.c_str());
  return answer->allowed ? 0 : 1;
}

int generate(const CLI::App& app, const std::string& what) {
  const flags::Manual manual{
      .name = "heliograph",
      .section = "1",
      .summary = "the command line of Heliograph",
      .sections = {
          {"EXIT STATUS",
           "0 when all is well; 1 when something is not, or is denied, or the output could not be written; 2 for a "
           "mistake in what was asked."},
          {"SEE ALSO", "heliographd(8), heliograph.toml(5)"}}};
  std::fputs((what == "man" ? flags::to_man_page(app, manual) : flags::to_completion(app, what)).c_str(), stdout);
  return 0;
}

}  // namespace

Commands::Commands(CLI::App& app) : app_(app) {
  app.set_version_flag("--version", std::string("heliograph ") + HELIOGRAPH_VERSION);
  flags::add_generate_flag(app, generate_);
  add_environment(app);
  add_doctor(app);
  add_sign(app);
  add_relay(app);
  add_user_commands(app, user_);
  operator_commands_ = add_connection_commands(app);
  for (auto more : {add_channel_commands(app), add_call_commands(app)})
    std::move(more.begin(), more.end(), std::back_inserter(operator_commands_));
  add_health(app);
  add_policy(app);
  add_completion(app);
}

int Commands::run() {
  if (!generate_.empty()) return generate(app_, generate_);
  for (const auto& [command, what] : commands_)
    if (command->parsed()) return what();
  for (const Command& command : operator_commands_)
    if (command.app->parsed()) return command.run();
  if (user_.is_parsed) return run_user_command(user_);
  std::fputs(app_.help().c_str(), stderr);
  return 2;
}

void Commands::add_environment(CLI::App& app) {
  CLI::App* env = app.add_subcommand(
      "env", "Print shell exports that point AWS clients at heliographd: eval \"$(heliograph env)\"");
  add_data_flag(*env, service_);
  on(env, [this]() { return print_environment(service_); });
}

void Commands::add_doctor(CLI::App& app) {
  CLI::App* doctor = app.add_subcommand("doctor",
                                        "Find out what is wrong: is the service reached, trusted and in time, are "
                                        "calls signed, channels joined, do relays "
                                        "relay, do offers fit");
  add_sdk_flags(*doctor, service_);
  doctor->add_option("--channel", channel_,
                     "Join this channel as a viewer; default: make one, talk in it, and delete it again");

  CLI::App* trust_command = doctor->add_subcommand("trust", "Explain how to trust the development CA");
  add_data_flag(*trust_command, service_);
  trust_command->add_flag("--install", is_installing_,
                          "Have this machine trust it (as root; Debian's update-ca-certificates)");
  on(trust_command, [this]() { return trust(service_.data_dir, is_installing_); });

  CLI::App* signature = doctor->add_subcommand(
      "signature",
      "Explain why a request was refused: the latest, one by its x-amzn-RequestId, or a URL or request looked at here");
  add_service_flags(*signature, service_);
  signature->add_option("request-id", signature_.request_id, "x-amzn-RequestId of the refusal");
  signature->add_option("--url", signature_.url, "A presigned URL to look at");
  signature->add_option("--request", signature_.request_file,
                        "File with a request as it goes over the wire, to look at; - is standard input");
  signature->add_option("--canonical", signature_.canonical_file,
                        "File with the canonical request that the client signed (SDKs log it), to compare");
  on(signature, [this]() { return explain_signature(signature_, service_); });
  on(doctor, [this]() { return examine(service_, channel_, stdout); });
}

void Commands::add_sign(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "sign", "Mint a presigned WebSocket URL, with which somebody without a key may join a channel");
  command->alias("presign");
  add_sdk_flags(*command, service_);
  command->add_option("--channel", sign_.channel, "Name or ARN of the channel")->required();
  command->add_option("--role", sign_.role, "viewer or master")
      ->check(CLI::IsMember({"viewer", "master"}))
      ->capture_default_str();
  command->add_option("--client-id", sign_.client, "The viewer's id; default: one by chance");
  command->add_option("--expires", sign_.expires, "Seconds for which it is good")
      ->check(CLI::Range(1, 604'800))
      ->capture_default_str();
  command->add_flag("--plain", sign_.is_plain, "ws:// instead of wss://, where the service has both");
  command->add_flag("--quiet", is_quiet_, "Print the URL only");
  on(command, [this]() { return sign(sign_, service_, is_quiet_); });
}

void Commands::add_relay(CLI::App& app) {
  CLI::App* relay = app.add_subcommand("relay", "Work with the relay");
  relay->require_subcommand(1);
  CLI::App* command = relay->add_subcommand(
      "revoke", "Void the relay credentials that a channel was given until now, and end what they have allocated");
  add_service_flags(*command, service_);
  command->add_option("--channel", channel_, "Name or ARN of the channel")->required();
  on(command, [this]() { return revoke(channel_, service_); });
}

void Commands::add_health(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "health", "Say whether the service is ready; exit code 0 or 1 (for a container's health check)");
  add_service_flags(*command, service_);
  on(command, [this]() { return tell_health(service_); });
}

void Commands::add_policy(CLI::App& app) {
  CLI::App* policy = app.add_subcommand("policy", "Work with access policies");
  policy->require_subcommand(1);
  CLI::App* command = policy->add_subcommand(
      "check",
      "Say whether policies allow a request, by which statement and why; exit code 0 allowed, 1 denied, 2 bad "
      "input");
  command->add_option("--policy", policy_.policies, "JSON policy of the principal (repeatable)")->required();
  command->add_option("--session-policy", policy_.session_policies,
                      "JSON policy of the session: what it does not allow is denied (repeatable)");
  command->add_option("--action", policy_.action, "kinesisvideo:ConnectAsViewer")->required();
  command->add_option("--resource", policy_.resource, "ARN of the channel; arn:…:channel/NAME/* to create one, or *")
      ->required();
  command->add_option("--context", policy_.context, "A condition key, aws:SourceIp=203.0.113.7 (repeatable)");
  on(command, [this]() { return check(policy_); });
}

void Commands::add_completion(CLI::App& app) {
  CLI::App* command = app.add_subcommand(
      "completion", "Print a shell's completion: source <(heliograph completion bash), or the like of zsh and fish");
  command->add_option("shell", shell_, "bash, zsh or fish")->check(CLI::IsMember({"bash", "zsh", "fish"}))->required();
  on(command, [this]() { return generate(app_, shell_); });
}

}  // namespace heliograph::cli
