// The Hub beside the naive one, and the session's invariants, over many chance sequences of events.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/hub_properties.hpp"
#include "support/session_properties.hpp"

namespace heliograph::core {
namespace {

std::string chance_bytes(std::mt19937& random, std::size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random() & 0xFF);
  return bytes;
}

TEST(HubRaceTest, HubDoesWhatTheNaiveHubDoes) {
  std::mt19937 random(1);
  for (int i = 0; i < 300; ++i) test::HubRace(chance_bytes(random, 600)).run();
}

TEST(SessionRunTest, SessionKeepsItsRulesWhateverHappens) {
  std::mt19937 random(2);
  for (int i = 0; i < 3000; ++i) test::SessionRun(chance_bytes(random, 60)).run();
}

}  // namespace
}  // namespace heliograph::core
