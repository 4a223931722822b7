// Users, their keys and sessions: who is known when, and what is on the disk.
#include "server/identity/directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/system_rng.hpp"
#include "store/memory_user_store.hpp"
#include "support/test_world.hpp"

namespace heliograph::server::identity {
namespace {

using ::testing::HasSubstr;
using Kind = wire::SessionClaims::Kind;

constexpr WallTime kNow{std::chrono::milliseconds(1'712'136'149'000)};
constexpr const char* kAllowAll = R"({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})";
constexpr const char* kTrustAll = R"({"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}})";

using Policies = std::vector<store::NamedPolicy>;

UserChange with(store::Tags tags, Policies policies) {
  UserChange change;
  change.tags = std::move(tags);
  change.policies = std::move(policies);
  return change;
}

UserChange with_policies(Policies policies) {
  UserChange change;
  change.policies = std::move(policies);
  return change;
}

RoleChange trusting_all(Policies policies = {}) {
  RoleChange change;
  change.trust = kTrustAll;
  change.policies = std::move(policies);
  return change;
}

MasterKey master(std::uint8_t byte) {
  std::array<std::uint8_t, wire::SealingKey::kSize> bytes{};
  bytes.fill(byte);
  return {wire::SealingKey(bytes), "the test"};
}

class DirectoryTest : public ::testing::Test {
 protected:
  DirectoryTest() { EXPECT_TRUE(directory_.load()); }

  IssuedKey add(const std::string& name) {
    auto issued = directory_.add_user(name, with({{"site", "north"}}, Policies{{"all", kAllowAll}}), kNow);
    EXPECT_TRUE(issued) << issued.error().detail;
    return *std::move(issued);
  }
  /// The token of a session that this key's owner asks for.
  std::string begin(const AccessKeyId& key, std::vector<std::string> policies = {}) {
    auto claims = directory_.describe(*directory_.find(key.view()));
    claims->key = AccessKeyId("ASIATEST");
    claims->secret = Secret("s");
    claims->expires = kNow + std::chrono::hours(1);
    claims->policies = std::move(policies);
    return directory_.to_token(*claims);
  }
  PrincipalPtr session(const std::string& token) { return directory_.find_session("ASIATEST", token); }

  SystemRng rng_;
  Principals administrators_ =
      *Principals::parse("[default]\naws_access_key_id = AKIAADMIN\naws_secret_access_key = a\n");
  store::MemoryUserStore store_;
  Directory directory_{administrators_, store_, master(1), rng_};
};

TEST_F(DirectoryTest, NewUserIsKnownAtOnceWithWhatItWasGiven) {
  const IssuedKey issued = add("ann");

  const PrincipalPtr ann = directory_.find(issued.id.view());

  ASSERT_NE(ann, nullptr);
  EXPECT_EQ(ann->name, "ann");
  EXPECT_EQ(ann->secret.reveal(), issued.secret.reveal());
  EXPECT_EQ(ann->tags.at("site"), "north");
  EXPECT_EQ(ann->policies.size(), 1U);
  EXPECT_TRUE(ann->user_id.starts_with("AIDA"));
  EXPECT_TRUE(issued.id.view().starts_with("AKIA"));
  EXPECT_EQ(directory_.find("AKIAADMIN"), directory_.administrator());
  EXPECT_EQ(directory_.find("AKIANOBODY"), nullptr);
}

TEST_F(DirectoryTest, NameOfAnAdministratorIsNoUsers) {
  const auto added = directory_.add_user("default", with_policies({}), kNow);
  ASSERT_FALSE(added);
  EXPECT_EQ(added.error().code, Errc::kResourceInUse);
  EXPECT_THAT(added.error().detail, HasSubstr("default is the name of an administrator"));
  EXPECT_TRUE(store_.users()->empty());

  add("ann");
  const auto named_so = *Principals::parse("[ann]\naws_access_key_id = AKIAADMIN\naws_secret_access_key = a\n");
  Directory next(named_so, store_, master(1), rng_);
  const auto loaded = next.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("there is a user ann, and a section of that name"));
}

TEST_F(DirectoryTest, SecretsAreNotInTheStore) {
  const IssuedKey issued = add("ann");
  const auto users = store_.users();
  EXPECT_EQ(users->front().keys.front().sealed_secret.find(issued.secret.reveal()), std::string::npos);
}

