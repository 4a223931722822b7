// What heliographd keeps in its data directory: the lock, the credentials, the development CA.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/stat.h>

#include <fstream>
#include <memory>

#include "server/data_dir.hpp"
#include "server/dev_ca.hpp"
#include "server/principals.hpp"
#include "server/system_rng.hpp"
#include "support/test_world.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;

unsigned mode_of(const std::filesystem::path& path) {
  struct stat info{};
  return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

std::string content_of(const std::filesystem::path& path) { return read_file(path).value_or(std::string{}); }

TEST(DataDirTest, ASecondOneIsRefusedUntilTheFirstGoes) {
  const test::TempDir dir;
  auto first = DataDir::open(dir.path() / "data");
  ASSERT_TRUE(first);
  EXPECT_EQ(mode_of(first->path()), 0700U);

  const auto second = DataDir::open(dir.path() / "data");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kResourceInUse);
  EXPECT_THAT(second.error().detail, HasSubstr("another heliographd"));

  {
    const DataDir ended = std::move(*first);
  }
  EXPECT_TRUE(DataDir::open(dir.path() / "data"));
}

TEST(DataDirTest, ADirectoryThatWasThereKeepsItsMode) {
  const test::TempDir dir;
  std::filesystem::create_directory(dir.path() / "shared");
  ASSERT_EQ(::chmod((dir.path() / "shared").c_str(), 0755), 0);

  const auto opened = DataDir::open(dir.path() / "shared");

  ASSERT_TRUE(opened);
  EXPECT_EQ(mode_of(opened->path()), 0755U);
}

TEST(DataDirTest, AFileInTheWayIsToldByName) {
  const test::TempDir dir;
  std::ofstream(dir.path() / "data") << "x";

  const auto opened = DataDir::open(dir.path() / "data");

  ASSERT_FALSE(opened);
  EXPECT_THAT(opened.error().detail, HasSubstr((dir.path() / "data").string()));
}

TEST(PrincipalsTest, FirstStartMakesAPrivateFileThatTheNextReads) {
  const test::TempDir dir;
  SystemRng rng;

  const auto made = Principals::load_or_create(dir.path() / "credentials", rng);
  const auto read = Principals::load_or_create(dir.path() / "credentials", rng);

  ASSERT_TRUE(made);
  ASSERT_TRUE(read);
  EXPECT_EQ(mode_of(dir.path() / "credentials"), 0600U);
  EXPECT_EQ(made->administrator()->id, read->administrator()->id);
  EXPECT_EQ(made->administrator()->secret.reveal(), read->administrator()->secret.reveal());
  EXPECT_EQ(made->administrator()->id.str().size(), 20U);
  EXPECT_EQ(made->administrator()->secret.reveal().size(), 40U);
}

TEST(PrincipalsTest, DirectoryInTheFilesPlaceIsToldAndKept) {
  const test::TempDir dir;
  SystemRng rng;
  std::filesystem::create_directory(dir.path() / "credentials");

  const auto read = Principals::load_or_create(dir.path() / "credentials", rng);

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kIo);
  EXPECT_EQ(read.error().detail, "cannot read " + (dir.path() / "credentials").string() + ": it is a directory");
}

TEST(PrincipalsTest, EverySectionIsAKeyAndTheFirstIsTheServicesOwn) {
  const auto principals = Principals::parse(
      "# comment\n[default]\naws_access_key_id = AKIA1\naws_secret_access_key=one\nregion = x\n\n[robot]\r\n"
      "aws_access_key_id=AKIA2\r\naws_secret_access_key = two\r\n");

  ASSERT_TRUE(principals);
  EXPECT_EQ(principals->administrator()->id.str(), "AKIA1");
  ASSERT_NE(principals->find("AKIA2"), nullptr);
  EXPECT_EQ(principals->find("AKIA2")->secret.reveal(), "two");
  EXPECT_EQ(principals->find("AKIA2")->name, "robot");
  EXPECT_EQ(principals->find("AKIA3"), nullptr);
}

