// The console's rules, and its cookie.
#include "server/console_access.hpp"

#include <algorithm>
#include <array>

#include "server/config.hpp"
#include "server/setting_texts.hpp"
#include "server/system_rng.hpp"

namespace heliograph::server {
namespace {

constexpr std::string_view kCookie = "heliograph_session";

/// "localhost:3000" → "localhost", "[::1]:3000" → "[::1]".
std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

std::string_view session_token(const net::HttpRequest& request) {
  std::string_view cookies = request.header("Cookie");
  while (!cookies.empty()) {
    const auto end = cookies.find(';');
    std::string_view cookie = cookies.substr(0, end);
    cookies = end == std::string_view::npos ? std::string_view{} : cookies.substr(end + 1);
    cookie.remove_prefix(std::min(cookie.find_first_not_of(' '), cookie.size()));
    if (cookie.starts_with(kCookie) && cookie.substr(kCookie.size()).starts_with('='))
      return cookie.substr(kCookie.size() + 1);
  }
  return {};
}

std::string cookie_attributes(const net::HttpRequest& request) {
  return std::string("; Path=/_heliograph/; HttpOnly; SameSite=Strict") + (request.peer.tls ? "; Secure" : "");
}

}  // namespace

Result<void> ConsoleAccess::check_origin(const net::HttpRequest& request) {
  const auto site = request.header("Sec-Fetch-Site");
  if (!site.empty() && site != "same-origin" && site != "none")
    return Error{Errc::kForbiddenOrigin,
                 "this API serves Heliograph's own console only; other pages sign with their own keys"};
  const auto origin = request.header("Origin");
  const std::string own = std::string(request.header("Host"));
  // Either scheme: behind a proxy that ends TLS the page is https and we are not.
  if (!origin.empty() && origin != "https://" + own && origin != "http://" + own)
    return Error{Errc::kForbiddenOrigin,
                 "the Origin is not the host " + own + "; this API serves Heliograph's own console only"};
  if (request.method == "POST" && !request.header("Content-Type").starts_with("application/json"))
    return Error{Errc::kForbiddenOrigin, "send Content-Type: application/json"};
  return {};
}

bool ConsoleAccess::is_open(const net::HttpRequest& request) const {
  if (login_ == ConsoleLogin::kAlways) return false;
  // What proxies add; none of it comes from a browser that stands before us.
  constexpr std::array kProxyHeaders = {
      "Forwarded",          "Via",      "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto",
      "X-Forwarded-Server", "X-Real-IP"};
  const bool through_proxy = std::any_of(kProxyHeaders.begin(), kProxyHeaders.end(),
                                         [&](const char* name) { return !request.header(name).empty(); });
  return request.peer.loopback_listener && !through_proxy && is_loopback(without_port(request.header("Host")));
}

std::optional<AccessKeyId> ConsoleAccess::session_key(const net::HttpRequest& request, SteadyTime now) {
  const std::string token(session_token(request));
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(token);
  if (found == sessions_.end() || found->second.end <= now) return std::nullopt;
  return found->second.key;
}

std::string ConsoleAccess::log_in(const net::HttpRequest& request, AccessKeyId key, SteadyTime now) {
  const std::string token = random_text(rng_, kAlnum, 43);
  const std::lock_guard lock(mutex_);
  drop_expired(now);
  if (sessions_.size() >= kMaxSessions) sessions_.erase(sessions_.begin());
  sessions_.emplace(token, Session{std::move(key), now + kSessionLife});
  return std::string(kCookie) + "=" + token + cookie_attributes(request) +
         "; Max-Age=" + std::to_string(std::chrono::seconds(kSessionLife).count());
}

std::string ConsoleAccess::log_out(const net::HttpRequest& request) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(std::string(session_token(request)));
  return std::string(kCookie) + "=" + cookie_attributes(request) + "; Max-Age=0";
}

void ConsoleAccess::drop_expired(SteadyTime now) {
  std::erase_if(sessions_, [now](const auto& session) { return session.second.end <= now; });
}

}  // namespace heliograph::server
