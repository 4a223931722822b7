// A signer of your own: the URL is signed by another program (here `heliograph sign`, in production your back end), so
// that no key is needed where the client runs.
//
//   signer CHANNEL-ARN WSS-ENDPOINT CLIENT_ID COMMAND…      COMMAND prints a signed URL
#include <heliograph/request_signer.hpp>
#include <heliograph/signaling_client.hpp>

#include <cstdio>
#include <future>
#include <memory>
#include <string>

using namespace heliograph;

namespace {

/// Asks a program for every connection; it may take its time, so it gets a thread.
class ProgramSigner final : public RequestSigner {
 public:
  explicit ProgramSigner(std::string command) : command_(std::move(command)) {}
  ~ProgramSigner() override {
    if (asking_.valid()) asking_.wait();
  }

  void get_signed_url(SignRequest, Handler done) override {
    asking_ = std::async(std::launch::async, [command = command_, done = std::move(done)]() { done(run(command)); });
  }

 private:
  static Result<std::string> run(const std::string& command) {
    FILE* program = ::popen(command.c_str(), "r");
    if (program == nullptr) return Error{Errc::kIo, "cannot run " + command};
    std::string url;
    char piece[512];
    while (std::fgets(piece, sizeof piece, program) != nullptr) url += piece;
    if (::pclose(program) != 0) return Error{Errc::kAccessDenied, "the signer refused: " + command};
    while (!url.empty() && url.back() == '\n') url.pop_back();
    return url;
  }

  std::string command_;
  std::future<void> asking_;
};

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, BUFSIZ);  // Line by line, into a pipe too.
  if (argc < 5) return std::fputs("usage: signer CHANNEL-ARN WSS-ENDPOINT CLIENT_ID COMMAND...\n", stderr), 2;
  std::string command;
  for (int i = 4; i < argc; ++i) command += std::string(argv[i]) + ' ';

  std::promise<bool> done;
  SignalingClient::Handlers on;
  on.on_open = [&](const std::vector<IceServer>&) {
    std::puts("joined, by somebody else's signature");
    done.set_value(true);
  };
  on.on_closed = [&](const Error& why) {
    std::fprintf(stderr, "%s\n", why.detail.c_str());
    done.set_value(false);
  };
  auto client = SignalingClient::create({.role = Role::kViewer,
                                         .client_id = argv[3],
                                         .channel = argv[1],
                                         .endpoint = argv[2],
                                         .signer = std::make_shared<ProgramSigner>(command)},
                                        std::move(on));
  if (!client) return std::fprintf(stderr, "%s\n", client.error().detail.c_str()), 1;
  (*client)->open();
  return done.get_future().get() ? 0 : 1;
}
