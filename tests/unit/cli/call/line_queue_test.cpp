// Lines that wait for who is not there.
#include "cli/call/line_queue.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace heliograph::cli {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class LineQueueTest : public ::testing::Test {
 protected:
  void push(const std::string& line) { queue_.push(parse_chat_input(line)); }
  /// What was sent, "bob:hi", ":hi" of what is for everybody.
  std::vector<std::string> flush() {
    std::vector<std::string> sent;
    queue_.flush(
        [&](const ChatInput& line) {
          const bool is_there = line.to.empty() ? !here_.empty() : here_.contains(line.to);
          if (!is_there) return LineQueue::Sent::kWait;
          sent.push_back(line.to + ':' + line.text);
          return LineQueue::Sent::kDone;
        },
        [&]() { return has_room_; });
    return sent;
  }
  std::vector<std::string> give_up(bool has_ended) {
    std::vector<std::string> texts;
    for (const ChatInput& line : queue_.give_up(now_, has_ended)) texts.push_back(line.text);
    return texts;
  }

  LineQueue queue_;
  std::set<std::string> here_;
  bool has_room_ = true;
  LineQueue::Time now_{};
};

TEST_F(LineQueueTest, LinesToTheSameKeepTheirOrderAndOthersPass) {
  here_ = {"bob"};
  for (const char* line : {"/to ann 1", "/all 2", "/to bob 3", "/to ann 4"}) push(line);

  EXPECT_THAT(flush(), ElementsAre(":2", "bob:3"));
  here_ = {"ann", "bob"};
  EXPECT_THAT(flush(), ElementsAre("ann:1", "ann:4"));
  EXPECT_TRUE(queue_.empty());
}

TEST_F(LineQueueTest, NothingPassesWhatIsForEverybody) {
  for (const char* line : {"/to ann 1", "2", "/to bob 3"}) push(line);

  EXPECT_THAT(flush(), IsEmpty());
  here_ = {"bob"};
  EXPECT_THAT(flush(), ElementsAre(":2", "bob:3"));
}

TEST_F(LineQueueTest, WhoDoesNotComeIsGivenUpAfterTheEnd) {
  here_ = {"bob"};
  push("/to ann 1");
  push("/to eve 2");
  EXPECT_THAT(flush(), IsEmpty());

  EXPECT_THAT(give_up(false), IsEmpty());
  now_ += seconds(100);
  EXPECT_THAT(give_up(false), IsEmpty()) << "more lines may come";
  EXPECT_THAT(give_up(true), IsEmpty());
  now_ += LineQueue::kAbsence - seconds(1);
  EXPECT_THAT(give_up(true), IsEmpty());
  queue_.on_arrival();
  EXPECT_THAT(give_up(true), IsEmpty());
  now_ += LineQueue::kAbsence - seconds(1);
  EXPECT_THAT(give_up(true), IsEmpty()) << "somebody has come since";
  now_ += seconds(1);
  EXPECT_THAT(give_up(true), ElementsAre("1", "2"));
  EXPECT_TRUE(queue_.empty());
}

TEST_F(LineQueueTest, OnlyWhatWaitsForANameIsGivenUp) {
  push("/to ann 1");
  push("to everybody");
  EXPECT_THAT(flush(), IsEmpty());
  EXPECT_THAT(give_up(true), IsEmpty());
  now_ += seconds(100);
  EXPECT_THAT(give_up(true), IsEmpty()) << "the first who comes may be ann";

  here_ = {"ann"};
  has_room_ = false;
  EXPECT_THAT(flush(), IsEmpty());
  EXPECT_THAT(give_up(true), IsEmpty());
  now_ += seconds(100);
  EXPECT_THAT(give_up(true), IsEmpty()) << "the way is busy, but ann is there";
}

TEST_F(LineQueueTest, AQueueFullOfThemIsGivenUpBeforeTheEndToo) {
  for (std::size_t i = 0; i < LineQueue::kMost; ++i) push("/to ann " + std::to_string(i));
  EXPECT_TRUE(queue_.is_full());
  EXPECT_THAT(flush(), IsEmpty());

  EXPECT_THAT(give_up(false), IsEmpty());
  now_ += LineQueue::kAbsence;

  EXPECT_EQ(give_up(false).size(), LineQueue::kMost);
}

}  // namespace
}  // namespace heliograph::cli
