// Signs what stands on its input, a JSON object per line, with the SDK's signer: a URL per line, or "error: …".
//
// {"endpoint": …, "query": {…}, "date": MILLISECONDS, "region": …, "service": …, "expires": SECONDS,
//  "accessKeyId": …, "secretAccessKey": …, "sessionToken": …, "form": "javascript" | "botocore"}
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "heliograph/request_signer.hpp"

namespace {

namespace json = boost::json;

std::string text(const json::object& object, const char* name) { return std::string(object.at(name).as_string()); }

std::string sign(const json::object& wanted) {
  heliograph::SignRequest request{text(wanted, "endpoint"), {}, {}};
  for (const auto& [name, value] : wanted.at("query").as_object())
    request.query.emplace(std::string(name), std::string(value.as_string()));
  request.date = std::chrono::sys_time<std::chrono::milliseconds>(
      std::chrono::milliseconds(wanted.at("date").to_number<std::int64_t>()));
  const heliograph::Credentials credentials{text(wanted, "accessKeyId"),
                                            heliograph::Secret(text(wanted, "secretAccessKey")),
                                            heliograph::Secret(text(wanted, "sessionToken")),
                                            {}};
  heliograph::SignOptions options;
  options.service = text(wanted, "service");
  options.expires = std::chrono::seconds(wanted.at("expires").to_number<std::int64_t>());
  if (text(wanted, "form") == "botocore") options.form = heliograph::UrlForm::kBotocore;
  const auto url = heliograph::sign_url(request, credentials, text(wanted, "region"), options);
  return url ? *url : "error: " + url.error().detail;
}

}  // namespace

int main() {
  try {
    for (std::string line; std::getline(std::cin, line);) std::cout << sign(json::parse(line).as_object()) << '\n';
  } catch (const std::exception& wrong) {
    std::cerr << "cannot read the input: " << wrong.what() << '\n';
    return 1;
  }
  return 0;
}
