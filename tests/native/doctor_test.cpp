// `heliograph doctor`: what it advises where certificates and names are in the way.
#include "support/native_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class DoctorTest : public NativeTest {
 protected:
  /// By the AWS SDKs' rules, with the key of the service.
  [[nodiscard]] std::unique_ptr<Program> examine(const std::string& url, const std::string& ca_bundle) const {
    return std::make_unique<Program>(std::vector<std::string>{
        "/usr/bin/env", "AWS_CA_BUNDLE=" + ca_bundle, "AWS_ENDPOINT_URL_KINESIS_VIDEO=" + url,
        "AWS_SHARED_CREDENTIALS_FILE=" + data() + "/credentials", "AWS_EC2_METADATA_DISABLED=true", command_program(),
        "doctor", "--aws", "--region", "us-east-1"});
  }
  [[nodiscard]] std::string https() const {
    std::ifstream in(data() + "/runtime.json");
    return std::string(
        boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {})).at("httpsEndpoint").as_string());
  }
};

TEST_F(DoctorTest, CaOfTheEnvironmentIsTrustedOfTheServiceAndOfItsRelay) {
  ASSERT_NO_FATAL_FAILURE(start_service({"--turn", "auto", "--turn-port", "0", "--turn-tls-port", "0"}));

  const auto doctor = examine(https(), data() + "/tls/ca.pem");

  EXPECT_EQ(doctor->end(), 0) << doctor->text();
  EXPECT_THAT(doctor->text(), HasSubstr("ok    relay     turns:"));
  EXPECT_THAT(doctor->text(), Not(HasSubstr("FAIL")));
}

TEST_F(DoctorTest, CertificateThatIsNotTrustedIsNoMatterOfTheFirewall) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto by_sdk = examine(https(), "");
  Program by_flag({command_program(), "doctor", "--endpoint", https()});

  for (Program* doctor : {by_sdk.get(), &by_flag}) {
    EXPECT_EQ(doctor->end(), 1);
    EXPECT_THAT(doctor->text(), HasSubstr("FAIL"));
    EXPECT_THAT(doctor->text(), HasSubstr("--ca-file or AWS_CA_BUNDLE names the CA to trust"));
    EXPECT_THAT(doctor->text(), Not(HasSubstr("firewall")));
  }
}

TEST_F(DoctorTest, RelayByATrustedPlainServiceWithAnUntrustedCertificateNamesTheCa) {
  ASSERT_NO_FATAL_FAILURE(start_service({"--turn", "auto", "--turn-port", "0", "--turn-tls-port", "0"}));

  const auto doctor = examine("http://" + address(), "");

  EXPECT_EQ(doctor->end(), 1) << doctor->text();
  const std::string& text = doctor->text();
  const auto line = text.find("FAIL  relay     turns:");
  ASSERT_NE(line, std::string::npos) << text;
  EXPECT_THAT(text.substr(line), HasSubstr("its certificate is not trusted"));
  EXPECT_THAT(text.substr(line), HasSubstr("--ca-file or AWS_CA_BUNDLE names the CA to trust"));
  EXPECT_THAT(text, Not(HasSubstr("firewall")));
}

TEST_F(DoctorTest, NameThatIsNotKnownIsNoMatterOfTheFirewall) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto doctor = examine("https://nowhere.invalid", "");

  EXPECT_EQ(doctor->end(), 1);
  EXPECT_THAT(doctor->text(), HasSubstr("is the name right? does this machine's DNS know it?"));
  EXPECT_THAT(doctor->text(), Not(HasSubstr("firewall")));
}

}  // namespace
}  // namespace heliograph::test
