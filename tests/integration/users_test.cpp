// Users of a whole service, managed by the heliograph program while it runs.
#include <gmock/gmock.h>

#include <boost/json.hpp>
#include <fstream>
#include <sstream>

#include "support/identity_fixture.hpp"

namespace heliograph::server {
namespace {

using test::Ended;
using ::testing::HasSubstr;

using UsersTest = test::IdentityFixture;

TEST_F(UsersTest, AddedUserHasItsPolicyAndNothingElse) {
  start();
  const std::string door = create_channel("front-door");

  const wire::SigningCredential ann = add_viewer("ann");

  EXPECT_EQ(describe(ann), 200);
  EXPECT_EQ(call("/createSignalingChannel", R"({"ChannelName": "mine"})", ann).status, 401);
  auto master = join({.channel = door});
  test::WsClient viewer(test::BlockingClient(port), target({.channel = door, .client = "v"}, ann), host);
  test::Pair(std::move(master), std::move(viewer), "v").expect_undisturbed();
  const auto refused = knock(target({.channel = door}, ann));
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(refused.body, HasSubstr("User: arn:aws:iam::000000000000:user/ann is not authorized"));
}

TEST_F(UsersTest, ChannelIsDescribedToWhoMayNotSeeItsTags) {
  start();
  create_channel("front-door");
  const wire::SigningCredential ann = add_viewer("ann");
  const std::string said = (dir.path() / "said").string();
  const std::string as_ann = "AWS_ENDPOINT_URL=http://" + host + " AWS_ACCESS_KEY_ID=" + ann.access_key_id +
                             " AWS_SECRET_ACCESS_KEY=" + std::string(ann.secret_access_key.reveal()) + " ";
  const std::string command = "channel describe front-door --aws --region us-east-1";

  const Ended described = test::run_heliograph(command, as_ann, said);
  const Ended as_json = test::run_heliograph(command + " --json", as_ann, "/dev/null");

  EXPECT_EQ(described.code, 0);
  EXPECT_THAT(described.output, HasSubstr("NAME         front-door\n"));
  std::stringstream notes;
  notes << std::ifstream(said).rdbuf();
  EXPECT_THAT(notes.str(), HasSubstr("heliograph: without its tags: "));
  EXPECT_EQ(as_json.code, 0);
  const auto object = boost::json::parse(as_json.output).as_object();
  EXPECT_EQ(object.at("ChannelName").as_string(), "front-door");
  EXPECT_FALSE(object.contains("Tags")) << "that there are none is not known";
}

TEST_F(UsersTest, ListShowsKeysAndPoliciesButNoSecret) {
  start();
  const wire::SigningCredential ann = add_viewer("ann");

  const Ended listed = heliograph("user list");
  const Ended as_json = heliograph("user list --json");

  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.output, HasSubstr("ann   viewer.json  " + ann.access_key_id));
  const auto users = boost::json::parse(as_json.output).at("users").as_array();
  ASSERT_EQ(users.size(), 1U);
  EXPECT_EQ(users[0].at("tags").at("site"), "north");
  EXPECT_EQ(users[0].at("accessKeys").at(0).at("id").as_string(), ann.access_key_id.c_str());
  for (const Ended& ended : {listed, as_json})
    EXPECT_EQ(ended.output.find(ann.secret_access_key.reveal()), std::string::npos);
}

TEST_F(UsersTest, RotatedKeyStopsWorkingAtOnceAndTheNewOneWorks) {
  start();
  const std::string door = create_channel("front-door");
  const wire::SigningCredential before = add_viewer("ann");
  EXPECT_EQ(describe(before), 200);

  const Ended rotated = heliograph("user rotate ann");

  ASSERT_EQ(rotated.code, 0) << rotated.output;
  EXPECT_EQ(describe(before), 403);
  EXPECT_EQ(knock(target({.channel = door, .client = "v"}, before)).status, 403);
  const wire::SigningCredential after = key_in(rotated.output);
  EXPECT_EQ(describe(after), 200);

  const Ended both = heliograph("user rotate ann --keep-old");
  EXPECT_EQ(describe(after), 200);
  EXPECT_EQ(describe(key_in(both.output)), 200);
  EXPECT_EQ(heliograph("user remove ann --key " + after.access_key_id).code, 0);
  EXPECT_EQ(describe(after), 403);
  EXPECT_EQ(describe(key_in(both.output)), 200);
}

TEST_F(UsersTest, ChangedPoliciesCountAtOnceAndRemovedUsersAreNobody) {
  start();
  create_channel("front-door");
  const wire::SigningCredential ann = add_viewer("ann");

  EXPECT_EQ(heliograph("user set ann --no-policies").code, 0);
  EXPECT_EQ(describe(ann), 401);
  EXPECT_EQ(heliograph("user set ann --policy " + test::source_dir() + "/examples/policies/admin.json").code, 0);
  EXPECT_EQ(describe(ann), 200);
  EXPECT_EQ(heliograph("user remove ann").code, 0);
  EXPECT_EQ(describe(ann), 403);
}

TEST_F(UsersTest, WhatRestsOnATakenKeyUserOrRoleIsDisconnected) {
  start();
  const std::string door = create_channel("front-door");
  const auto session_of = [&](const wire::SigningCredential& as, const std::string& action) {
    return test::credentials_in(sts("Action=" + action + test::kVersion, as));
  };
  const auto enter = [&](const std::string& name, const wire::SigningCredential& as) {
    return test::WsClient(test::BlockingClient(port), target({.channel = door, .client = name}, as), host);
  };
  const wire::SigningCredential ann = add_viewer("ann");
  const wire::SigningCredential second = key_in(heliograph("user rotate ann --keep-old").output);
  const wire::SigningCredential bob = add_viewer("bob");
  add_role("viewer", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                       "Principal": {"AWS": "000000000000"}}})");
  auto master = join({.channel = door});
  auto by_key = enter("by-key", ann);
  auto by_session = enter("by-session", session_of(ann, "GetSessionToken"));
  auto by_second = enter("by-second", second);
  auto by_role = enter(
      "by-role", session_of(key, "AssumeRole&RoleArn=arn:aws:iam::000000000000:role/viewer&RoleSessionName=cam-7"));
  auto bystander = enter("bystander", session_of(bob, "GetSessionToken"));

  const Ended key_removed = heliograph("user remove ann --key " + ann.access_key_id);
  for (test::WsClient* gone : {&by_key, &by_session}) EXPECT_EQ(gone->read_close(), 4005) << gone->close_reason();
  const Ended user_removed = heliograph("user remove ann");
  EXPECT_EQ(by_second.read_close(), 4005);
  const Ended role_removed = heliograph("role remove viewer");
  EXPECT_EQ(by_role.read_close(), 4005);

  EXPECT_EQ(by_role.close_reason(), "access was taken away");
  EXPECT_EQ(key_removed.output, "access key " + ann.access_key_id + " of user ann is removed; connections ended: 2\n");
  EXPECT_EQ(user_removed.output, "user ann is removed; connections ended: 1\n");
  EXPECT_EQ(role_removed.output, "role viewer is removed; connections ended: 1\n");
  test::Pair(std::move(master), std::move(bystander), "bystander").expect_undisturbed();
}

