// The heliograph program itself: its exit codes are what scripts go by.
#include <gtest/gtest.h>

#include <string>

#include "support/paths.hpp"
#include "support/run_command.hpp"

namespace heliograph {
namespace {

using test::Ended;

Ended run(const std::string& arguments) { return test::run_command(arguments); }

std::string check(const std::string& policy, const std::string& action) {
  return "policy check --policy " + test::source_dir() + "/examples/policies/" + policy +
         " --action kinesisvideo:" + action +
         " --resource arn:aws:kinesisvideo:us-east-1:000000000000:channel/front-door/1712136149494";
}

TEST(PolicyProgramTest, ExitCodesSayAllowedDeniedOrBadInput) {
  const Ended allowed = run(check("viewer.json", "ConnectAsViewer"));
  EXPECT_EQ(allowed.code, 0);
  EXPECT_EQ(allowed.output, "allowed by Statement[0] (\"WatchFrontDoor\") of viewer.json\n");

  const Ended denied = run(check("viewer.json", "ConnectAsMaster"));
  EXPECT_EQ(denied.code, 1);
  EXPECT_NE(denied.output.find("its actions do not include kinesisvideo:ConnectAsMaster"), std::string::npos);

  const Ended device = run(check("device.json", "ConnectAsMaster") +
                           " --context credentials-iot:ThingName=front-door --context aws:SecureTransport=true");
  EXPECT_EQ(device.code, 0) << device.output;

  EXPECT_EQ(run(check("none.json", "ConnectAsViewer")).code, 2);
  EXPECT_EQ(run(check("viewer.json", "ConnectAsViewer") + " --context moon=full").code, 2);
  EXPECT_EQ(run("policy check --action x").code, 2);
  EXPECT_EQ(run("policy check --help").code, 0);
}

}  // namespace
}  // namespace heliograph
