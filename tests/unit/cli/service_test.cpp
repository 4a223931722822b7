// Finding a service, and what its refusals mean.
#include "cli/client/service.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/failure.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;

/// Somebody who may not read what is not everybody's, while it lives.
class Nobody {
 public:
  Nobody() { is_one_ = ::geteuid() != 0 || ::seteuid(65534) == 0; }
  Nobody(const Nobody&) = delete;
  Nobody& operator=(const Nobody&) = delete;
  ~Nobody() {
    if (::getuid() == 0 && ::seteuid(0) != 0) ADD_FAILURE() << "root is not root again";
  }
  [[nodiscard]] bool is_one() const { return is_one_; }

 private:
  bool is_one_ = false;
};

class FindServiceTest : public ::testing::Test {
 protected:
  FindServiceTest() {
    clear();
    std::filesystem::permissions(dir.path(), std::filesystem::perms(0755));
  }
  ~FindServiceTest() override { clear(); }
  static void clear() {
    for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION",
                             "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"})
      ::unsetenv(name);
  }
  void write(const char* name, const char* text, int mode) const {
    std::ofstream(dir.path() / name) << text;
    std::filesystem::permissions(dir.path() / name, std::filesystem::perms(mode));
  }

  test::TempDir dir;
};

TEST_F(FindServiceTest, RuntimeFileThatMayNotBeReadIsNotNoService) {
  write("runtime.json", R"({"httpEndpoint":"http://localhost:1"})", 0200);
  const Nobody nobody;
  ASSERT_TRUE(nobody.is_one()) << "this user reads everything";

  const auto service = find_service({.data_dir = dir.path()});

  ASSERT_FALSE(service);
  EXPECT_EQ(service.error().code, Errc::kIo);
  EXPECT_THAT(service.error().detail, HasSubstr("runtime.json: Permission denied; run this as root (sudo), or as the "
                                                "user of the service"));
}

TEST_F(FindServiceTest, KeyThatMayNotBeReadIsNotReplacedByThatOfTheEnvironment) {
  write("runtime.json", R"({"httpEndpoint":"http://localhost:1"})", 0644);
  write("credentials", "[default]\naws_access_key_id = AKIAX\naws_secret_access_key = s\n", 0200);
  ::setenv("AWS_ACCESS_KEY_ID", "AKIAOTHER", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "s", 1);
  const Nobody nobody;
  ASSERT_TRUE(nobody.is_one()) << "this user reads everything";

  const auto local = find_service({.data_dir = dir.path()});
  const auto named = find_service({.data_dir = dir.path(), .is_data_given = true, .endpoint = "http://localhost:1"});
  const auto other = find_service({.data_dir = dir.path(), .endpoint = "http://localhost:1"});

  for (const auto* found : {&local, &named}) {
    ASSERT_TRUE(*found);  // `health` needs no key.
    EXPECT_FALSE((*found)->key);
    EXPECT_THAT((*found)->no_key().detail, HasSubstr("credentials: Permission denied; run this as root"));
  }
  ASSERT_TRUE(other);
  ASSERT_TRUE(other->key);
  EXPECT_EQ(other->key->access_key_id, "AKIAOTHER");
}

TEST_F(FindServiceTest, ServiceIsNamedByWhereItIsAndWhoseItIs) {
  write("runtime.json", R"({"httpsEndpoint":"https://localhost:1"})", 0644);

  EXPECT_EQ(find_service({.data_dir = dir.path()})->name(),
            "heliographd at https://localhost:1 (" + dir.path().string() + ")");
  EXPECT_EQ(find_service({.endpoint = "https://cam.example/x", .region = "eu-west-3"})->name(),
            "https://cam.example (region eu-west-3)");
}

TEST_F(FindServiceTest, RegionOfAServiceElsewhereIsWhatTheAwsSdksWouldSignFor) {
  write("config", "[default]\nregion = ap-south-1\n", 0644);
  ::setenv("AWS_CONFIG_FILE", (dir.path() / "config").c_str(), 1);
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", (dir.path() / "none").c_str(), 1);
  const auto region = [](const std::string& flag) {
    return find_service({.endpoint = "http://localhost:1", .region = flag})->region;
  };

  ::setenv("AWS_REGION", "us-west-2", 1);
  ::setenv("AWS_DEFAULT_REGION", "eu-west-1", 1);
  EXPECT_EQ(region("eu-west-3"), "eu-west-3");
  EXPECT_EQ(region({}), "us-west-2");
  ::unsetenv("AWS_REGION");
  EXPECT_EQ(region({}), "eu-west-1");
  ::unsetenv("AWS_DEFAULT_REGION");
  EXPECT_EQ(region({}), "ap-south-1");
  ::setenv("AWS_CONFIG_FILE", (dir.path() / "none").c_str(), 1);
  EXPECT_EQ(region({}), "us-east-1");
}

TEST_F(FindServiceTest, RegionOfAServiceHereIsItsOwnWhateverTheEnvironmentSays) {
  write("runtime.json", R"({"httpsEndpoint":"https://localhost:1","region":"eu-central-1"})", 0644);
  ::setenv("AWS_REGION", "us-west-2", 1);

  EXPECT_EQ(find_service({.data_dir = dir.path()})->region, "eu-central-1");
}

TEST_F(FindServiceTest, CaOfAFlagComesBeforeTheServicesOwnAndThatBeforeTheEnvironments) {
  ::setenv("AWS_CA_BUNDLE", "/of/environment.pem", 1);
  EXPECT_EQ(ca_file_of({}), "/of/environment.pem");
  EXPECT_EQ(ca_file_of({}, "/of/service.pem"), "/of/service.pem");
  EXPECT_EQ(ca_file_of({.ca_file = "/of/flag.pem"}, "/of/service.pem"), "/of/flag.pem");
  ::unsetenv("AWS_CA_BUNDLE");
  EXPECT_EQ(ca_file_of({}), "");
}

TEST(RefusalCodeTest, TypeCountsBeforeStatusAndMistakesAloneAreTwo) {
  struct Case {
    int status;
    const char* type;
    Errc code;
    int exit;
  };
  for (const Case& c : {Case{400, "InvalidArgumentException", Errc::kInvalidArgument, 2},
                        Case{404, "ResourceNotFoundException", Errc::kResourceNotFound, 1},
                        Case{400, "ResourceInUseException", Errc::kResourceInUse, 1},
                        Case{403, "AccessDeniedException", Errc::kAccessDenied, 1},
                        Case{403, "InvalidSignatureException", Errc::kSignatureMismatch, 1},
                        Case{429, "ClientLimitExceededException", Errc::kClientLimitExceeded, 1},
                        Case{404, "", Errc::kResourceNotFound, 1}, Case{401, "", Errc::kAccessDenied, 1},
                        Case{403, "NobodyKnowsException", Errc::kAccessDenied, 1},
                        Case{502, "", Errc::kServiceUnavailable, 1}, Case{400, "", Errc::kBadRequest, 1}}) {
    SCOPED_TRACE(std::to_string(c.status) + ' ' + c.type);
    HttpAnswer answer;
    answer.status = c.status;
    if (*c.type != '\0') answer.headers.emplace_back("x-amzn-errortype", c.type);
    EXPECT_EQ(code_of(answer), c.code);
    EXPECT_EQ(exit_code_of({code_of(answer), {}}), c.exit);
  }
}

}  // namespace
}  // namespace heliograph::cli
