// Files that somebody named: what is read, and what is said of the others.
#include "base/read_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <future>

#include "support/temp_dir.hpp"

namespace heliograph {
namespace {

using ::testing::HasSubstr;

class ReadFileTest : public ::testing::Test {
 protected:
  [[nodiscard]] std::filesystem::path write(const std::string& content) const {
    const auto file = dir.path() / "file";
    std::ofstream(file, std::ios::binary) << content;
    return file;
  }

  const test::TempDir dir;
};

TEST_F(ReadFileTest, ContentComesWholeWithEveryByte) {
  std::string content(100'000, 'x');
  content[7] = '\0';
  content[50'000] = '\n';

  EXPECT_EQ(read_file(write(content)).value_or("none"), content);
  EXPECT_EQ(read_file(write("")).value_or("none"), "");
}

TEST_F(ReadFileTest, FileWithoutASizeIsReadToItsEnd) {
  const auto status = read_file("/proc/self/status");

  ASSERT_TRUE(status);
  EXPECT_THAT(*status, HasSubstr("Pid:"));
}

TEST_F(ReadFileTest, PipeIsReadUntilItsWriterClosesIt) {
  const auto pipe = dir.path() / "pipe";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto writing = std::async(std::launch::async, [&]() { std::ofstream(pipe) << "through a pipe"; });

  EXPECT_EQ(read_file(pipe).value_or("none"), "through a pipe");
}

TEST_F(ReadFileTest, DirectoryIsToldAsOne) {
  const auto read = read_file(dir.path());

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kIo);
  EXPECT_EQ(read.error().detail, "cannot read " + dir.path().string() + ": it is a directory");
}

TEST_F(ReadFileTest, DeviceIsNotRead) {
  const auto read = read_file("/dev/zero");

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().detail, "cannot read /dev/zero: it is neither a file nor a pipe");
}

TEST_F(ReadFileTest, MissingFileIsNotFound) {
  const auto file = write("x");
  for (const auto& path : {dir.path() / "missing", file / "below a file"}) {
    SCOPED_TRACE(path.string());

    const auto read = read_file(path);

    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::kResourceNotFound);
    EXPECT_THAT(read.error().detail, HasSubstr("cannot read " + path.string() + ": "));
  }
}

TEST_F(ReadFileTest, BoundIsTheLargestSizeThatIsRead) {
  const auto file = write("12345678");

  EXPECT_EQ(read_file(file, 8).value_or("none"), "12345678");
  const auto read = read_file(file, 7);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kIo);
  EXPECT_THAT(read.error().detail, HasSubstr("it has more than 7 bytes"));
}

}  // namespace
}  // namespace heliograph
