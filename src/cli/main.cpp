// heliograph: the command line beside the service.
#include <openssl/crypto.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "base/standard_streams.hpp"
#include "cli/commands.hpp"
#include "cli/output.hpp"

int main(int argc, char** argv) {
  using heliograph::cli::end_output;

  heliograph::prepare_standard_streams();
  // GStreamer's threads may still be encrypting when the process ends: OpenSSL must not go before them.
  ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr);
  CLI::App app{"heliograph - the command line of Heliograph", "heliograph"};
  try {
    heliograph::cli::Commands commands(app);
    app.parse(argc, argv);
    return end_output(commands.run());
  } catch (const CLI::ParseError& error) {
    return end_output(app.exit(error) == 0 ? 0 : 2);  // Help and version are no failures.
  } catch (const std::exception& error) {
    std::fprintf(stderr, "heliograph: %s\n", error.what());
    return 1;
  }
}
