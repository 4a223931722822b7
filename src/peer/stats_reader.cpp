// Finds its way through the structures that webrtcbin replies with.
#include "peer/stats_reader.hpp"

#include <map>
#include <string>
#include <string_view>

namespace heliograph::peer {
namespace {

std::string text(const GstStructure* structure, const char* field) {
  const gchar* const value = gst_structure_get_string(structure, field);
  return value == nullptr ? std::string() : std::string(value);
}

/// Whatever type of number a field has, which changed between versions.
double number(const GstStructure* structure, const char* field) {
  const GValue* const value = gst_structure_get_value(structure, field);
  GValue as_double = G_VALUE_INIT;
  g_value_init(&as_double, G_TYPE_DOUBLE);
  if (value == nullptr || g_value_transform(value, &as_double) == FALSE) return 0;
  return g_value_get_double(&as_double);
}

std::chrono::microseconds seconds(double value) {
  return std::chrono::microseconds(static_cast<std::int64_t>(value * 1e6));
}

std::string type_of(const GstStructure* structure) {
  const GValue* const value = gst_structure_get_value(structure, "type");
  if (value == nullptr || !G_VALUE_HOLDS_ENUM(value)) return {};
  auto* const known = static_cast<GEnumClass*>(g_type_class_ref(G_VALUE_TYPE(value)));
  const GEnumValue* const found = g_enum_get_value(known, g_value_get_enum(value));
  std::string nick = found == nullptr ? "" : found->value_nick;
  g_type_class_unref(known);
  return nick;
}

CandidateStats candidate(const GstStructure* structure) {
  return {.type = text(structure, "candidate-type"),
          .address = text(structure, "address"),
          .port = static_cast<std::uint16_t>(number(structure, "port")),
          .protocol = text(structure, "protocol")};
}

RawTrack track(const GstStructure* structure, bool is_sent) {
  RawTrack read;
  read.ssrc = static_cast<std::uint32_t>(number(structure, "ssrc"));
  read.stats.is_sent = is_sent;
  read.stats.packets = static_cast<std::uint64_t>(number(structure, is_sent ? "packets-sent" : "packets-received"));
  read.stats.bytes = static_cast<std::uint64_t>(number(structure, is_sent ? "bytes-sent" : "bytes-received"));
  read.stats.picture_losses =
      static_cast<std::uint32_t>(number(structure, "pli-count") + number(structure, "fir-count"));
  if (!is_sent) read.stats.jitter = seconds(number(structure, "jitter"));
  return read;
}

using ById = std::map<std::string, const GstStructure*>;

ById structures_of(const GstStructure* reply) {
  ById found;
  for (int i = 0; i < gst_structure_n_fields(reply); ++i) {
    const gchar* const name = gst_structure_nth_field_name(reply, static_cast<guint>(i));
    const GValue* const value = gst_structure_get_value(reply, name);
    if (GST_VALUE_HOLDS_STRUCTURE(value)) found.emplace(name, gst_value_get_structure(value));
  }
  return found;
}

}  // namespace

RawStats read_stats(const GstStructure* reply) {
  RawStats stats;
  if (reply == nullptr) return stats;
  const ById all = structures_of(reply);
  for (const auto& [name, structure] : all) {
    const std::string type = type_of(structure);
    if (type == "outbound-rtp" || type == "inbound-rtp") stats.tracks.push_back(track(structure, type[0] == 'o'));
    if (type != "candidate-pair") continue;
    const auto local = all.find(text(structure, "local-candidate-id"));
    const auto remote = all.find(text(structure, "remote-candidate-id"));
    if (local != all.end()) stats.local = candidate(local->second);
    if (remote != all.end()) stats.remote = candidate(remote->second);
  }
  return stats;
}

}  // namespace heliograph::peer
