// Commands: what `heliograph` can do, as flags and the functions behind them.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cli/client/service.hpp"
#include "cli/connection_commands.hpp"
#include "cli/doctor/signature_command.hpp"
#include "cli/policy_command.hpp"
#include "cli/sign_command.hpp"
#include "cli/user_options.hpp"

namespace CLI {
class App;
}

namespace heliograph::cli {

/// Lifetime: `app` must outlive it.
class Commands {
 public:
  explicit Commands(CLI::App& app);
  Commands(const Commands&) = delete;
  Commands& operator=(const Commands&) = delete;

  /// Runs the command that was given; its exit code.
  [[nodiscard]] int run();

 private:
  void add_environment(CLI::App& app);
  void add_doctor(CLI::App& app);
  void add_sign(CLI::App& app);
  void add_relay(CLI::App& app);
  void add_health(CLI::App& app);
  void add_policy(CLI::App& app);
  void add_completion(CLI::App& app);
  /// `command` does `what` when it is given.
  void on(CLI::App* command, std::function<int()> what) { commands_.emplace_back(command, std::move(what)); }

  CLI::App& app_;
  ServiceOptions service_;
  std::string channel_;
  SignatureQuestion signature_;
  SignQuestion sign_;
  PolicyQuestion policy_;
  UserOptions user_;
  std::vector<Command> operator_commands_;
  std::string generate_;
  std::string shell_;
  bool is_quiet_ = false;
  bool is_installing_ = false;
  std::vector<std::pair<CLI::App*, std::function<int()>>> commands_;  ///< The innermost first.
};

}  // namespace heliograph::cli
