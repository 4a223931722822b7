// Texts into options.
#include "cli/call/media_flags.hpp"

#include <openssl/rand.h>

#include <array>
#include <charconv>

#include "wire/digest.hpp"
#include "wire/uri.hpp"

namespace heliograph::cli {
namespace {

/// "host", "host:554", "[::1]:554".
bool has_plain_port(std::string_view host) {
  const std::size_t colon = host.find(':', host.starts_with('[') ? host.find(']') : 0);
  return colon == std::string_view::npos || host.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
}

Result<MediaSource::Input> parse_rtsp(const std::string& given) {
  constexpr std::string_view kByUdp = "rtspu://";
  const bool is_by_udp = given.starts_with(kByUdp);
  const std::string text = is_by_udp ? "rtsp://" + given.substr(kByUdp.size()) : given;
  MediaSource::Rtsp rtsp;
  rtsp.over_tcp = !is_by_udp;
  const std::size_t begin = text.find("://") + 3;
  const std::size_t end = std::min(text.find('/', begin), text.size());
  const std::size_t at = text.rfind('@', end);
  rtsp.url = text;
  if (at != std::string::npos && at > begin) {
    // The password is kept out of the URL, which is named in errors.
    const std::string user = text.substr(begin, at - begin);
    const std::size_t colon = user.find(':');
    rtsp.url = text.substr(0, begin) + text.substr(at + 1);
    const auto name = wire::percent_decode(user.substr(0, colon));
    const auto password = wire::percent_decode(colon == std::string::npos ? "" : user.substr(colon + 1));
    if (!name || !password)
      return Error{Errc::kInvalidArgument, "the user name or password before the @ cannot be read"};
    rtsp.username = *name;
    rtsp.password = Secret(*password);
  }
  const std::size_t host = at != std::string::npos && at > begin ? at + 1 : begin;
  // It is not quoted: what stands there is the half of a password.
  if (!has_plain_port(std::string_view(text).substr(host, end - host)))
    return Error{Errc::kInvalidArgument,
                 "--source rtsp://…: the port is no number; in a user name and a password write %2F for /, %40 for @ "
                 "and %3A for :"};
  return MediaSource::Input(std::move(rtsp));
}

bool read_number(std::string_view text, int& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<MediaSource::Input> parse_source(const std::string& text) {
  constexpr std::string_view kCamera = "camera:";
  if (text.empty()) return Error{Errc::kInvalidArgument, "--source: test, camera[:DEVICE], rtsp://…, a file, or -"};
  if (text == "test") return MediaSource::Input(MediaSource::TestPattern{});
  if (text == "-") return MediaSource::Input(MediaSource::H264Stream{});
  if (text == "camera") return MediaSource::Input(MediaSource::Camera{});
  if (text.starts_with(kCamera)) {
    if (text.size() == kCamera.size())
      return Error{Errc::kInvalidArgument, "--source camera:DEVICE lacks the device, such as camera:/dev/video0"};
    return MediaSource::Input(MediaSource::Camera{.device = text.substr(kCamera.size())});
  }
  if (text.starts_with("rtsp://") || text.starts_with("rtsps://") || text.starts_with("rtspu://"))
    return parse_rtsp(text);
  if (text.find("://") != std::string::npos)
    return Error{Errc::kInvalidArgument,
                 "--source '" + text.substr(0, text.find("://")) +
                     "://…': of URLs only rtsp://, rtspu:// (by UDP) and rtsps:// can be shown"};
  return MediaSource::Input(MediaSource::File{.path = text});
}

Result<std::pair<int, int>> parse_size(const std::string& text) {
  const std::size_t cross = text.find('x');
  int width = 0;
  int height = 0;
  if (cross == std::string::npos || !read_number(std::string_view(text).substr(0, cross), width) ||
      !read_number(std::string_view(text).substr(cross + 1), height) || width < 16 || height < 16 || width > 7680 ||
      height > 4320 || width % 2 != 0 || height % 2 != 0)
    return Error{Errc::kInvalidArgument,
                 "--size '" + text + "': write WIDTHxHEIGHT in even numbers, 16x16 to 7680x4320, such as 1280x720"};
  return std::pair(width, height);
}

Result<std::vector<Codec>> parse_codec(const std::string& text) {
  if (text == "h264") return std::vector{Codec::kH264, Codec::kVp8, Codec::kOpus};
  if (text == "vp8") return std::vector{Codec::kVp8, Codec::kH264, Codec::kOpus};
  return Error{Errc::kInvalidArgument, "--codec '" + text + "': h264 or vp8"};
}

std::string random_client_id() {
  std::array<std::uint8_t, 5> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return "viewer-" + wire::to_hex(bytes);
}

std::string file_name_of(const std::string& client_id) {
  // Client ids are of [a-zA-Z0-9_.-], but another service may think otherwise.
  std::string name = client_id.substr(0, 100);
  for (char& c : name) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!is_plain) c = '_';
  }
  return name.empty() || name.front() == '.' ? "_" + name : name;
}

}  // namespace heliograph::cli