TEST(PrincipalsTest, BrokenFilesAreToldByLineAndNeverQuoteTheSecret) {
  struct Case {
    const char* text;
    const char* said;
  };
  const Case cases[] = {{"[default\n", "line 1"},
                        {"[default]\nSECRETWORD\n", "line 2"},
                        {"", "no section"},
                        {"[a]\naws_access_key_id=A\n", "no section"}};
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);

    const auto principals = Principals::parse(c.text);

    ASSERT_FALSE(principals);
    EXPECT_EQ(principals.error().code, Errc::kCorrupt);
    EXPECT_THAT(principals.error().detail, HasSubstr(c.said));
    EXPECT_THAT(principals.error().detail, ::testing::Not(HasSubstr("SECRETWORD")));
  }
}

struct FreeX509 {
  void operator()(X509* certificate) const { X509_free(certificate); }
};

std::unique_ptr<X509, FreeX509> read_certificate(const std::string& file) {
  std::unique_ptr<FILE, int (*)(FILE*)> stream(std::fopen(file.c_str(), "r"), std::fclose);
  return std::unique_ptr<X509, FreeX509>(PEM_read_X509(stream.get(), nullptr, nullptr, nullptr));
}

TEST(DevCaTest, TheServerCertificateIsTheCasAndNamesEveryName) {
  const test::TempDir dir;
  const WallTime now = SystemClock().wall_now();

  const auto files = ensure_dev_certificate(dir.path(), {"localhost", "127.0.0.1", "::1", "camera.lan"}, now);

  ASSERT_TRUE(files) << files.error().detail;
  const auto server = read_certificate(files->certificate_chain_file);
  const auto ca = read_certificate((dir.path() / "ca.pem").string());
  EXPECT_EQ(X509_verify(server.get(), X509_get0_pubkey(ca.get())), 1);
  EXPECT_EQ(X509_check_host(server.get(), "camera.lan", 0, 0, nullptr), 1);
  EXPECT_EQ(X509_check_ip_asc(server.get(), "::1", 0), 1);
  EXPECT_EQ(X509_check_host(server.get(), "example.com", 0, 0, nullptr), 0);
  EXPECT_EQ(X509_check_ca(ca.get()), 1);
  EXPECT_EQ(X509_check_ca(server.get()), 0);
  EXPECT_EQ(mode_of(dir.path() / "ca-key.pem"), 0600U);
  EXPECT_EQ(mode_of(files->private_key_file), 0600U);
}

TEST(DevCaTest, GoodFilesAreKeptAndTheCaOutlivesTheServerCertificate) {
  const test::TempDir dir;
  const WallTime now = SystemClock().wall_now();
  ASSERT_TRUE(ensure_dev_certificate(dir.path(), {"localhost"}, now));
  const std::string ca = content_of(dir.path() / "ca.pem");
  const std::string server = content_of(dir.path() / "server.pem");

  ASSERT_TRUE(ensure_dev_certificate(dir.path(), {"localhost"}, now));
  EXPECT_EQ(content_of(dir.path() / "server.pem"), server);

  ASSERT_TRUE(ensure_dev_certificate(dir.path(), {"localhost", "new.lan"}, now));
  const std::string renamed = content_of(dir.path() / "server.pem");
  EXPECT_NE(renamed, server);

  ASSERT_TRUE(ensure_dev_certificate(dir.path(), {"localhost", "new.lan"}, now + std::chrono::hours(24 * 380)));
  EXPECT_NE(content_of(dir.path() / "server.pem"), renamed);
  EXPECT_EQ(content_of(dir.path() / "ca.pem"), ca);
}

TEST(DevCaTest, AFileThatIsNotPemIsToldWithWhatToDo) {
  const test::TempDir dir;
  const WallTime now = SystemClock().wall_now();
  ASSERT_TRUE(ensure_dev_certificate(dir.path(), {"localhost"}, now));
  std::ofstream(dir.path() / "ca.pem") << "garbage";

  const auto files = ensure_dev_certificate(dir.path(), {"localhost"}, now);

  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, Errc::kCorrupt);
  EXPECT_THAT(files.error().detail, HasSubstr("delete both"));
}

}  // namespace
}  // namespace heliograph::server
