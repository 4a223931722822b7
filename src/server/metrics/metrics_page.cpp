// The page, metric by metric. Names here are an interface: packaging/grafana, packaging/prometheus and the dashboards
// of others are built on them.
#include "server/metrics/metrics_page.hpp"

#include "server/metrics/process_facts.hpp"
#include "wire/message.hpp"

namespace heliograph::server::metrics {
namespace {

using Type = Exposition::Type;

void expose_one(Exposition& out, std::string_view name, Type type, std::string_view help, std::uint64_t value) {
  out.begin(name, type, help);
  out.add(value);
}

/// Under the names that every Prometheus client library gives them.
void expose_process(Exposition& out) {
  const ProcessFacts facts = read_process_facts();
  out.begin("process_cpu_seconds_total", Type::kCounter, "User and system time of this process.");
  out.add_seconds(facts.cpu_seconds);
  out.begin("process_start_time_seconds", Type::kGauge, "Start of this process, in seconds since the epoch.");
  out.add_seconds(facts.start_time_seconds);
  expose_one(out, "process_resident_memory_bytes", Type::kGauge, "Memory in RAM.", facts.resident_bytes);
  expose_one(out, "process_virtual_memory_bytes", Type::kGauge, "Address space.", facts.virtual_bytes);
  expose_one(out, "process_open_fds", Type::kGauge, "Open file descriptors.", facts.open_descriptors);
  expose_one(out, "process_max_fds", Type::kGauge, "File descriptors that may be open.", facts.max_descriptors);
}

}  // namespace

std::string MetricsPage::text() const {
  Exposition out;
  expose_service(out);
  expose_sockets(out);
  expose_websockets(out);
  expose_messages(out);
  parts_.requests.expose(out);
  expose_store(out);
  expose_relay(out);
  if (parts_.more) parts_.more(out);
  expose_process(out);
  return out.text();
}

void MetricsPage::expose_service(Exposition& out) const {
  out.begin("heliograph_build_info", Type::kGauge, "1; the version is in the label.");
  out.add(1, {{"version", HELIOGRAPH_VERSION}});
  out.begin("heliograph_uptime_seconds", Type::kGauge, "Time since the service was started.");
  out.add_seconds(std::chrono::duration<double>(parts_.clock.steady_now() - started_).count());
  expose_one(out, "heliograph_ready", Type::kGauge, "1 while /readyz says 200; 0 while it starts or drains.",
             parts_.is_ready() ? 1 : 0);
  expose_one(out, "heliograph_log_lines_lost_total", Type::kCounter,
             "Log lines dropped because the reader stalled or is gone.",
             parts_.lost_log_lines ? parts_.lost_log_lines() : 0);
  expose_one(out, "heliograph_audit_lines_lost_total", Type::kCounter,
             "Lines of the audit log dropped because its disk stalled or is full.",
             parts_.lost_audit_lines ? parts_.lost_audit_lines() : 0);
  out.begin("heliograph_certificate_expiry_timestamp_seconds", Type::kGauge,
            "End of the TLS certificate served, in seconds since the epoch.");
  out.add_seconds(parts_.network.certificate_end());
  out.begin("heliograph_auth_failures_total", Type::kCounter, "Signatures refused, by reason.");
  const AuthMeter& failures = parts_.authenticator.failures();
  for (std::size_t i = 0; i < AuthMeter::kReasons.size(); ++i)
    out.add(failures.get(i), {{"reason", AuthMeter::kReasons[i].name}});
}

void MetricsPage::expose_sockets(Exposition& out) const {
  const net::NetStats stats = parts_.network.stats();
  expose_one(out, "heliograph_sockets_accepted_total", Type::kCounter, "TCP connections accepted.", stats.accepted);
  expose_one(out, "heliograph_open_sockets", Type::kGauge, "TCP connections open.", stats.open_sockets);
  expose_one(out, "heliograph_open_websockets", Type::kGauge, "WebSockets open.", stats.open_websockets);
  expose_one(out, "heliograph_received_bytes_total", Type::kCounter, "Bytes read, inside TLS.", stats.bytes_in);
  expose_one(out, "heliograph_sent_bytes_total", Type::kCounter, "Bytes written, inside TLS.", stats.bytes_out);
  expose_one(out, "heliograph_socket_writes_total", Type::kCounter, "Writes that sent something.", stats.writes);
  expose_one(out, "heliograph_frames_received_total", Type::kCounter, "WebSocket messages and control frames read.",
             stats.frames_in);
  expose_one(out, "heliograph_frames_sent_total", Type::kCounter, "WebSocket messages queued to peers.",
             stats.frames_out);
  expose_one(out, "heliograph_slow_peers_closed_total", Type::kCounter,
             "WebSockets closed because the peer did not read.", stats.slow_peers_closed);
}

void MetricsPage::expose_websockets(Exposition& out) const {
  const core::HubStats hub = parts_.signaling.stats();
  out.begin("heliograph_connections", Type::kGauge, "Connections that hold a place in a channel, by role.");
  out.add(hub.masters, {{"role", "master"}});
  out.add(hub.viewers, {{"role", "viewer"}});
  expose_one(out, "heliograph_active_channels", Type::kGauge, "Channels with a connection or a waiting message.",
             hub.channels);
  out.begin("heliograph_websocket_closes_total", Type::kCounter,
            "WebSockets ended, by close code and by who ended them.");
  const CloseCounts closes = parts_.signaling.closes();
  for (std::size_t i = 0; i < kCloseCodes.size(); ++i) {
    const std::string code = kCloseCodes[i] == 0 ? "other" : std::to_string(kCloseCodes[i]);
    out.add(closes.by_service[i], {{"code", code}, {"initiator", "service"}});
    out.add(closes.by_peer[i], {{"code", code}, {"initiator", "peer"}});
  }
}

void MetricsPage::expose_messages(Exposition& out) const {
  const core::HubStats hub = parts_.signaling.stats();
  out.begin("heliograph_messages_relayed_total", Type::kCounter,
            "Messages delivered, at once or after waiting, by type.");
  for (std::size_t i = 0; i < hub.relayed_by_type.size(); ++i)
    out.add(hub.relayed_by_type[i], {{"type", wire::to_string(static_cast<wire::MessageType>(i))}});
  expose_one(out, "heliograph_messages_refused_total", Type::kCounter, "Messages refused.", hub.refused);
  expose_one(out, "heliograph_messages_retained_total", Type::kCounter, "Messages kept for an absent recipient.",
             hub.retained);
  expose_one(out, "heliograph_messages_expired_total", Type::kCounter, "Kept messages that nobody came for.",
             hub.expired);
  expose_one(out, "heliograph_messages_replaced_total", Type::kCounter,
             "Kept messages given up for newer ones of the same sender.", hub.replaced);
  expose_one(out, "heliograph_messages_waiting", Type::kGauge, "Messages kept now.", hub.retained_messages);
  expose_one(out, "heliograph_messages_waiting_bytes", Type::kGauge, "Memory of the messages kept now.",
             hub.retained_bytes);
}

void MetricsPage::expose_store(Exposition& out) const {
  expose_one(out, "heliograph_channels", Type::kGauge, "Channels stored.", parts_.store.channel_count());
  out.begin("heliograph_store_duration_seconds", Type::kHistogram, "Time of store calls.");
  out.add(parts_.store.reads().counts(), {{"call", "read"}});
  out.add(parts_.store.writes().counts(), {{"call", "write"}});
  expose_one(out, "heliograph_executor_queue", Type::kGauge, "Work waiting for or using the store's threads.",
             parts_.executor.queued());
  expose_one(out, "heliograph_executor_refused_total", Type::kCounter, "Work refused because too much was waiting.",
             parts_.executor.refused());
}

void MetricsPage::expose_relay(Exposition& out) const {
  const relay::RelayState relay = parts_.relays.state();
  expose_one(out, "heliograph_relay_supervised", Type::kGauge, "1 when coturn runs as a child of the service.",
             relay.is_supervised ? 1 : 0);
  expose_one(out, "heliograph_relay_up", Type::kGauge, "1 while that child runs.", relay.is_up ? 1 : 0);
  expose_one(out, "heliograph_relay_starts_total", Type::kCounter, "Times that the child was started.", relay.starts);
}

}  // namespace heliograph::server::metrics
