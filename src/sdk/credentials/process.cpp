// Running a credential_process.
#include "sdk/credentials/process.hpp"

#include <utility>

#include "sdk/credentials/quote.hpp"
#include "wire/credential_answers.hpp"
#include "wire/shell_words.hpp"

namespace heliograph::sdk {
namespace {

Error named(Errc code, const std::string& detail) { return {code, "credential_process: " + detail}; }

Result<Credentials> read(const Result<ProcessEnd>& ended) {
  if (!ended) return named(ended.error().code, ended.error().detail);
  if (ended->code != 0 || ended->signal != 0) {
    const std::string how = ended->signal != 0 ? "it was ended by signal " + std::to_string(ended->signal)
                                               : "it ended with exit code " + std::to_string(ended->code);
    const std::string said = quote_unknown(ended->errors);
    return named(Errc::kAccessDenied, how + (said.empty() ? std::string{} : ": " + said));
  }
  auto credentials = wire::parse_process_credentials(ended->output);
  if (!credentials) return named(Errc::kCorrupt, "what it printed: " + credentials.error().detail);
  return credentials;
}

}  // namespace

void ProcessSource::fetch(CredentialHandler done) {
  auto words = wire::split_shell_words(command_);
  if (!words) return done(named(words.error().code, words.error().detail));
  if (words->empty() || words->front().empty()) return done(named(Errc::kInvalidArgument, "it names no program"));
  ProcessCall call;
  call.words = std::move(*words);
  call.timeout = timeout_;
  running_ = run_(std::move(call), world_.post,
                  while_alive(this, [done = std::move(done)](ProcessSource&, const Result<ProcessEnd>& ended) {
                    done(read(ended));
                  }));
}

}  // namespace heliograph::sdk