TEST_F(DirectoryTest, UsersAreThereAfterARestartWithTheSameMasterKeyOnly) {
  const IssuedKey issued = add("ann");

  Directory same(administrators_, store_, master(1), rng_);
  ASSERT_TRUE(same.load());
  EXPECT_EQ(same.find(issued.id.view())->secret.reveal(), issued.secret.reveal());

  Directory other(administrators_, store_, master(2), rng_);
  const auto loaded = other.load();
  ASSERT_FALSE(loaded);
  EXPECT_THAT(loaded.error().detail, HasSubstr("user ann"));
  EXPECT_THAT(loaded.error().detail, HasSubstr("does not open with the master key in the test"));
}

TEST_F(DirectoryTest, SealedSecretMovedToAnotherKeyDoesNotOpen) {
  add("ann");
  add("bob");
  const std::string stolen = store_.users()->front().keys.front().sealed_secret;
  ASSERT_TRUE(store_.change_user("bob", [&](store::User& bob) -> Result<void> {
    bob.keys.front().sealed_secret = stolen;
    return {};
  }));

  Directory again(administrators_, store_, master(1), rng_);

  EXPECT_FALSE(again.load());
}

TEST_F(DirectoryTest, RotatedKeyIsVoidAtOnceAndAKeptOneStays) {
  const IssuedKey first = add("ann");
  const auto second = directory_.add_key("ann", false, kNow);
  ASSERT_TRUE(second);
  EXPECT_NE(directory_.find(first.id.view()), nullptr);
  EXPECT_NE(directory_.find(second->id.view()), nullptr);

  const auto third = directory_.add_key("ann", true, kNow);

  ASSERT_TRUE(third);
  EXPECT_EQ(directory_.find(first.id.view()), nullptr);
  EXPECT_EQ(directory_.find(second->id.view()), nullptr);
  EXPECT_NE(directory_.find(third->id.view()), nullptr);
  EXPECT_TRUE(directory_.remove_key("ann", third->id.view()));
  EXPECT_EQ(directory_.find(third->id.view()), nullptr);
  EXPECT_EQ(directory_.remove_key("ann", third->id.view()).error().code, Errc::kResourceNotFound);
}

TEST_F(DirectoryTest, KeysHaveALimit) {
  add("ann");
  for (std::size_t i = 1; i < kMaxKeys; ++i) ASSERT_TRUE(directory_.add_key("ann", false, kNow));
  EXPECT_EQ(directory_.add_key("ann", false, kNow).error().code, Errc::kInvalidArgument);
  EXPECT_TRUE(directory_.add_key("ann", true, kNow)) << "a rotation makes room for itself";
}

TEST_F(DirectoryTest, ChangedPoliciesCountFromTheNextRequestOn) {
  const IssuedKey issued = add("ann");
  const PrincipalPtr before = directory_.find(issued.id.view());

  ASSERT_TRUE(directory_.set_user("ann", with_policies({})));

  EXPECT_TRUE(directory_.find(issued.id.view())->policies.empty());
  EXPECT_EQ(directory_.find(issued.id.view())->tags.at("site"), "north") << "what is not given stays";
  EXPECT_EQ(before->policies.size(), 1U) << "a request under way goes on with what it began with";
}

