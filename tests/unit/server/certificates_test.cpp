// Which certificate is served, when it is renewed, and whether its files changed.
#include "server/certificates.hpp"

#include <gtest/gtest.h>

#include "server/data_dir.hpp"
#include "support/test_world.hpp"

namespace heliograph::server {
namespace {

using std::chrono::hours;

class CertificatesTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::string chain() const { return *read_file(certificates.served().files.certificate_chain_file); }

  test::TempDir dir;
  test::SetClock clock;
  Certificates certificates{dir.path() / "tls", {"localhost"}, clock};
};

TEST_F(CertificatesTest, WithoutFilesOfTheOperatorItIsTheDevelopmentCasAndItsCaIsNamed) {
  certificates.serve(*certificates.locate({}));

  EXPECT_EQ(certificates.served().ca_file, dir.path() / "tls" / "ca.pem");
  EXPECT_NE(chain().find("BEGIN CERTIFICATE"), std::string::npos);
  EXPECT_FALSE(certificates.take_change());
}

TEST_F(CertificatesTest, FilesOfTheOperatorAreServedAndNeverWritten) {
  certificates.serve(*certificates.locate({"own.pem", "own-key.pem"}));

  EXPECT_EQ(certificates.served().files.certificate_chain_file, "own.pem");
  EXPECT_TRUE(certificates.served().ca_file.empty());
  EXPECT_TRUE(certificates.renew());
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "tls"));
}

TEST_F(CertificatesTest, DevelopmentCertificateIsRenewedThirtyDaysBeforeItsEnd) {
  certificates.serve(*certificates.locate({}));
  const std::string first = chain();

  clock.wall += hours(24) * (397 - 31);
  ASSERT_TRUE(certificates.renew());
  EXPECT_FALSE(certificates.take_change());
  clock.wall += hours(24) * 2;
  ASSERT_TRUE(certificates.renew());

  EXPECT_TRUE(certificates.take_change());
  EXPECT_FALSE(certificates.take_change());
  EXPECT_NE(chain(), first);
}

TEST_F(CertificatesTest, ReplacedFileIsNoticedOnce) {
  const auto own = dir.path() / "own.pem";
  ASSERT_TRUE(write_private_file(own, "one"));
  certificates.serve({{own.string(), own.string()}, {}});

  ASSERT_TRUE(write_private_file(own, "another"));

  EXPECT_TRUE(certificates.take_change());
  EXPECT_FALSE(certificates.take_change());
}

}  // namespace
}  // namespace heliograph::server
