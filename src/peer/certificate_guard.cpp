// Probes on the DTLS elements of a webrtcbin, which drop everything until the right certificate has come.
#include "peer/certificate_guard.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "peer/gst_ptr.hpp"
#include "peer/gst_world.hpp"

namespace heliograph::peer {
namespace {

std::string text_of(GstElement* element, const char* property) {
  gchar* value = nullptr;
  g_object_get(element, property, &value, nullptr);
  return take_text(value);
}

}  // namespace

std::shared_ptr<CertificateGuard> CertificateGuard::watch(GstElement* webrtc, std::function<void()> on_wrong) {
  std::shared_ptr<CertificateGuard> guard(new CertificateGuard(std::move(on_wrong)));
  connect_signal<GstBin*, GstElement*>(webrtc, "deep-element-added",
                                       [guard](GstBin*, GstElement* element) { guard->follow(element); });
  return guard;
}

void CertificateGuard::follow(GstElement* element) {
  const std::string_view kind = kind_of_element(element);
  // The two that are made of them carry media and messages; this one has the handshake.
  if (kind == "dtlssrtpdec") return block(element, GST_PAD_SRC, transport_of(element));
  if (kind == "dtlssrtpenc") return block(element, GST_PAD_SINK, transport_of(element));
  if (kind != "dtlsdec") return;
  connect_signal<GParamSpec*>(element, "notify::peer-pem",
                              [element, transport = transport_of(element), weak = weak_from_this()](GParamSpec*) {
                                if (const auto self = weak.lock())
                                  self->on_certificate(*transport, text_of(element, "peer-pem"));
                              });
}

void CertificateGuard::on_certificate(Transport& transport, const std::string& pem) {
  bool is_right = false;
  {
    const std::lock_guard lock(mutex_);
    is_right = std::any_of(expected_.begin(), expected_.end(), [&](const Fingerprint& expected) {
      return fingerprint_of(pem, expected.function) == expected;
    });
  }
  transport.is_open = is_right;
  if (!is_right) on_wrong_();
}

void CertificateGuard::expect(std::vector<Fingerprint> fingerprints) {
  const std::lock_guard lock(mutex_);
  expected_ = std::move(fingerprints);
}

bool CertificateGuard::has_proof() const {
  const std::lock_guard lock(mutex_);
  return std::any_of(transports_.begin(), transports_.end(),
                     [](const auto& transport) { return transport.second->is_open.load(); });
}

std::shared_ptr<CertificateGuard::Transport> CertificateGuard::transport_of(GstElement* element) {
  const std::string connection = text_of(element, "connection-id");
  const std::lock_guard lock(mutex_);
  auto& transport = transports_[connection];
  if (transport == nullptr) transport = std::make_shared<Transport>();
  return transport;
}

void CertificateGuard::block(GstElement* element, GstPadDirection direction,
                             const std::shared_ptr<Transport>& transport) {
  connect_signal<GstPad*>(element, "pad-added", [direction, transport](GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) == direction) block(pad, transport);
  });
  GstIterator* const pads = gst_element_iterate_pads(element);
  GValue item = G_VALUE_INIT;
  while (gst_iterator_next(pads, &item) == GST_ITERATOR_OK) {
    auto* const pad = static_cast<GstPad*>(g_value_get_object(&item));
    if (GST_PAD_DIRECTION(pad) == direction) block(pad, transport);
    g_value_reset(&item);
  }
  g_value_unset(&item);
  gst_iterator_free(pads);
}

void CertificateGuard::block(GstPad* pad, std::shared_ptr<Transport> transport) {
  using Held = std::shared_ptr<Transport>;
  const GstPadProbeCallback judge = [](GstPad*, GstPadProbeInfo*, gpointer data) {
    return (*static_cast<Held*>(data))->is_open ? GST_PAD_PROBE_OK : GST_PAD_PROBE_DROP;
  };
  const auto packets = static_cast<GstPadProbeType>(GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST);
  gst_pad_add_probe(pad, packets, judge, std::make_unique<Held>(std::move(transport)).release(),
                    [](gpointer data) { delete static_cast<Held*>(data); });
}

}  // namespace heliograph::peer