TEST_F(DirectoryTest, BadNamesTagsAndPoliciesChangeNothing) {
  add("ann");
  EXPECT_EQ(directory_.add_user("ann", {}, kNow).error().code, Errc::kResourceInUse);
  EXPECT_EQ(directory_.add_user("a/b", {}, kNow).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(directory_.add_user("", {}, kNow).error().code, Errc::kInvalidArgument);
  EXPECT_EQ(directory_.add_user("bob", with({{"", "x"}}, {}), kNow).error().code, Errc::kInvalidArgument);
  const auto bad = directory_.set_user("ann", with_policies(Policies{{"p", "{}"}}));
  EXPECT_THAT(bad.error().detail, HasSubstr("Policy p: "));
  EXPECT_EQ(directory_.set_user("nobody", {}).error().code, Errc::kResourceNotFound);
  EXPECT_EQ(directory_.users().size(), 1U);
  EXPECT_EQ(directory_.users().front().policies.front().name, "all");
}

TEST_F(DirectoryTest, SessionHasItsOwnersPoliciesItsOwnAndAnEnd) {
  const IssuedKey issued = add("ann");

  const PrincipalPtr ann = session(begin(issued.id, {kAllowAll}));

  ASSERT_NE(ann, nullptr);
  EXPECT_EQ(ann->name, "ann");
  EXPECT_EQ(ann->id.str(), "ASIATEST");
  EXPECT_EQ(ann->expires, kNow + std::chrono::hours(1));
  EXPECT_EQ(ann->policies.size(), 1U);
  ASSERT_TRUE(ann->session_policies);
  EXPECT_EQ(ann->session_policies->size(), 1U);
  EXPECT_FALSE(directory_.describe(*ann)) << "a session begins no session";
}

TEST_F(DirectoryTest, SessionEndsWithItsKeyWithItsUserAndIsNobodyElses) {
  const IssuedKey issued = add("ann");
  const std::string token = begin(issued.id);
  EXPECT_NE(session(token), nullptr);
  EXPECT_EQ(directory_.find_session("ASIAOTHER", token), nullptr);
  EXPECT_EQ(session("x" + token), nullptr);
  EXPECT_EQ(session(""), nullptr);

  const auto next = directory_.add_key("ann", true, kNow);
  EXPECT_EQ(session(token), nullptr) << "asked for with a key that is no more";

  const std::string second = begin(next->id);
  EXPECT_NE(session(second), nullptr);
  ASSERT_TRUE(directory_.remove_user("ann"));
  EXPECT_EQ(session(second), nullptr);
  add("ann");
  EXPECT_EQ(session(second), nullptr) << "another user of the name";
}

TEST_F(DirectoryTest, SessionsOutliveARestartAndSoDoThoseOfTheAdministrator) {
  const std::string anns = begin(add("ann").id);
  const std::string administrators = begin(AccessKeyId("AKIAADMIN"));
  Directory again(administrators_, store_, master(1), rng_);
  ASSERT_TRUE(again.load());

  EXPECT_EQ(again.find_session("ASIATEST", anns)->name, "ann");
  const PrincipalPtr administrator = again.find_session("ASIATEST", administrators);
  ASSERT_NE(administrator, nullptr);
  EXPECT_EQ(administrator->name, "default");
  EXPECT_NE(administrator->id, again.administrator()->id) << "whoever asks for the administrator's key asks for a key";
}

TEST_F(DirectoryTest, RoleSessionActsInTheRoleUntilTheRoleIsRemoved) {
  ASSERT_TRUE(directory_.add_role("viewer", trusting_all(Policies{{"all", kAllowAll}}), kNow));
  const auto role = directory_.role("viewer");
  ASSERT_NE(role, nullptr);
  const std::string token = directory_.to_token({.kind = Kind::kRole,
                                                 .key = AccessKeyId("ASIATEST"),
                                                 .secret = Secret("s"),
                                                 .expires = kNow,
                                                 .subject = "viewer",
                                                 .subject_id = role->record.id,
                                                 .session_name = "cam-7"});

  const PrincipalPtr acting = session(token);

  ASSERT_NE(acting, nullptr);
  EXPECT_EQ(acting->role, "viewer");
  EXPECT_EQ(arn_of(*acting, {}), "arn:aws:sts::000000000000:assumed-role/viewer/cam-7");
  EXPECT_EQ(acting->user_id, role->record.id + ":cam-7");
  EXPECT_EQ(acting->policies.size(), 1U);
  ASSERT_TRUE(directory_.set_role("viewer", trusting_all()));
  EXPECT_TRUE(session(token)->policies.empty()) << "what the role may is asked anew";
  ASSERT_TRUE(directory_.remove_role("viewer"));
  EXPECT_EQ(session(token), nullptr);
}

TEST_F(DirectoryTest, RolesNeedATrustPolicyAndASensibleLength) {
  EXPECT_THAT(directory_.add_role("r", {}, kNow).error().detail, HasSubstr("Trust policy"));
  RoleChange brief = trusting_all();
  brief.max_session = std::chrono::seconds(60);
  EXPECT_EQ(directory_.add_role("r", brief, kNow).error().code, Errc::kInvalidArgument);
  ASSERT_TRUE(directory_.add_role("r", trusting_all(), kNow));
  EXPECT_EQ(directory_.add_role("r", trusting_all(), kNow).error().code, Errc::kResourceInUse);
  EXPECT_EQ(directory_.remove_role("q").error().code, Errc::kResourceNotFound);
}

}  // namespace
}  // namespace heliograph::server::identity
