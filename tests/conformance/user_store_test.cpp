// What every UserStore does with users and roles.
#include <gmock/gmock.h>

#include "conformance/store_fixture.hpp"
#include "store/memory_user_store.hpp"
#include "store/sqlite_user_store.hpp"

namespace heliograph::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct MemoryUsers {
  std::unique_ptr<UserStore> open() { return std::make_unique<MemoryUserStore>(); }
};

struct SqliteUsers {
  std::unique_ptr<UserStore> open() {
    auto store = SqliteUserStore::open(dir / "heliograph.db");
    EXPECT_TRUE(store) << store.error().detail;
    return store ? *std::move(store) : nullptr;
  }
  test::TempDir dir;
};

User user_named(const std::string& name, const std::string& key = "") {
  User user{.name = name, .id = "AIDA" + name, .created = kNow};
  user.tags = {{"site", "north"}, {"empty", ""}};
  user.policies = {{"b.json", "{\"b\":\n1}"}, {"a.json", "{}"}};
  user.keys = {{AccessKeyId("AKIA" + (key.empty() ? name : key)), "c2VhbGVk", kNow}};
  return user;
}

Role role_named(const std::string& name) {
  Role role{.name = name, .id = "AROA" + name, .created = kNow, .trust = "{}"};
  role.tags = {{"k", "v"}};
  role.policies = {{"p.json", "{}"}};
  role.max_session = std::chrono::seconds(7200);
  return role;
}

template <class Backend>
class UserStoreTest : public testing::Test {
 protected:
  Backend backend_;
  std::unique_ptr<UserStore> store_ = backend_.open();
};
using UserBackends = testing::Types<MemoryUsers, SqliteUsers>;
struct UserBackendNames {
  template <class Backend>
  static std::string GetName(int) {
    return std::is_same_v<Backend, MemoryUsers> ? "Memory" : "Sqlite";
  }
};
TYPED_TEST_SUITE(UserStoreTest, UserBackends, UserBackendNames);

TYPED_TEST(UserStoreTest, UserIsKeptWithAllThatBelongsToIt) {
  const User user = user_named("ann");

  ASSERT_TRUE(this->store_->add_user(user));

  EXPECT_THAT(this->store_->users().value(), ElementsAre(user));
}

TYPED_TEST(UserStoreTest, UsersComeByNameInByteOrder) {
  for (const char* name : {"b", "a", "B", "a1"}) ASSERT_TRUE(this->store_->add_user(user_named(name)));

  const auto users = this->store_->users();
  std::vector<std::string> names;
  for (const User& user : *users) names.push_back(user.name);

  EXPECT_THAT(names, ElementsAre("B", "a", "a1", "b"));
}

TYPED_TEST(UserStoreTest, NameIsTakenOnceAndFreeAgainAfterRemoval) {
  ASSERT_TRUE(this->store_->add_user(user_named("ann")));

  EXPECT_EQ(code_of(this->store_->add_user(user_named("ann", "other"))), Errc::kResourceInUse);
  EXPECT_TRUE(this->store_->remove_user("ann"));
  EXPECT_EQ(code_of(this->store_->remove_user("ann")), Errc::kResourceNotFound);
  EXPECT_THAT(this->store_->users().value(), IsEmpty());
  EXPECT_TRUE(this->store_->add_user(user_named("ann")));
}

TYPED_TEST(UserStoreTest, KeyIdBelongsToOneUserOnly) {
  ASSERT_TRUE(this->store_->add_user(user_named("ann", "1")));

  EXPECT_EQ(code_of(this->store_->add_user(user_named("bob", "1"))), Errc::kResourceInUse);
  EXPECT_EQ(this->store_->users()->size(), 1U) << "nothing of a refused user stays";

  ASSERT_TRUE(this->store_->add_user(user_named("bob", "2")));
  const auto stolen = this->store_->change_user("bob", [](User& user) -> Result<void> {
    user.keys.push_back({AccessKeyId("AKIA1"), "x", kNow});
    return {};
  });
  EXPECT_EQ(code_of(stolen), Errc::kResourceInUse);
  EXPECT_EQ(this->store_->users()->back(), user_named("bob", "2"));
}

