// Strict readings of short texts.
#include "server/setting_texts.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <cctype>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

namespace heliograph::server {
namespace {

/// How many characters are to be put in, left out or changed to get from one to the other (Levenshtein), without case.
std::size_t distance_of(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t before = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const bool is_same =
          std::tolower(static_cast<unsigned char>(a[i])) == std::tolower(static_cast<unsigned char>(b[j]));
      const std::size_t changed = before + (is_same ? 0 : 1);
      before = row[j + 1];
      row[j + 1] = std::min({changed, before + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string variable_of(const std::string& setting) {
  std::string name = "HELIOGRAPH_" + setting;
  for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

std::string_view nearest_of(std::string_view text, std::span<const std::string> names) {
  std::string_view nearest;
  std::size_t least = 0;
  for (const std::string& name : names) {
    const std::size_t distance = distance_of(text, name);
    // More than half of it wrong: something else was meant.
    if (distance * 2 > name.size() || (!nearest.empty() && distance >= least)) continue;
    nearest = name;
    least = distance;
  }
  return nearest;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return port;
}

std::optional<std::chrono::milliseconds> parse_seconds(std::string_view text, double least, double most) {
  double seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !(seconds >= least && seconds <= most))
    return std::nullopt;
  return std::chrono::milliseconds(std::lround(seconds * 1000));
}

bool is_region(const std::string& text) {
  return !text.empty() && text.size() <= 32 &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
}

bool is_account(const std::string& text) {
  return text.size() == 12 && text.find_first_not_of("0123456789") == std::string::npos;
}

bool is_address_range(const std::string& text) {
  const auto dash = text.find('-');
  boost::system::error_code error;
  const auto low = boost::asio::ip::make_address(text.substr(0, dash), error);
  if (error || dash == std::string::npos) return !error && !low.is_unspecified();  // coturn: every address there is.
  const auto high = boost::asio::ip::make_address(text.substr(dash + 1), error);
  return !error && low.is_v4() == high.is_v4() && low <= high;
}

bool is_loopback(std::string_view host) noexcept {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost" || host == "::1") return true;
  return host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos;
}

Result<net::ListenAddress> parse_listen(const std::string& text) {
  const auto wrong = [&text](const char* why) {
    return Error{Errc::kInvalidArgument,
                 "'" + text + "' " + why + "; write ADDR:PORT, for example 127.0.0.1:3000 or [::1]:3000"};
  };
  const auto colon = text.rfind(':');
  if (colon == std::string::npos) return wrong("has no port");
  const auto port = parse_port(std::string_view(text).substr(colon + 1));
  if (!port) return wrong("has a port that is not a number from 0 to 65535");
  std::string address = text.substr(0, colon);
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  } else if (address.find(':') != std::string::npos) {
    return wrong("has an IPv6 address without brackets");
  }
  if (address.empty() || address == "*") address = "0.0.0.0";
  if (address == "localhost") address = "127.0.0.1";
  boost::system::error_code error;
  boost::asio::ip::make_address(address, error);
  if (error) return wrong("names a host where an address of this machine is needed");
  return net::ListenAddress{std::move(address), *port};
}

}  // namespace heliograph::server
