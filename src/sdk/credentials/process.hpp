// What a program prints.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "sdk/credentials/run_process.hpp"
#include "sdk/credentials/source.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

class ProcessSource final : public CredentialSource {
 public:
  ProcessSource(const World& world, std::string command, std::chrono::milliseconds timeout,
                RunProcess run = run_process)
      : world_(world), command_(std::move(command)), timeout_(timeout), run_(run) {}
  void fetch(CredentialHandler done) override;

 private:
  const World& world_;
  std::string command_;
  std::chrono::milliseconds timeout_;
  RunProcess run_;
  std::shared_ptr<void> running_;
};

}  // namespace heliograph::sdk
