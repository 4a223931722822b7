// IdentityFixture: a whole service whose users, roles and sessions are made with the heliograph program and STS.
#pragma once

#include <fstream>
#include <optional>
#include <string>

#include "support/app_fixture.hpp"
#include "support/command.hpp"

namespace heliograph::test {

inline constexpr const char* kVersion = "&Version=2011-06-15";

/// The text of the first element of that name; empty: there is none.
inline std::string element(const std::string& xml, const std::string& name) {
  const std::size_t start = xml.find("<" + name + ">");
  if (start == std::string::npos) return {};
  const std::size_t from = start + name.size() + 2;
  return xml.substr(from, xml.find("</" + name + ">", from) - from);
}

/// The credentials in an answer of STS.
inline wire::SigningCredential credentials_in(const HttpAnswer& answer) {
  EXPECT_EQ(answer.status, 200) << answer.body;
  return {element(answer.body, "AccessKeyId"), Secret(element(answer.body, "SecretAccessKey")),
          Secret(element(answer.body, "SessionToken")), std::nullopt};
}

class IdentityFixture : public AppFixture {
 protected:
  Ended heliograph(const std::string& arguments) {
    return run_heliograph(arguments + " --data " + (dir.path() / "data").string());
  }
  /// A file with this text.
  std::string file(const std::string& name, const std::string& text) {
    const auto path = dir.path() / name;
    std::ofstream(path) << text;
    return path.string();
  }
  /// The key in the section of a credentials file that was printed.
  wire::SigningCredential key_in(const std::string& printed) {
    const auto keys = server::Principals::parse(printed);
    EXPECT_TRUE(keys) << printed;
    const server::PrincipalPtr found = keys ? keys->administrator() : nullptr;
    if (found == nullptr) return {};
    return {found->id.str(), found->secret, Secret{}, std::nullopt};
  }
  wire::SigningCredential add_user(const std::string& name, const std::string& policy) {
    const Ended added = heliograph("user add " + name + " --tag site=north --policy " + policy);
    EXPECT_EQ(added.code, 0) << added.output;
    return key_in(added.output);
  }
  wire::SigningCredential add_viewer(const std::string& name) {
    return add_user(name, source_dir() + "/examples/policies/viewer.json");
  }
  void add_role(const std::string& name, const std::string& trust, const std::string& more = "") {
    const Ended added = heliograph("role add " + name + " --trust " + file(name + "-trust.json", trust) + " --policy " +
                                   source_dir() + "/examples/policies/viewer.json " + more);
    EXPECT_EQ(added.code, 0) << added.output;
  }
  /// Status of a call that the example policy of a viewer allows.
  int describe(const wire::SigningCredential& as) {
    return call("/describeSignalingChannel", R"({"ChannelName": "front-door"})", as).status;
  }
};

}  // namespace heliograph::test
