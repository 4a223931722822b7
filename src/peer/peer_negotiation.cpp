// The half of PeerCore that makes and takes descriptions and candidates.
#include <algorithm>
#include <random>
#include <utility>

#include "peer/ice_text.hpp"
#include "peer/peer_core.hpp"
#include "peer/sdp_form.hpp"
#include "peer/webrtc_abi.hpp"

namespace heliograph::peer {
namespace {

constexpr std::size_t kMostEarlyCandidates = 256;

/// What webrtcbin replies instead of what was asked for; empty: no error.
std::string error_in(const GstStructure* reply) {
  if (reply == nullptr) return "webrtcbin gave up";
  GError* error = nullptr;
  if (gst_structure_get(reply, "error", G_TYPE_ERROR, &error, nullptr) == FALSE) return {};
  const GstPtr<GError> owned(error);
  return owned == nullptr ? "webrtcbin failed" : owned->message;
}

std::string description_in(const GstStructure* reply, const char* name) {
  GstWebRTCSessionDescription* description = nullptr;
  gst_structure_get(reply, name, gst_webrtc_session_description_get_type(), &description, nullptr);
  if (description == nullptr) return {};
  std::string text = take_text(gst_sdp_message_as_text(description->sdp));
  gst_webrtc_session_description_free(description);
  return text;
}

std::string random_text(std::size_t length) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text(length, '\0');
  std::random_device device;  // The system's, which is fit for secrets.
  std::generate(text.begin(), text.end(), [&]() { return kAlphabet[device() % kAlphabet.size()]; });
  return text;
}

}  // namespace

Result<void> PeerCore::create_offer(PeerConnection::OfferOptions options) {
  const std::lock_guard lock(mutex_);
  if (has_ended()) return closed();
  if (phase_ == Phase::kUnanswered)
    return Error{Errc::kResourceInUse, "an offer came that could not be answered; the other side must make another"};
  if (phase_ != Phase::kNew && phase_ != Phase::kStable)
    return Error{Errc::kResourceInUse, "a description is being made or waits for its answer"};
  const bool has_media = config_.send != nullptr || config_.receive_video || config_.receive_audio;
  if (phase_ == Phase::kNew && !has_media && !has_channels_)
    return Error{Errc::kInvalidArgument, "there is nothing to offer: make a data channel, or send or receive media"};
  if (options.ice_restart && phase_ == Phase::kNew)
    return Error{Errc::kInvalidArgument, "there is no connection yet whose ICE could be restarted"};
  phase_ = Phase::kOffering;
  later([restart = options.ice_restart](PeerCore& self) { self.begin_offer(restart); });
  return {};
}

Result<void> PeerCore::set_remote_description(const SessionDescription& description) {
  auto sdp = read_sdp(description.sdp);
  if (!sdp) return sdp.error();
  const bool is_offer = description.type == SessionDescription::Type::kOffer;
  const std::lock_guard lock(mutex_);
  if (has_ended()) return closed();
  if (is_offer && phase_ != Phase::kNew && phase_ != Phase::kStable && phase_ != Phase::kUnanswered)
    return Error{Errc::kResourceInUse, "an offer came while another is being made or answered; one side must wait"};
  if (!is_offer && phase_ != Phase::kOffered)
    return Error{Errc::kInvalidArgument, "an answer came, but no offer of ours waits for one"};
  if (remote_) {
    if (auto follows = check_successor(*remote_, *sdp); !follows) return follows;
  }
  const bool fits =
      is_offer || std::equal(offered_mids_.begin(), offered_mids_.end(), sdp->sections.begin(), sdp->sections.end(),
                             [](const std::string& mid, const Section& section) { return mid == section.mid; });
  if (!fits) return Error{Errc::kInvalidArgument, "this answer is to another offer: its media sections are not ours"};
  phase_ = is_offer ? Phase::kAnswering : Phase::kOffering;
  std::string form = to_webrtcbin_form(description.sdp, *sdp);
  later([is_offer, text = std::move(form), parsed = *std::move(sdp)](PeerCore& self) {
    is_offer ? self.begin_answer(text, parsed) : self.begin_remote_answer(text, parsed);
  });
  return {};
}