TEST_F(UsersTest, RevokedKeyTakesTheSessionsAskedForWithItAlong) {
  start();
  const std::string door = create_channel("front-door");
  const wire::SigningCredential ann = add_viewer("ann");
  const auto session = test::credentials_in(sts(std::string("Action=GetSessionToken") + test::kVersion, ann));
  test::WsClient viewer(test::BlockingClient(port), target({.channel = door, .client = "v"}, session), host);

  EXPECT_EQ(heliograph("revoke " + ann.access_key_id).output,
            "access key " + ann.access_key_id + " is revoked; connections ended: 1\n");

  EXPECT_EQ(viewer.read_close(), 4005);
  EXPECT_EQ(describe(session), 403);
  EXPECT_EQ(heliograph("revoke --undo " + ann.access_key_id).code, 0);
  EXPECT_EQ(describe(session), 200);
}

TEST_F(UsersTest, UsersOutliveARestart) {
  start();
  create_channel("front-door");
  const wire::SigningCredential ann = add_viewer("ann");
  stop();

  start();

  EXPECT_EQ(describe(ann), 200);
}

TEST_F(UsersTest, ServiceDoesNotStartWithAnotherMasterKey) {
  start();
  add_viewer("ann");
  stop();
  config.master_key = Secret(std::string(64, '7'));

  app = std::make_unique<App>(config, clock, rng, log, hooks, others);
  const auto started = app->start();

  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().detail, HasSubstr("does not open with the master key in HELIOGRAPH_MASTER_KEY"));
}

