// An acknowledged write survives SIGKILL, whenever it comes.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "store/sqlite_store.hpp"
#include "store/sqlite_user_store.hpp"
#include "support/counting_rng.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::store {
namespace {

/// A store_writer that is killed after it has acknowledged a number of writes.
class Writer {
 public:
  Writer(const std::string& file, const std::string& prefix) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) std::abort();
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = HELIOGRAPH_STORE_WRITER;
    std::string file_copy = file;
    std::string prefix_copy = prefix;
    char* argv[] = {program.data(), file_copy.data(), prefix_copy.data(), nullptr};
    if (::posix_spawn(&pid_, program.c_str(), &actions, nullptr, argv, environ) != 0) std::abort();
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
  }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  ~Writer() { ::close(output_); }

  /// Waits for `count` acknowledgements, kills, and gives all names that were acknowledged, those too that were on
  /// their way.
  std::vector<std::string> kill_after(std::size_t count) {
    std::string text;
    bool killed = false;
    std::array<char, 4096> buffer{};
    while (true) {
      const auto size = ::read(output_, buffer.data(), buffer.size());
      if (size <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(size));
      if (!killed && static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) >= count) {
        ::kill(pid_, SIGKILL);
        killed = true;
      }
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) << "the writer ended by itself";

    std::vector<std::string> names;
    for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
      names.push_back(text.substr(at, end - at));
    }
    return names;
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

TEST(StoreKillTest, EveryAcknowledgedWriteIsThereAfterManyKills) {
  constexpr std::size_t kRounds = 40;
  const test::TempDir dir;
  const std::string file = dir / "heliograph.db";
  test::CountingRng rng;

  std::size_t acknowledged = 0;
  for (std::size_t round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(round);
    const std::string prefix = "r" + std::to_string(round) + "-";
    // From a kill right after the start to one after a few checkpoints' worth of log.
    const auto names = Writer(file, prefix).kill_after(1 + round * round % 97);
    ASSERT_FALSE(names.empty());
    acknowledged += names.size();

    const auto opened = SqliteStore::open({.file = file}, rng);
    ASSERT_TRUE(opened) << opened.error().detail;
    const SqliteStore& store = **opened;
    const auto check = store.check_integrity();
    ASSERT_TRUE(check) << check.error().detail;
    const auto users = SqliteUserStore::open(file);
    ASSERT_TRUE(users) << users.error().detail;
    std::map<std::string, User> known;
    const auto kept = (*users)->users();
    ASSERT_TRUE(kept) << kept.error().detail;
    for (const User& user : *kept) known.emplace(user.name, user);
    for (std::size_t i = 0; i < names.size(); ++i) {
      ASSERT_EQ(known.contains(names[i]), i % 5 == 0) << names[i];
      if (i % 5 == 0) {
        ASSERT_EQ(known[names[i]].keys.size(), 1U) << "a user is there with its key or not at all";
        ASSERT_EQ(known[names[i]].policies.size(), 1U);
      }
      ASSERT_EQ(names[i], prefix + std::to_string(i));
      const auto channel = store.channel_by_name(names[i]);
      ASSERT_TRUE(channel) << names[i] << " was acknowledged and is gone";
      ASSERT_EQ(channel->message_ttl, std::chrono::seconds(i % 4 == 0 ? 5 : 60));
      ASSERT_EQ(store.channel_tags(channel->arn)->size(), i % 3 == 0 ? 1U : 0U);
    }
    // At most the one write that was being made when the kill came is there without an acknowledgement, per round.
    ASSERT_GE(store.channel_count(), acknowledged);
    ASSERT_LE(store.channel_count(), acknowledged + round + 1);
  }
}

}  // namespace
}  // namespace heliograph::store