TYPED_TEST(UserStoreTest, ChangeIsKeptWhenItsEditSucceeds) {
  ASSERT_TRUE(this->store_->add_user(user_named("ann")));

  const auto changed = this->store_->change_user("ann", [](User& user) -> Result<void> {
    user.keys.insert(user.keys.begin(), {AccessKeyId("AKIAnew"), "bmV3", kNow + std::chrono::seconds(1)});
    user.tags.erase("empty");
    user.policies.pop_back();
    return {};
  });

  ASSERT_TRUE(changed) << changed.error().detail;
  EXPECT_EQ(changed->keys.front().id.str(), "AKIAnew");
  EXPECT_THAT(this->store_->users().value(), ElementsAre(*changed));
}

TYPED_TEST(UserStoreTest, ChangeWhoseEditFailsChangesNothing) {
  ASSERT_TRUE(this->store_->add_user(user_named("ann")));

  const auto changed = this->store_->change_user("ann", [](User& user) -> Result<void> {
    user.keys.clear();
    return Errc::kInvalidArgument;
  });

  EXPECT_EQ(code_of(changed), Errc::kInvalidArgument);
  EXPECT_THAT(this->store_->users().value(), ElementsAre(user_named("ann")));
  EXPECT_EQ(code_of(this->store_->change_user("bob", [](User&) -> Result<void> { return {}; })),
            Errc::kResourceNotFound);
  EXPECT_EQ(code_of(this->store_->change_user("", [](User&) -> Result<void> { return {}; })), Errc::kResourceNotFound);
}

TYPED_TEST(UserStoreTest, RolesAreKeptChangedAndRemovedLikeUsers) {
  ASSERT_TRUE(this->store_->add_role(role_named("viewer")));
  EXPECT_EQ(code_of(this->store_->add_role(role_named("viewer"))), Errc::kResourceInUse);
  EXPECT_THAT(this->store_->roles().value(), ElementsAre(role_named("viewer")));

  const auto changed = this->store_->change_role("viewer", [](Role& role) -> Result<void> {
    role.trust = "{\"new\": true}";
    role.max_session = std::chrono::seconds(900);
    role.policies.clear();
    return {};
  });
  ASSERT_TRUE(changed);
  EXPECT_THAT(this->store_->roles().value(), ElementsAre(*changed));
  EXPECT_EQ(changed->trust, "{\"new\": true}");

  EXPECT_TRUE(this->store_->remove_role("viewer"));
  EXPECT_THAT(this->store_->roles().value(), IsEmpty());
  EXPECT_EQ(code_of(this->store_->remove_role("viewer")), Errc::kResourceNotFound);
}

TYPED_TEST(UserStoreTest, UserAndRoleMayShareAName) {
  ASSERT_TRUE(this->store_->add_user(user_named("ops")));
  EXPECT_TRUE(this->store_->add_role(role_named("ops")));
  EXPECT_TRUE(this->store_->remove_user("ops"));
  EXPECT_EQ(this->store_->roles()->size(), 1U);
}

TEST(SqliteUserStoreTest, UsersOutliveTheObjectAndShareTheFileWithChannels) {
  const test::TempDir dir;
  const std::filesystem::path file = dir / "heliograph.db";
  test::CountingRng rng;
  {
    const auto channels = SqliteStore::open({.file = file}, rng);
    ASSERT_TRUE(channels);
    const auto users = SqliteUserStore::open(file);
    ASSERT_TRUE(users) << users.error().detail;
    ASSERT_TRUE((*users)->add_user(user_named("ann")));
    ASSERT_TRUE((*channels)->create_channel({.name = "door"}, kNow));
    ASSERT_TRUE((*users)->add_role(role_named("viewer")));
  }

  const auto users = SqliteUserStore::open(file);

  ASSERT_TRUE(users);
  EXPECT_THAT((*users)->users().value(), ElementsAre(user_named("ann")));
  EXPECT_THAT((*users)->roles().value(), ElementsAre(role_named("viewer")));
}

}  // namespace
}  // namespace heliograph::store
