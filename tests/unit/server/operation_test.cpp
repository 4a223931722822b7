// Operations and the names by which policies know them.
#include "server/operation.hpp"

#include <gtest/gtest.h>

#include <string>

#include "core/policy/known_actions.hpp"

namespace heliograph::server {
namespace {

TEST(OperationTest, EachIsAnActionThatPoliciesKnow) {
  for (std::size_t i = 0; i < kOperationCount; ++i) {
    const std::string action = "kinesisvideo:" + std::string(to_string(static_cast<Operation>(i)));
    EXPECT_TRUE(core::is_known_action(action)) << action;
  }
}

}  // namespace
}  // namespace heliograph::server