Result<void> PeerCore::add_ice_candidate(const IceCandidate& candidate) {
  if (auto use = judge_candidate(candidate.candidate); !use) return use.error();
  const std::lock_guard lock(mutex_);
  if (has_ended()) return closed();
  if (!takes_candidates_) {
    if (early_.size() >= kMostEarlyCandidates)
      return Error{Errc::kClientLimitExceeded, "more candidates came before the description than are kept"};
    early_.push_back(candidate);
    return {};
  }
  later([candidate](PeerCore& self) { self.add_remote_candidate(candidate); });
  return {};
}

void PeerCore::begin_offer(bool restart) {
  if (is_refused_) return;
  apply_ice_servers();
  if (restart) fresh_credentials_ = IceCredentials{random_text(8), random_text(24)};
  if (!local_text_.empty()) return on_created(true, with_setup(local_text_, dtls_role()));
  offer_media();
  create_description(true);
}

std::string PeerCore::dtls_role() const {
  // What was agreed on, so that nobody begins DTLS anew. (webrtcbin itself would forget the data section of an answer.)
  const auto setup = [](const Sdp& sdp) {
    const auto used = std::find_if(sdp.sections.begin(), sdp.sections.end(),
                                   [](const Section& section) { return !section.is_rejected; });
    return used == sdp.sections.end() ? std::string() : used->setup;
  };
  const auto local = read_sdp(local_text_);
  if (!local_is_offer_ && local) return setup(*local);
  return remote_ && setup(*remote_) == "passive" ? "active" : "passive";
}

void PeerCore::begin_answer(const std::string& text, const Sdp& sdp) {
  if (is_refused_) return;
  if (remote_ && remote_->sections.front().ufrag != sdp.sections.front().ufrag) {
    fresh_credentials_ = IceCredentials{random_text(8), random_text(24)};
    restart_ice();
  }
  apply_ice_servers();
  guard_->expect(sdp.fingerprints);
  answer_media(sdp);
  set_description(false, true, text, [sdp](PeerCore& self) {
    self.on_remote_ready(sdp);
    self.create_description(false);
  });
}

void PeerCore::begin_remote_answer(const std::string& text, const Sdp& sdp) {
  if (is_refused_) return;
  guard_->expect(sdp.fingerprints);
  accept_media(sdp);
  set_description(false, false, text, [sdp](PeerCore& self) {
    self.on_negotiated();
    const bool has_data = std::any_of(sdp.sections.begin(), sdp.sections.end(), [](const Section& section) {
      return section.kind == Section::Kind::kData && !section.is_rejected;
    });
    if (!has_data) self.give_channels_up();
    self.on_remote_ready(sdp);
  });
}

void PeerCore::create_description(bool is_offer) {
  const char* const name = is_offer ? "offer" : "answer";
  auto told = from_gstreamer([is_offer](PeerCore& self, const std::string& error, const std::string& text) {
    if (text.empty()) return self.fail_negotiation(error);
    self.on_created(is_offer, text);
  });
  GstPromise* const promise = make_promise([told, name](const GstStructure* reply) {
    const std::string error = error_in(reply);
    told(error, error.empty() ? description_in(reply, name) : std::string());
  });
  g_signal_emit_by_name(webrtc_.get(), is_offer ? "create-offer" : "create-answer", nullptr, promise);
}

