// What the errors of GStreamer's sources mean for who has to mend them.
#include "peer/input_errors.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace heliograph::peer {
namespace {

bool is(const GError& reason, GstResourceError code) {
  return g_error_matches(&reason, GST_RESOURCE_ERROR, code) != FALSE;
}

bool is_opening(const GError& reason) {
  return is(reason, GST_RESOURCE_ERROR_OPEN_READ) || is(reason, GST_RESOURCE_ERROR_OPEN_WRITE) ||
         is(reason, GST_RESOURCE_ERROR_OPEN_READ_WRITE);
}

Error of_device(const std::string& device, const GError& reason, Error error) {
  if (is(reason, GST_RESOURCE_ERROR_NOT_FOUND))
    return {Errc::kResourceNotFound,
            device + " is no camera that is there: is it plugged in? ls /dev/video* shows what is"};
  if (is(reason, GST_RESOURCE_ERROR_BUSY))
    return {Errc::kResourceInUse, device + " is in use by another program; fuser -v " + device + " says which"};
  if (is_opening(reason))
    return {error.code, device + " cannot be opened; those who may are of the group video: " + error.detail};
  if (is(reason, GST_RESOURCE_ERROR_SETTINGS)) return {error.code, device + " is no camera: " + error.detail};
  if (is(reason, GST_RESOURCE_ERROR_READ)) return {Errc::kIo, device + " gives no more pictures: was it unplugged?"};
  error.detail = device + ": " + error.detail;
  return error;
}

Error of_camera(const MediaSource::Rtsp& camera, const GError& reason, Error error) {
  const std::string host = host_of(camera.url);
  if (is(reason, GST_RESOURCE_ERROR_NOT_AUTHORIZED))
    return {
        Errc::kNotAuthorized,
        host + (camera.username.empty()
                    ? " asks for a user name and a password: rtsp://USER:PASSWORD@HOST/PATH, with %40 for @, %3A for "
                      ": and %2F for / in them"
                    : " does not take this user name and password")};
  if (is(reason, GST_RESOURCE_ERROR_NOT_FOUND))
    return {Errc::kResourceNotFound,
            host + " has no stream of that path; the camera's manual, or its page, names those that it has"};
  if (is_opening(reason))
    return {Errc::kIo, host + " cannot be reached: is the camera on and in this network, are host and port right?"};
  if (is(reason, GST_RESOURCE_ERROR_READ) && !camera.over_tcp)
    return {Errc::kIo, host + " was reached, but nothing came by UDP: let it come over the same connection (TCP)"};
  error.detail = host + ": " + error.detail;
  return error;
}

}  // namespace

Error explain(const MediaSource::Input& input, const GError& reason, std::string_view element, Error error) {
  if (const auto* const camera = std::get_if<MediaSource::Rtsp>(&input))
    return of_camera(*camera, reason, std::move(error));
  if (const auto* const camera = std::get_if<MediaSource::Camera>(&input); camera != nullptr && element == "v4l2src")
    return of_device(camera->device, reason, std::move(error));
  if (const auto* const file = std::get_if<MediaSource::File>(&input); file != nullptr)
    error.detail = file->path + ": " + error.detail;
  return error;
}

std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return "the camera";
  const std::size_t end = std::min(url.find_first_of("/?#", scheme + 3), url.size());
  const std::size_t at = url.rfind('@', end);
  const std::size_t begin = at == std::string::npos || at < scheme ? scheme + 3 : at + 1;
  return url.substr(0, scheme + 3) + url.substr(begin, end - begin);
}

Error no_pictures(const MediaSource::Rtsp& camera) {
  return {Errc::kResourceNotFound,
          host_of(camera.url) + " sends no pictures at that path, only sound; it is passed on"};
}

Error no_media(const MediaSource::Rtsp& camera) {
  return {Errc::kResourceNotFound, host_of(camera.url) + " sends nothing at that path that could be passed on"};
}

Error no_media(const MediaSource::File& file) {
  return {Errc::kResourceNotFound, file.path + " has nothing that is to be sent: no pictures, or no sound"};
}

Error hung_up(const MediaSource::Rtsp& camera) {
  return {Errc::kDisconnected, host_of(camera.url) + " closed the connection"};
}

Error fell_silent(const MediaSource::Rtsp& camera) {
  return {Errc::kTimeout, host_of(camera.url) + " has fallen silent"};
}

}  // namespace heliograph::peer
