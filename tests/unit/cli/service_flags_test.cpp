// Which data directory counts when a flag and a variable name one each.
#include "cli/service_flags.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <CLI/CLI.hpp>

namespace heliograph::cli {
namespace {

class ServiceFlagsTest : public ::testing::Test {
 protected:
  ServiceFlagsTest() { ::setenv("HELIOGRAPH_DATA", "/of-the-variable", 1); }
  ~ServiceFlagsTest() override { ::unsetenv("HELIOGRAPH_DATA"); }

  static ServiceOptions options_of(const std::string& line) {
    CLI::App app;
    ServiceOptions options;
    for (const char* name : {"one", "two"}) add_service_flags(*app.add_subcommand(name), options);
    app.parse(line);
    return options;
  }
  static std::filesystem::path data_dir_of(const std::string& line) { return options_of(line).data_dir; }
};

TEST_F(ServiceFlagsTest, FlagAndVariableAreGivenAndTheDefaultIsNot) {
  EXPECT_TRUE(options_of("one").is_data_given);
  ::unsetenv("HELIOGRAPH_DATA");
  EXPECT_TRUE(options_of("two --data .heliograph").is_data_given);
  EXPECT_FALSE(options_of("two --region r").is_data_given);
}

TEST_F(ServiceFlagsTest, FlagBeatsTheVariableThoughSeveralCommandsShareIt) {
  EXPECT_EQ(data_dir_of("one --data /of-the-flag"), "/of-the-flag");
  EXPECT_EQ(data_dir_of("two --data /of-the-flag"), "/of-the-flag");
}

TEST_F(ServiceFlagsTest, VariableBeatsTheDefault) { EXPECT_EQ(data_dir_of("two"), "/of-the-variable"); }

TEST_F(ServiceFlagsTest, WithoutEitherItIsBesideTheCaller) {
  ::unsetenv("HELIOGRAPH_DATA");

  EXPECT_EQ(data_dir_of("one"), ".heliograph");
}

}  // namespace
}  // namespace heliograph::cli
