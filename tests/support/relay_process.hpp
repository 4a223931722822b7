// RelayProcess: a coturn of a test's own, on loopback, with one user.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <fstream>
#include <string>

#include "heliograph/ice.hpp"
#include "support/temp_dir.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration): POSIX has it in no header.

namespace heliograph::test {

/// Up when it has been made: libnice asks a relay for two seconds only. Killed when the object goes.
class RelayProcess {
 public:
  /// As heliographd and AWS make them: a time, and its HMAC under the secret of the relay. With all that URIs mind.
  static constexpr const char* kSecret = "secret1";
  static constexpr const char* kUser = "2000000000:user/one";
  static constexpr const char* kPassword = "HYEtDmlIdtaSv+2R/A+vkdA+A1s=";

  RelayProcess() : port_(free_port()) {
    const std::string config = dir_ / "turnserver.conf";
    std::ofstream(config)
        << "listening-ip=127.0.0.1\nrelay-ip=127.0.0.1\nlistening-port=" << port_
        << "\nuse-auth-secret\nrealm=test\nstatic-auth-secret=" << kSecret
        << "\nallow-loopback-peers\nno-cli\nno-tls\nno-dtls\nfingerprint\nverbose\nsimple-log\nlog-file="
        << (dir_ / "log").string() << "\npidfile=" << (dir_ / "pid").string() << "\nuserdb=" << (dir_ / "db").string()
        << "\n";
    std::string program = "turnserver";
    std::string flag = "-c";
    std::string path = config;
    char* arguments[] = {program.data(), flag.data(), path.data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
      posix_spawn_file_actions_addopen(&actions, stream, "/dev/null", O_WRONLY, 0);
    EXPECT_EQ(::posix_spawnp(&pid_, program.c_str(), &actions, nullptr, arguments, environ), 0)
        << "apt-get install coturn";
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_TRUE(await_answer()) << "coturn does not answer";
  }
  RelayProcess(const RelayProcess&) = delete;
  RelayProcess& operator=(const RelayProcess&) = delete;
  ~RelayProcess() {
    if (pid_ <= 1) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  /// By TCP: libnice ties its UDP sockets to a network interface (IP_UNICAST_IF), and never to the loopback one, so
  /// that datagrams do not reach 127.0.0.1 from them. tests/outage has a relay by UDP, at an address of its own.
  [[nodiscard]] IceServer server(const std::string& transport) const {
    return {.uris = {"turn:127.0.0.1:" + std::to_string(port_) + "?transport=" + transport},
            .username = kUser,
            .password = Secret(kPassword)};
  }

  /// Allocations that were made and not given back.
  [[nodiscard]] int held() const {
    std::ifstream log(dir_ / "log");
    int found = 0;
    for (std::string line; std::getline(log, line);) {
      if (line.find(": new, realm=") != std::string::npos) ++found;
      if (line.find(" lifetime=0") != std::string::npos) --found;
    }
    return found;
  }

 private:
  /// Of TCP and UDP alike, at this moment.
  static std::uint16_t free_port() {
    const int tcp = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(tcp, reinterpret_cast<const sockaddr*>(&address), size), 0);
    ::getsockname(tcp, reinterpret_cast<sockaddr*>(&address), &size);
    ::close(tcp);
    return ntohs(address.sin_port);
  }

  /// Whether it takes connections, however long it takes to start.
  [[nodiscard]] bool await_answer() const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < 1000; ++i) {
      const int tcp = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
      const bool is_up = ::connect(tcp, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
      ::close(tcp);
      if (is_up) return true;
      ::poll(nullptr, 0, 20);
    }
    return false;
  }

  TempDir dir_;
  std::uint16_t port_;
  pid_t pid_ = -1;
};

}  // namespace heliograph::test
