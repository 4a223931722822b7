// store_writer FILE PREFIX: makes channels PREFIX0, PREFIX1, … and prints each name once the store has acknowledged it;
// every third one is tagged, every fourth updated, and for every fifth there is a user, before it is printed. Goes on
// until it is killed, which is what it is for (tests/conformance/store_kill_test.cpp).
#include <unistd.h>

#include <cstdio>
#include <string>

#include "store/sqlite_store.hpp"
#include "store/sqlite_user_store.hpp"
#include "support/counting_rng.hpp"

namespace store = heliograph::store;

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  heliograph::test::CountingRng rng;
  const auto opened = store::SqliteStore::open({.file = argv[1]}, rng);
  if (!opened) {
    std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
    return 1;
  }
  store::Store& channels = **opened;
  const auto users = store::SqliteUserStore::open(argv[1]);
  if (!users) return 1;
  const heliograph::WallTime now = heliograph::SystemClock().wall_now();
  for (int i = 0;; ++i) {
    const std::string name = argv[2] + std::to_string(i);
    const auto made = channels.create_channel({.name = name}, now);
    bool kept = made.has_value();
    if (kept && i % 3 == 0) kept = channels.tag_channel(made->arn, {{"name", name}}).has_value();
    if (kept && i % 4 == 0) {
      kept = channels.update_channel(made->arn, made->version, std::chrono::seconds(5)).has_value();
    }
    if (kept && i % 5 == 0) {
      kept = (*users)
                 ->add_user({.name = name,
                             .id = "AIDA",
                             .created = now,
                             .policies = {{"p", "{}"}},
                             .keys = {{heliograph::AccessKeyId("AKIA" + name), "sealed", now}}})
                 .has_value();
    }
    if (!kept) return 1;
    const std::string line = name + '\n';
    if (::write(STDOUT_FILENO, line.data(), line.size()) < 0) return 1;
  }
}
