// The log: what a line may hold, and a reader that does not read.
#include "server/log_sink.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/json.hpp>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "server/line_writer.hpp"
#include "support/temp_dir.hpp"
#include "wire/utf8.hpp"

namespace heliograph::server {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

/// A pipe of one page.
class Pipe {
 public:
  Pipe() {
    EXPECT_EQ(::pipe2(ends_, O_CLOEXEC), 0);
    EXPECT_GT(::fcntl(ends_[1], F_SETPIPE_SZ, 4096), 0);
  }
  ~Pipe() {
    close_reader();
    close_writer();
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  [[nodiscard]] int writer() const { return ends_[1]; }
  void close_writer() { close_end(ends_[1]); }
  void close_reader() { close_end(ends_[0]); }
  /// All lines until the last writer is gone.
  std::vector<std::string> read_lines() {
    close_writer();
    std::vector<std::string> lines(1);
    char buffer[4096];
    for (ssize_t size = 0; (size = ::read(ends_[0], buffer, sizeof buffer)) > 0;) {
      for (const char c : std::string_view(buffer, static_cast<std::size_t>(size))) {
        if (c == '\n') {
          lines.emplace_back();
        } else {
          lines.back() += c;
        }
      }
    }
    EXPECT_EQ(lines.back(), "");
    lines.pop_back();
    return lines;
  }

 private:
  static void close_end(int& end) {
    if (end >= 0) ::close(end);
    end = -1;
  }
  int ends_[2] = {-1, -1};
};

std::vector<std::string> lines_of(LogFormat format, std::string_view value) {
  Pipe pipe;
  SpdlogSink(format, "info", pipe.writer()).write(LogLevel::kInfo, "tested", {{"value", value}});
  return pipe.read_lines();
}

TEST(LogSinkTest, ValuesOfATextLineAreQuotedAndEscapedWhereNeeded) {
  struct Case {
    std::string_view value;
    const char* written;
  };
  for (const Case& c : {Case{"viewer-1", "viewer-1"},
                        {"Grüße", "Grüße"},
                        {"a b", "\"a b\""},
                        {"", "\"\""},
                        {"a=b", "\"a=b\""},
                        {R"(a"b\c d)", R"("a\"b\\c d")"},
                        {"a\nb", R"("a\u000ab")"},
                        {"\x1b[2J", R"("\u001b[2J")"},
                        {"\x7f", R"("\u007f")"},
                        {"\xc2\x9b"
                         "2J",
                         R"("\u009b2J")"},
                        {"\xc2\x85", R"("\u0085")"},
                        {"\xe2\x80\xa8", R"("\u2028")"},
                        {"a\x9b"
                         "b",
                         R"("a\ufffdb")"},
                        {"\xe2\x82", R"("\ufffd\ufffd")"}}) {
    SCOPED_TRACE(c.written);

    const auto lines = lines_of(LogFormat::kText, c.value);

    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(lines[0], EndsWith(std::string(" info tested value=") + c.written));
  }
}

TEST(LogSinkTest, AJsonLineIsUtf8AndGivesTheValueBack) {
  struct Case {
    std::string_view value;
    std::string_view read;
  };
  for (const Case& c : {Case{"Grüße \"\\ \n\x1b", "Grüße \"\\ \n\x1b"},
                        {"\xc2\x9b\xc2\x85", "\xc2\x9b\xc2\x85"},
                        {"a\xff\x80z", "a\xef\xbf\xbd\xef\xbf\xbdz"}}) {
    SCOPED_TRACE(std::string(c.read));

    const auto lines = lines_of(LogFormat::kJson, c.value);

    ASSERT_EQ(lines.size(), 1U);
    EXPECT_TRUE(wire::is_utf8(lines[0]));
    EXPECT_EQ(lines[0].find_first_of("\x1b\x9b\x85"), std::string::npos);
    const auto record = boost::json::parse(lines[0]);
    EXPECT_EQ(record.at("event").as_string(), "tested");
    EXPECT_EQ(record.at("level").as_string(), "info");
    EXPECT_EQ(std::string_view(record.at("value").as_string()), c.read);
  }
}

TEST(LogSinkTest, LinesBelowTheLevelAreNotWritten) {
  Pipe pipe;
  {
    SpdlogSink sink(LogFormat::kText, "warning", pipe.writer());

    sink.write(LogLevel::kInfo, "unheard", {});
    sink.write(LogLevel::kError, "heard", {});
  }

  const auto lines = pipe.read_lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("heard"));
}

std::string notice(std::uint64_t lost) { return "lost " + std::to_string(lost) + "\n"; }

TEST(LineWriterTest, LinesReachTheReaderInOrderBeforeTheEnd) {
  Pipe pipe;
  auto writer = std::make_unique<LineWriter>(pipe.writer(), notice);
  pipe.close_writer();
  auto reading = std::async(std::launch::async, [&] { return pipe.read_lines(); });

  for (int i = 0; i < 5000; ++i) writer->write(std::to_string(i) + "\n");
  writer.reset();

  const auto lines = reading.get();
  ASSERT_EQ(lines.size(), 5000U);
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(lines[i], std::to_string(i));
}

// Were the caller held up, this test would not end: nobody reads before all is written.
TEST(LineWriterTest, AReaderThatStallsHoldsNobodyUpAndLearnsHowManyLinesItLost) {
  constexpr std::uint64_t kLines = 1000;
  Pipe pipe;
  auto writer = std::make_unique<LineWriter>(
      pipe.writer(), notice, LineWriter::Options{.max_queued_bytes = 8192, .patience = std::chrono::minutes(1)});
  pipe.close_writer();

  for (std::uint64_t i = 0; i < kLines; ++i) writer->write(std::to_string(i) + std::string(96, ' ') + "\n");
  auto reading = std::async(std::launch::async, [&] { return pipe.read_lines(); });
  writer.reset();

  std::uint64_t received = 0;
  std::uint64_t lost = 0;
  for (const std::string& line : reading.get()) {
    if (line.starts_with("lost ")) {
      lost += std::stoull(line.substr(5));
    } else {
      // The notice stands where the gap is.
      EXPECT_EQ(std::stoull(line), received + lost);
      ++received;
    }
  }
  EXPECT_GT(lost, 0U);
  EXPECT_EQ(received + lost, kLines);
}

TEST(LineWriterTest, AReaderThatNeverReadsDoesNotHoldUpTheEnd) {
  Pipe pipe;
  const auto start = std::chrono::steady_clock::now();

  {
    LineWriter writer(pipe.writer(), notice, {.max_queued_bytes = 1 << 20, .patience = std::chrono::milliseconds(20)});
    for (int i = 0; i < 1000; ++i) writer.write(std::string(99, 'x') + "\n");
  }

  // Patience is lost once the pipe is full; what a stuck end would take is without bound.
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(30));
}

TEST(LineWriterTest, AReaderThatIsGoneDoesNotHoldUpTheEnd) {
  Pipe pipe;
  pipe.close_reader();
  LineWriter writer(pipe.writer(), notice, {.max_queued_bytes = 1 << 20, .patience = std::chrono::minutes(1)});

  // SIGPIPE would end the test.
  for (int i = 0; i < 100; ++i) writer.write("unheard\n");
}

TEST(LineWriterTest, LinesThatAFullDiskDoesNotTakeAreCountedAndTheFirstIsTold) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  const auto lost = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::vector<int> told;
  {
    LineWriter::Options options;
    options.patience = std::chrono::minutes(1);
    options.on_failure = [&told](int code) { told.push_back(code); };
    options.lost_count = lost;
    LineWriter writer(full, notice, options);
    ::close(full);
    for (int i = 0; i < 3; ++i) writer.write("unwritten\n");
  }

