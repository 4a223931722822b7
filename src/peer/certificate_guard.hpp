// CertificateGuard: nothing passes a connection's DTLS before the other side has proved who it is.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "peer/fingerprint.hpp"

namespace heliograph::peer {

/// DTLS keys are agreed upon with whoever answers on the way that ICE found. That it is the side that was signaled with
/// is known only by its certificate: its fingerprint must be one of the description (RFC 8827, 6.5). webrtcbin of 1.22
/// does not look. So this does, in the middle of the handshake, when the certificate comes; until it was the right one
/// all that would leave DTLS is dropped, and all that would enter it: of each transport for itself, and for good if it
/// was the wrong one or none was shown.
///
/// Threads: any. Outlives webrtcbin, whose signals hold it.
class CertificateGuard : public std::enable_shared_from_this<CertificateGuard> {
 public:
  /// Before webrtcbin has any transport. `on_wrong` is called on a thread of GStreamer's, and must not wait for it.
  [[nodiscard]] static std::shared_ptr<CertificateGuard> watch(GstElement* webrtc, std::function<void()> on_wrong);

  /// What the description says that is about to be taken.
  void expect(std::vector<Fingerprint> fingerprints);
  /// Whether some transport may be used.
  [[nodiscard]] bool has_proof() const;

 private:
  /// What an encoder and a decoder of DTLS have in common.
  struct Transport {
    std::atomic<bool> is_open{false};
  };

  explicit CertificateGuard(std::function<void()> on_wrong) : on_wrong_(std::move(on_wrong)) {}
  void follow(GstElement* element);
  void on_certificate(Transport& transport, const std::string& pem);
  [[nodiscard]] std::shared_ptr<Transport> transport_of(GstElement* element);
  static void block(GstElement* element, GstPadDirection direction, const std::shared_ptr<Transport>& transport);
  static void block(GstPad* pad, std::shared_ptr<Transport> transport);

  const std::function<void()> on_wrong_;
  mutable std::mutex mutex_;
  std::vector<Fingerprint> expected_;
  std::map<std::string, std::shared_ptr<Transport>> transports_;  ///< By what webrtcbin calls their connection.
};

}  // namespace heliograph::peer
