// One table of subcommands for users, one for roles.
#include "cli/user_options.hpp"

#include <cstdio>

#include "cli/client/admin.hpp"
#include "cli/failure.hpp"
#include "cli/service_flags.hpp"

namespace heliograph::cli {
namespace {

class Commands {
 public:
  Commands(CLI::App& parent, UserOptions& options, bool is_role)
      : parent_(parent), options_(options), is_role_(is_role) {}

  CLI::App* add(const char* name, const char* about, UserAct act) {
    CLI::App* command = parent_.add_subcommand(name, about);
    if (act != UserAct::kList) command->add_option("name", options_.wish.name, "Its name")->required();
    add_service_flags(*command, options_.service);
    command->add_flag("--json", options_.wish.json, "Print the service's answer");
    command->callback([&options = options_, act, is_role = is_role_]() {
      options.is_parsed = true;
      options.wish.act = act;
      options.wish.is_role = is_role;
    });
    return command;
  }
  void add_settings(CLI::App* command) {
    command->add_option("--policy", options_.wish.policies, "File with a policy of what it may do (repeatable)");
    command->add_option("--tag", options_.wish.tags, "KEY=VALUE, for conditions on aws:PrincipalTag (repeatable)");
    if (!is_role_) return;
    command->add_option("--max-session", options_.wish.max_session,
                        "Seconds that a session may last at most: 3600 to 43200");
  }
  void add_removals(CLI::App* command) {
    command->add_flag("--no-policies", options_.wish.no_policies, "Take all policies away");
    command->add_flag("--no-tags", options_.wish.no_tags, "Take all tags away");
  }

 private:
  CLI::App& parent_;
  UserOptions& options_;
  bool is_role_;
};

}  // namespace

void add_user_commands(CLI::App& app, UserOptions& options) {
  CLI::App* user = app.add_subcommand("user", "Say who may use a running heliographd, and what they may do");
  user->require_subcommand(1);
  Commands users(*user, options, false);
  CLI::App* add = users.add("add", "Add a user; its access key is printed once", UserAct::kAdd);
  users.add_settings(add);
  users.add("list", "List the users", UserAct::kList);
  CLI::App* set = users.add("set", "Set the policies or tags of a user, in place of those before", UserAct::kSet);
  users.add_settings(set);
  users.add_removals(set);
  users.add("rotate", "Give a user a new access key; those before stop working at once", UserAct::kRotate)
      ->add_flag("--keep-old", options.wish.keep_old, "The keys before go on working, until they are removed");
  users.add("remove", "Remove a user, its keys and its sessions", UserAct::kRemove)
      ->add_option("--key", options.wish.key, "Remove only this access key");

  CLI::App* role = app.add_subcommand("role", "Say which roles there are for AssumeRole, and who may assume them");
  role->require_subcommand(1);
  Commands roles(*role, options, true);
  add = roles.add("add", "Add a role", UserAct::kAdd);
  roles.add_settings(add);
  add->add_option("--trust", options.wish.trust, "File with the trust policy: who may assume the role")->required();
  roles.add("list", "List the roles", UserAct::kList);
  set = roles.add("set", "Set what is given, in place of what was before", UserAct::kSet);
  roles.add_settings(set);
  roles.add_removals(set);
  set->add_option("--trust", options.wish.trust, "File with the trust policy");
  roles.add("remove", "Remove a role and its sessions", UserAct::kRemove);
}

int run_user_command(const UserOptions& options) {
  const auto service = AdminClient::open(options.service);
  std::vector<std::string> warnings;
  const auto printed = service ? carry_out(options.wish, *service, warnings) : service.error();
  for (const std::string& warning : warnings) std::fprintf(stderr, "heliograph: %s\n", warning.c_str());
  if (!printed) return fail_with(printed.error());
  std::fputs(printed->c_str(), stdout);
  return 0;
}

}  // namespace heliograph::cli