void PeerCore::on_created(bool is_offer, std::string text) {
  if (is_refused_) return;
  if (!is_offer && remote_)
    if (const auto whole = check_answer(*remote_, text); !whole) return fail_negotiation(whole.error().detail);
  if (fresh_credentials_) {
    text = with_credentials(text, *fresh_credentials_);
    // For an answer it was done before the offer was taken, which brought the other side's credentials.
    if (is_offer) restart_ice();
  } else if (!local_text_.empty()) {
    // webrtcbin repeats what it made itself, which is not what it was given after a restart.
    if (const auto before = read_sdp(local_text_))
      text = with_credentials(text, {before->sections.front().ufrag, before->sections.front().password});
  }
  set_description(true, is_offer, text, [is_offer, text](PeerCore& self) { self.on_local_set(is_offer, text); });
}

void PeerCore::restart_ice() {
  GObject* ice = nullptr;
  g_object_get(webrtc_.get(), "ice-agent", &ice, nullptr);
  const ObjectPtr owned(ice);
  GObject* agent = nullptr;
  g_object_get(ice, "agent", &agent, nullptr);
  const ObjectPtr owned_agent(agent);
  if (agent != nullptr) nice_agent_restart(agent);
  const std::lock_guard lock(mutex_);
  takes_candidates_ = false;  // Those that come now are of the description that is still to come.
}

void PeerCore::set_description(bool is_local, bool is_offer, const std::string& text,
                               std::function<void(PeerCore&)> then) {
  GstSDPMessage* message = nullptr;
  if (gst_sdp_message_new_from_text(text.c_str(), &message) != GST_SDP_OK) {
    gst_sdp_message_free(message);  // As far as it got.
    return fail_negotiation("the description is no SDP");
  }
  auto* const description =
      gst_webrtc_session_description_new(is_offer ? GST_WEBRTC_SDP_TYPE_OFFER : GST_WEBRTC_SDP_TYPE_ANSWER, message);
  auto told = from_gstreamer([next = std::move(then)](PeerCore& self, const std::string& error) {
    error.empty() ? next(self) : self.fail_negotiation(error);
  });
  // Without anything to say the reply is null as well as when it was given up; then nobody is there to hear it.
  GstPromise* const promise =
      make_promise([told](const GstStructure* reply) { told(reply == nullptr ? std::string() : error_in(reply)); });
  g_signal_emit_by_name(webrtc_.get(), is_local ? "set-local-description" : "set-remote-description", description,
                        promise);
  gst_webrtc_session_description_free(description);
}

void PeerCore::on_local_set(bool is_offer, const std::string& text) {
  local_text_ = text;
  local_is_offer_ = is_offer;
  is_delivered_ = false;
  const auto sdp = read_sdp(text);
  local_mids_.clear();
  bool has_data = false;
  if (sdp) {
    for (const Section& section : sdp->sections) {
      local_mids_.push_back(section.mid);
      has_data = has_data || (section.kind == Section::Kind::kData && !section.is_rejected);
    }
  }
  {
    const std::lock_guard lock(mutex_);
    offered_mids_ = local_mids_;
    has_channels_ = has_data;
    if (is_offer) phase_ = Phase::kOffered;
  }
  if (!has_data) give_channels_up();
  // libnice gathers once: after a restart the candidates are those from before.
  if (fresh_credentials_) delivered_candidates_ = 0;
  const bool restarted = std::exchange(fresh_credentials_, std::nullopt).has_value();
  if (!is_offer) on_negotiated();
  if (config_.trickle || is_gathered_ || restarted) return deliver();
  gathering_timer_.start(config_.gathering_patience, from_gstreamer([](PeerCore& self) {
                           if (!self.is_delivered_) self.deliver();
                         }));
}

void PeerCore::deliver() {
  is_delivered_ = true;
  gathering_timer_.cancel();
  const std::string text = config_.trickle ? local_text_ : with_candidates(local_text_, candidates_);
  const auto type = local_is_offer_ ? SessionDescription::Type::kOffer : SessionDescription::Type::kAnswer;
  if (handlers_->on_local_description) handlers_->on_local_description({type, text});
  if (!config_.trickle) return;
  while (delivered_candidates_ < candidates_.size() && !is_closed_) {
    const IceCandidate candidate = with_mid(candidates_[delivered_candidates_++]);
    if (handlers_->on_ice_candidate) handlers_->on_ice_candidate(candidate);
  }
  if (is_gathered_ && !is_closed_ && handlers_->on_ice_candidate) handlers_->on_ice_candidate({});
}

