// The facts as JSON.
#include "server/runtime_file.hpp"

#include <unistd.h>

#include <boost/json.hpp>

#include "server/data_dir.hpp"
#include "server/setting_texts.hpp"

namespace heliograph::server {

std::string url_of(const net::ListenAddress& listen, std::string_view scheme) {
  const bool is_v6 = listen.address.find(':') != std::string::npos;
  return std::string(scheme) + "://" + (is_v6 ? "[" + listen.address + "]" : listen.address) + ":" +
         std::to_string(listen.port);
}

std::vector<std::string> own_hosts(const std::vector<net::ListenAddress>& bound) {
  std::vector<std::string> hosts;
  for (const net::ListenAddress& listen : bound) {
    hosts.push_back(url_of(listen, "http").substr(std::string_view("http://").size()));
    if (is_loopback(listen.address)) hosts.push_back("localhost:" + std::to_string(listen.port));
  }
  return hosts;
}

Result<void> write_runtime_file(const std::filesystem::path& file, net::ListenAddress first, const Config& config,
                                const std::filesystem::path& ca_file) {
  // Certificates name localhost; "every address" is nobody's name.
  if (is_loopback(first.address) || first.address == "0.0.0.0" || first.address == "::") first.address = "localhost";
  boost::json::object facts{{"pid", ::getpid()},
                            {"httpEndpoint", url_of(first, "http")},
                            {"httpsEndpoint", url_of(first, "https")},
                            {"region", config.region},
                            {"account", config.account}};
  if (!ca_file.empty()) facts["caFile"] = ca_file.string();
  return write_private_file(file, boost::json::serialize(facts) + "\n");
}

}  // namespace heliograph::server
