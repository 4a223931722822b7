// The seam, and the provider that has nothing to ask.
#include "heliograph/credentials.hpp"

#include <utility>

namespace heliograph {
namespace {

class StaticCredentials final : public CredentialProvider {
 public:
  explicit StaticCredentials(Credentials credentials) : credentials_(std::move(credentials)) {}
  void get(Handler done) override { done(credentials_); }

 private:
  Credentials credentials_;
};

}  // namespace

CredentialProvider::~CredentialProvider() = default;

std::shared_ptr<CredentialProvider> static_credentials(Credentials credentials) {
  return std::make_shared<StaticCredentials>(std::move(credentials));
}

}  // namespace heliograph
