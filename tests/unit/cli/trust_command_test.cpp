// Trust that is installed.
#include "cli/trust_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/temp_dir.hpp"

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;

TEST(TrustCommandTest, CertificateIsCopiedAndTheStoreUpdated) {
  const test::TempDir dir;
  std::ofstream(dir.path() / "ca.pem") << "PEM";
  std::filesystem::create_directory(dir.path() / "anchors");

  const auto done = install_trust(dir.path() / "ca.pem", dir.path() / "anchors", "true");

  ASSERT_TRUE(done) << done.error().detail;
  EXPECT_TRUE(std::filesystem::exists(dir.path() / "anchors" / "heliograph.crt"));
  EXPECT_THAT(*done, HasSubstr("To take it back: rm "));
}

TEST(TrustCommandTest, WhatIsMissingIsNamed) {
  const test::TempDir dir;
  std::ofstream(dir.path() / "ca.pem") << "PEM";

  const auto nowhere = install_trust(dir.path() / "ca.pem", dir.path() / "nowhere", "true");
  const auto failing = install_trust(dir.path() / "ca.pem", dir.path(), "false");

  ASSERT_FALSE(nowhere);
  EXPECT_THAT(nowhere.error().detail, HasSubstr("nowhere/heliograph.crt"));
  ASSERT_FALSE(failing);
  EXPECT_THAT(failing.error().detail, HasSubstr("false failed"));
}

}  // namespace
}  // namespace heliograph::cli
