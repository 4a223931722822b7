// The heliograph program itself: its exit codes are what scripts go by.
#include <gtest/gtest.h>

#include <string>

#include "support/command.hpp"
#include "support/paths.hpp"

namespace heliograph {
namespace {

std::string check(const std::string& policy, const std::string& action) {
  return "policy check --policy " + test::source_dir() + "/examples/policies/" + policy +
         " --action kinesisvideo:" + action +
         " --resource arn:aws:kinesisvideo:us-east-1:000000000000:channel/front-door/1712136149494";
}

TEST(PolicyProgramTest, ExitCodesSayAllowedDeniedOrBadInput) {
  const test::Ended allowed = test::run_heliograph(check("viewer.json", "ConnectAsViewer"));
  EXPECT_EQ(allowed.code, 0);
  EXPECT_EQ(allowed.output, "allowed by Statement[0] (\"WatchFrontDoor\") of viewer.json\n");

  const test::Ended denied = test::run_heliograph(check("viewer.json", "ConnectAsMaster"));
  EXPECT_EQ(denied.code, 1);
  EXPECT_NE(denied.output.find("its actions do not include kinesisvideo:ConnectAsMaster"), std::string::npos);

  const test::Ended device =
      test::run_heliograph(check("device.json", "ConnectAsMaster") +
                           " --context credentials-iot:ThingName=front-door --context aws:SecureTransport=true");
  EXPECT_EQ(device.code, 0) << device.output;

  EXPECT_EQ(test::run_heliograph(check("none.json", "ConnectAsViewer")).code, 2);
  const test::Ended directory = test::run_heliograph(check("", "ConnectAsViewer"));
  EXPECT_EQ(directory.code, 2);
  EXPECT_NE(directory.output.find("it is a directory"), std::string::npos);
  EXPECT_EQ(test::run_heliograph(check("viewer.json", "ConnectAsViewer") + " --context moon=full").code, 2);
  EXPECT_EQ(test::run_heliograph("policy check --action x").code, 2);
  EXPECT_EQ(test::run_heliograph("policy check --help").code, 0);
}

}  // namespace
}  // namespace heliograph
