// The master key: made once, read from where the operator keeps it, never replaced behind somebody's back.
#include "server/identity/master_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "server/system_rng.hpp"
#include "support/test_world.hpp"

namespace heliograph::server::identity {
namespace {

using ::testing::HasSubstr;

TEST(MasterKeyTest, IsMadeOnceInItsOwnFileAndReadInEitherSpelling) {
  const test::TempDir dir;
  SystemRng rng;
  const std::filesystem::path file = dir.path() / "master.key";
  const auto made = load_master_key({}, file, rng);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(std::filesystem::status(file).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  const std::string sealed = made->key.seal("x", "", rng);
  EXPECT_TRUE(load_master_key({}, file, rng)->key.open(sealed, ""));
  EXPECT_TRUE(load_master_key({file.string(), {}}, dir.path() / "other", rng)->key.open(sealed, ""));

  const std::string base64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  const auto by_hex = load_master_key({"", Secret(std::string(64, '0'))}, file, rng);
  ASSERT_TRUE(by_hex);
  EXPECT_TRUE(load_master_key({"", Secret(base64 + "\n")}, file, rng)->key.open(by_hex->key.seal("x", "", rng), ""));
}

TEST(MasterKeyTest, LostKeyIsNotReplacedWhileSomethingIsSealedWithIt) {
  const test::TempDir dir;
  SystemRng rng;
  const std::filesystem::path file = dir.path() / "master.key";

  const auto missing = load_master_key({}, file, rng, false);

  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Errc::kResourceNotFound);
  EXPECT_THAT(missing.error().detail, HasSubstr("master.key is missing"));
  EXPECT_FALSE(std::filesystem::exists(file));
  ASSERT_TRUE(load_master_key({}, file, rng));
  EXPECT_TRUE(load_master_key({}, file, rng, false));
}

TEST(MasterKeyTest, DirectoryInItsPlaceIsTold) {
  const test::TempDir dir;
  SystemRng rng;

  const auto read = load_master_key({dir.path().string(), {}}, dir.path() / "master.key", rng);

  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().detail, HasSubstr("it is a directory"));
}

TEST(MasterKeyTest, KeyOfTheOperatorIsNeverMadeUpAndABadOneIsNamed) {
  const test::TempDir dir;
  SystemRng rng;
  const auto missing = load_master_key({(dir.path() / "none").string(), {}}, dir.path() / "master.key", rng);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().detail, HasSubstr("none"));
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "none"));
  const auto bad = load_master_key({"", Secret("short")}, dir.path() / "master.key", rng);
  ASSERT_FALSE(bad);
  EXPECT_THAT(bad.error().detail, HasSubstr("HELIOGRAPH_MASTER_KEY is not 32 bytes"));
  EXPECT_EQ(bad.error().detail.find("short"), std::string::npos);
}

}  // namespace
}  // namespace heliograph::server::identity
