// A network camera: an RTSP server on loopback that sends test pictures and sound, each path in other codecs.
//
// rtsp_server PORT [USER PASSWORD]      PORT 0: a free one. With a user name it asks for it, by digest.
// It says "listening on PORT" and goes on until it is killed.
#include <gst/rtsp-server/rtsp-server.h>

#include <cstdio>
#include <string>

namespace {

constexpr const char* kPictures =
    "videotestsrc is-live=true pattern=smpte ! video/x-raw,format=I420,width=320,height=180,framerate=15/1 ! ";
constexpr const char* kH264 =
    "x264enc tune=zerolatency speed-preset=ultrafast key-int-max=15 bitrate=300 ! video/x-h264,profile=baseline "
    "! rtph264pay name=pay0 pt=96 config-interval=1 ";
constexpr const char* kSound = "audiotestsrc is-live=true wave=ticks ! audioconvert ! audioresample ! ";

struct Path {
  const char* name;
  std::string launch;
};

void add(GstRTSPMountPoints* mounts, const Path& path, bool is_locked) {
  GstRTSPMediaFactory* const factory = gst_rtsp_media_factory_new();
  gst_rtsp_media_factory_set_launch(factory, ("( " + path.launch + " )").c_str());
  gst_rtsp_media_factory_set_shared(factory, TRUE);
  if (is_locked)
    gst_rtsp_media_factory_add_role(factory, "user", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS, G_TYPE_BOOLEAN, TRUE,
                                    GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT, G_TYPE_BOOLEAN, TRUE, nullptr);
  gst_rtsp_mount_points_add_factory(mounts, path.name, factory);
}

void lock(GstRTSPServer* server, const char* user, const char* password) {
  GstRTSPAuth* const auth = gst_rtsp_auth_new();
  gst_rtsp_auth_set_supported_methods(auth, GST_RTSP_AUTH_DIGEST);
  GstRTSPToken* const token = gst_rtsp_token_new(GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "user", nullptr);
  gst_rtsp_auth_add_digest(auth, user, password, token);
  gst_rtsp_token_unref(token);
  gst_rtsp_server_set_auth(server, auth);
  g_object_unref(auth);
}

}  // namespace

int main(int argc, char** argv) {
  gst_init(nullptr, nullptr);
  const bool is_locked = argc >= 4;
  GstRTSPServer* const server = gst_rtsp_server_new();
  gst_rtsp_server_set_address(server, "127.0.0.1");
  gst_rtsp_server_set_service(server, argc >= 2 ? argv[1] : "0");
  GstRTSPMountPoints* const mounts = gst_rtsp_server_get_mount_points(server);
  const std::string pictures = kPictures;
  const std::string sound = kSound;
  const Path paths[] = {
      {"/opus", pictures + kH264 + sound + "opusenc ! rtpopuspay name=pay1 pt=97"},
      {"/pcmu", pictures + kH264 + sound + "audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay1 pt=0"},
      {"/aac", pictures + kH264 + sound + "avenc_aac ! rtpmp4gpay name=pay1 pt=97"},
      {"/jpeg", pictures + "jpegenc ! rtpjpegpay name=pay0 pt=26"},
      {"/sound", sound + "audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay name=pay0 pt=0"},
  };
  for (const Path& path : paths) add(mounts, path, is_locked);
  g_object_unref(mounts);
  if (is_locked) lock(server, argv[2], argv[3]);
  if (gst_rtsp_server_attach(server, nullptr) == 0) {
    std::fprintf(stderr, "cannot listen on port %s\n", argc >= 2 ? argv[1] : "0");
    return 1;
  }
  std::printf("listening on %d\n", gst_rtsp_server_get_bound_port(server));
  std::fflush(stdout);
  GMainLoop* const loop = g_main_loop_new(nullptr, FALSE);
  g_main_loop_run(loop);
}