void PeerCore::on_local_candidate(unsigned section, std::string candidate) {
  const std::string_view trimmed = trim_candidate(candidate);
  if (trimmed.empty() || section >= 0xFFFFU) return;
  const IceCandidate found{.candidate = std::string(trimmed), .sdp_m_line_index = static_cast<std::uint16_t>(section)};
  candidates_.push_back(found);
  if (!is_delivered_ || !config_.trickle || local_text_.empty()) return;
  ++delivered_candidates_;
  if (handlers_->on_ice_candidate) handlers_->on_ice_candidate(with_mid(found));
}

IceCandidate PeerCore::with_mid(IceCandidate candidate) const {
  const std::size_t section = candidate.sdp_m_line_index.value_or(0);
  if (section < local_mids_.size()) candidate.sdp_mid = local_mids_[section];
  return candidate;
}

void PeerCore::on_gathered() {
  if (std::exchange(is_gathered_, true)) return;
  if (!is_delivered_ && !local_text_.empty() && !config_.trickle) return deliver();
  if (is_delivered_ && config_.trickle && handlers_->on_ice_candidate) handlers_->on_ice_candidate({});
}

void PeerCore::on_negotiated() {
  const std::lock_guard lock(mutex_);
  phase_ = Phase::kStable;
}

void PeerCore::on_remote_ready(const Sdp& sdp) {
  std::vector<IceCandidate> waiting = sdp.candidates;
  {
    const std::lock_guard lock(mutex_);
    remote_ = sdp;
    remote_->candidates.clear();
    takes_candidates_ = true;
    waiting.insert(waiting.end(), early_.begin(), early_.end());
    early_.clear();
  }
  for (const IceCandidate& candidate : waiting) add_remote_candidate(candidate);
  if (!was_connected_)
    connect_timer_.start(config_.connect_patience, from_gstreamer([](PeerCore& self) {
                           if (!self.was_connected_) self.enter(State::kFailed, self.why_no_connection());
                         }));
}

void PeerCore::add_remote_candidate(const IceCandidate& candidate) {
  const auto use = judge_candidate(candidate.candidate);
  if (!use || !remote_ || is_refused_) return;
  if (*use == CandidateUse::kHiddenName) {
    ++hidden_candidates_;
    return;
  }
  std::size_t section = candidate.sdp_m_line_index.value_or(0);
  if (candidate.sdp_mid && !candidate.sdp_mid->empty()) section = remote_->find(*candidate.sdp_mid).value_or(section);
  // Of sections that share another's transport there is no socket here that would be tried from.
  if (!remote_->has_transport(section)) return;
  if (*use == CandidateUse::kUse) ++remote_candidates_;
  const std::string text(*use == CandidateUse::kUse ? trim_candidate(candidate.candidate) : std::string_view());
  if (text.empty()) return;
  g_signal_emit_by_name(webrtc_.get(), "add-ice-candidate", static_cast<guint>(section), text.c_str());
}

void PeerCore::fail_negotiation(const std::string& what) {
  const bool has_offer = get_number<int>(webrtc_.get(), "signaling-state") == WebrtcValue::kHaveRemoteOffer;
  {
    const std::lock_guard lock(mutex_);
    // As before, as far as it can be: what is new here can be tried again, what was stable still is.
    phase_ = has_offer ? Phase::kUnanswered : remote_ ? Phase::kStable : Phase::kNew;
  }
  report(Error{Errc::kInvalidArgument, "the negotiation failed: " + what});
}

}  // namespace heliograph::peer