TEST_F(UsersTest, ServiceDoesNotMakeANewMasterKeyWhenThatOfItsUsersIsGone) {
  start();
  add_viewer("ann");
  stop();
  const auto file = dir.path() / "data" / "master.key";
  std::filesystem::rename(file, dir.path() / "kept");

  app = std::make_unique<App>(config, clock, rng, log, hooks, others);
  const auto started = app->start();
  ASSERT_FALSE(started);
  EXPECT_THAT(started.error().detail, HasSubstr("master.key is missing"));
  app.reset();

  std::filesystem::rename(dir.path() / "kept", file);
  start();
}

TEST_F(UsersTest, MistakesAreToldAndGiveExitCodeOneOrTwo) {
  start();
  add_viewer("ann");
  struct Case {
    const char* arguments;
    int code;
    const char* text;
  };
  const Case cases[] = {
      {"user add ann", 1, "A user named ann exists already"},
      {"user add a/b", 2, "The name of a user is 1 to 64"},
      {"user add default", 1, "default is the name of an administrator"},
      {"user add bob --policy /nonexistent.json", 2, "cannot read /nonexistent.json"},
      {"user add bob --tag x", 2, "the tag 'x' is none; write KEY=VALUE"},
      {"user add bob --tag a=1 --tag a=2", 2, "the tag a is given twice"},
      {"user rotate nobody", 1, "There is no user named nobody"},
      {"user remove ann --key AKIANONE", 1, "has no access key AKIANONE"},
      {"user", 2, ""},
      {"user fly ann", 2, ""},
      {"role add r", 2, "--trust"},
      {"role remove r", 1, "There is no role named r"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.arguments);
    const Ended ended = std::string(c.arguments) == "user" ? test::run_heliograph("user") : heliograph(c.arguments);
    EXPECT_EQ(ended.code, c.code) << ended.output;
    EXPECT_THAT(ended.output, HasSubstr(c.text));
  }
}

TEST_F(UsersTest, ActionThatThereIsNotIsTakenWithAWarning) {
  start();
  const std::string policy = file(
      "odd.json", R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:ConnectAsMster", "Resource": "*"}})");
  const std::string trust = file("trust.json", R"({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
                                                                "Principal": {"AWS": "000000000000"}}})");

  const Ended user = heliograph("user add ann --policy " + policy);
  const Ended role = heliograph("role add watcher --policy " + policy + " --trust " + trust);

  const std::string warning =
      "heliograph: " + policy + ": there is no action kinesisvideo:ConnectAsMster; is it misspelt?";
  EXPECT_EQ(user.code, 0) << user.output;
  EXPECT_THAT(user.output, HasSubstr(warning));
  EXPECT_EQ(role.code, 0) << role.output;
  EXPECT_THAT(role.output, HasSubstr(warning));
  EXPECT_THAT(role.output, HasSubstr("role watcher is added\n"));
}

TEST_F(UsersTest, OnlyTheAdministratorsSignatureManagesUsers) {
  start();
  const wire::SigningCredential ann = add_viewer("ann");
  const char* users = "/_heliograph/v1/admin/users";

  const auto unsigned_answer = test::BlockingClient(port).get(users);

  EXPECT_EQ(unsigned_answer.status, 403) << "loopback alone gives nobody access";
  EXPECT_EQ(get_signed(users).status, 200);
  EXPECT_EQ(call(users, R"({"name": "bob"})", ann).status, 403);
  EXPECT_EQ(call("/_heliograph/v1/admin/users/ann/moon", "").status, 404);
  EXPECT_EQ(call("/_heliograph/v1/admin/users", R"({"name": "bob", "admin": true})").status, 400);
  EXPECT_EQ(call("/_heliograph/v1/admin/users", "[").status, 400);
  EXPECT_EQ(heliograph("user list --json").output.find("bob"), std::string::npos);
}

}  // namespace
}  // namespace heliograph::server
