// Two files of the data directory.
#include "cli/service_facts.hpp"

#include <boost/json.hpp>

namespace heliograph::cli {
namespace {

std::string member(const boost::json::value& object, std::string_view name) {
  const auto* fields = object.if_object();
  const auto* field = fields == nullptr ? nullptr : fields->if_contains(name);
  return field != nullptr && field->is_string() ? std::string(field->get_string()) : std::string{};
}

Result<std::string> read_service_file(const std::filesystem::path& file) {
  auto text = read_text(file);
  if (text) return text;
  return Error{text.error().code, text.error().detail +
                                      "; start heliographd with this data directory first (./dev up), or name the one "
                                      "it uses with --data"};
}

}  // namespace

Result<ServiceFacts> read_service_facts(const std::filesystem::path& data_dir) {
  const auto credentials = read_service_file(data_dir / "credentials");
  if (!credentials) return credentials.error();
  const auto runtime = read_service_file(data_dir / "runtime.json");
  if (!runtime) return runtime.error();
  auto profiles = wire::parse_credentials_file(*credentials);
  boost::system::error_code error;
  const auto facts = boost::json::parse(*runtime, error);
  const std::string endpoint = member(facts, "httpsEndpoint");
  if (!profiles || profiles->empty() || error || endpoint.empty())
    return Error{Errc::kCorrupt,
                 "the files in " + data_dir.string() + " are damaged; restart heliographd to write them anew"};
  return ServiceFacts{endpoint, member(facts, "region"), member(facts, "caFile"), std::move(profiles->front())};
}

}  // namespace heliograph::cli
