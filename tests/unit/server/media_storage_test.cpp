// Media storage, which is not offered: who asks is told so as the real service tells it for a channel without a stream.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/api_world.hpp"

namespace heliograph::server {
namespace {

using testing::HasSubstr;

class MediaStorageTest : public testing::Test {
 protected:
  test::ApiWorld world;
  std::string arn = world.create("door");
  std::string stream =
      std::string(world.ask(Operation::kCreateStream, R"({"StreamName":"tape"})").at("StreamARN").as_string());
};

TEST_F(MediaStorageTest, DisablingWhatIsDisabledSucceeds) {
  for (const char* more : {"", R"(,"StreamARN":null)"}) {
    const auto answer =
        world.call(Operation::kUpdateMediaStorageConfiguration,
                   R"({"ChannelARN":")" + arn + R"(","MediaStorageConfiguration":{"Status":"DISABLED")" + more + "}}");

    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "{}");
  }
}

TEST_F(MediaStorageTest, MistakesAndEnablingAreToldWhy) {
  struct Case {
    Operation operation;
    std::string body;
    int status;
    const char* said;
  };
  const std::string channel = R"("ChannelARN":")" + arn + '"';
  const std::string joined = R"("channelArn":")" + arn + '"';
  const std::string nowhere = R"("arn:aws:kinesisvideo:eu-west-1:123456789012:channel/nowhere/1712136149494")";
  const auto enabling = [&](const std::string& more) {
    return "{" + channel + R"(,"MediaStorageConfiguration":{"Status":"ENABLED")" + more + "}}";
  };
  constexpr auto kUpdate = Operation::kUpdateMediaStorageConfiguration;
  constexpr auto kJoin = Operation::kJoinStorageSession;
  constexpr auto kJoinAsViewer = Operation::kJoinStorageSessionAsViewer;
  const Case cases[] = {
      {kUpdate, enabling(R"(,"StreamARN":")" + stream + '"'), 400, "does not ingest media"},
      {kUpdate, enabling(""), 400, "MediaStorageConfiguration.StreamARN is required"},
      {kUpdate, "{" + channel + "}", 400, "MediaStorageConfiguration is required"},
      {kUpdate, "{" + channel + R"(,"MediaStorageConfiguration":{}})", 400, "MediaStorageConfiguration.Status is"},
      {kUpdate, R"({"ChannelARN":)" + nowhere + R"(,"MediaStorageConfiguration":{"Status":"DISABLED"}})", 404,
       "not found"},
      {kJoin, "{" + joined + "}", 400, "No stream is mapped to the channel"},
      {kJoin, "{" + joined + R"(,"clientId":"viewer"})", 400, "does not ingest media"},
      {kJoin, R"({"channelArn":)" + nowhere + "}", 404, "not found"},
      {kJoin, "{}", 400, "channelArn"},
      {kJoinAsViewer, "{" + joined + R"(,"clientId":"viewer"})", 400, "No stream is mapped to the channel"},
      {kJoinAsViewer, "{" + joined + "}", 400, "clientId"},
      {Operation::kDescribeMappedResourceConfiguration, R"({"StreamName":"nowhere"})", 404, "requested stream"},
      {Operation::kDescribeMappedResourceConfiguration, "{}", 400, "StreamName or StreamARN"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(to_string(c.operation)) + c.body);

    const auto answer = world.call(c.operation, c.body);

    EXPECT_EQ(answer.status, c.status);
    EXPECT_THAT(answer.body, HasSubstr(c.said));
  }
}

TEST_F(MediaStorageTest, StorageErrorsHaveALowerCaseMessage) {
  const auto answer = world.call(Operation::kJoinStorageSession, R"({"channelArn":")" + arn + "\"}");

  EXPECT_EQ(answer.error_type, "InvalidArgumentException");
  EXPECT_THAT(answer.body, HasSubstr(R"("message":)"));
}

TEST_F(MediaStorageTest, NoChannelIsMappedToAStream) {
  EXPECT_EQ(world.call(Operation::kDescribeMappedResourceConfiguration, R"({"StreamARN":")" + stream + "\"}").body,
            R"({"MappedResourceConfigurationList":[]})");
}

}  // namespace
}  // namespace heliograph::server