  EXPECT_EQ(lost->load(), 3U);
  EXPECT_EQ(told, std::vector<int>{ENOSPC});
}

TEST(LineWriterTest, NextReaderLearnsHowManyLinesTheGapHad) {
  const test::TempDir dir;
  const std::string path = (dir.path() / "pipe").string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  const int first = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  const int end = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  std::promise<int> failed;
  LineWriter::Options options;
  options.patience = std::chrono::minutes(1);
  options.on_failure = [&failed](int code) { failed.set_value(code); };
  auto writer = std::make_unique<LineWriter>(end, notice, options);
  ::close(end);
  ::close(first);
  writer->write("unread\n");
  EXPECT_EQ(failed.get_future().get(), EPIPE);

  const int second = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  writer->write("read\n");
  writer.reset();

  char text[64];
  const ssize_t size = ::read(second, text, sizeof text);
  ASSERT_GT(size, 0);
  EXPECT_EQ(std::string(text, static_cast<std::size_t>(size)), "lost 1\nread\n");
  ::close(second);
}

TEST(LogSinkTest, FormatAndLevelChangeForLinesFromThenOn) {
  Pipe pipe;
  {
    SpdlogSink log(LogFormat::kText, "info", pipe.writer());
    log.write(LogLevel::kDebug, "unseen", {});
    log.write(LogLevel::kInfo, "one", {{"key", "value"}});
    log.configure(LogFormat::kJson, "debug");
    log.write(LogLevel::kDebug, "two", {{"key", "value"}});
  }

  const auto lines = pipe.read_lines();

  ASSERT_EQ(lines.size(), 2U);
  EXPECT_THAT(lines[0], EndsWith("info one key=value"));
  EXPECT_EQ(boost::json::parse(lines[1]).at("event").as_string(), "two");
}

}  // namespace
}  // namespace heliograph::server
