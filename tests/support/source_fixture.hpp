// SourceFixture: one source of credentials over a ScriptedWorld.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "sdk/credentials/source.hpp"
#include "support/scripted_world.hpp"
#include "support/temp_dir.hpp"

namespace heliograph::test {

class SourceFixture : public ::testing::Test {
 protected:
  void fetch() { source->fetch(outcomes.next()); }
  template <class Source, class Options>
  void make(Options options) {
    source = std::make_shared<Source>(script.world(), std::move(options));
  }
  std::string end_in(std::chrono::seconds life) const {
    return wire::to_iso_date(script.clock->wall_now() + life, false);
  }
  std::string container_json(std::chrono::seconds life = std::chrono::minutes(60)) const {
    return R"({"AccessKeyId":"ASIA","SecretAccessKey":"s","Token":"t","Expiration":")" + end_in(life) + "\"}";
  }
  std::string file(const std::string& name, const std::string& text) {
    std::ofstream(dir / name) << text;
    return (dir / name).string();
  }

  TempDir dir;
  ScriptedWorld script;
  Outcomes outcomes;
  std::shared_ptr<sdk::CredentialSource> source;
};

}  // namespace heliograph::test
