// Files, their types and their caching.
#include "server/static_files.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "server/data_dir.hpp"

namespace heliograph::server {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 11> kTypes = {{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".json", "application/json"},
    {".txt", "text/plain; charset=utf-8"},
    {".map", "application/json"},
    {".webmanifest", "application/manifest+json"},
}};

// The page loads nothing but its own files, talks to this service and to the signaling endpoint it names, and is
// framed by nobody. blob: is for media elements.
constexpr std::string_view kContentSecurityPolicy =
    "default-src 'self'; connect-src 'self' ws: wss:; img-src 'self' data:; media-src 'self' blob:; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; object-src 'none'";

std::string_view type_of(const std::filesystem::path& file) {
  const std::string extension = file.extension().string();
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.first == extension; });
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

/// "app-3F2A9C1B.js": esbuild's content-hashed names.
bool has_hash(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const auto dash = stem.rfind('-');
  if (dash == std::string::npos || stem.size() - dash - 1 != 8) return false;
  return std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(dash) + 1, stem.end(),
                     [](unsigned char c) { return std::isdigit(c) != 0 || std::isupper(c) != 0; });
}

net::HttpResponse not_found() {
  return {404, {{"Content-Type", "text/plain; charset=utf-8"}}, "There is nothing here.\n"};
}

net::HttpResponse no_console() {
  return {503,
          {{"Content-Type", "text/plain; charset=utf-8"}},
          "The service runs, but the web console was not found. Build it with ./dev build, or name its directory with "
          "--web DIR.\n"};
}

}  // namespace

StaticFiles StaticFiles::load(const std::filesystem::path& directory) {
  StaticFiles files;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file(error))
      files.add(entry->path(), "/" + entry->path().lexically_relative(directory).generic_string());
  }
  return files;
}

void StaticFiles::add(const std::filesystem::path& file, const std::string& path) {
  auto content = read_file(file);
  if (!content) return;
  const std::string etag = "\"" + std::to_string(std::hash<std::string>{}(*content)) + "\"";
  files_.insert_or_assign(path, File{std::move(*content), std::string(type_of(file)), etag, has_hash(file)});
}

net::HttpResponse StaticFiles::get(std::string_view path, std::string_view if_none_match) const {
  const auto found = files_.find(path == "/" ? std::string("/index.html") : std::string(path));
  if (found == files_.end()) return path == "/" ? no_console() : not_found();
  const File& file = found->second;
  net::HttpResponse response{200, {{"Content-Type", file.type}, {"ETag", file.etag}}, {}};
  response.headers.push_back({"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"});
  response.headers.push_back({"X-Content-Type-Options", "nosniff"});
  response.headers.push_back({"Referrer-Policy", "no-referrer"});
  if (file.type.starts_with("text/html"))
    response.headers.push_back({"Content-Security-Policy", std::string(kContentSecurityPolicy)});
  if (if_none_match == file.etag) {
    response.status = 304;
  } else {
    response.body = file.content;
  }
  return response;
}

std::filesystem::path find_web_dir(const std::filesystem::path& executable) {
  const auto program_dir = executable.parent_path();
  for (const char* candidate : {"../../web/console/dist", "../share/heliograph/web"}) {
    std::error_code error;
    auto directory = std::filesystem::weakly_canonical(program_dir / candidate, error);
    if (!error && std::filesystem::is_regular_file(directory / "index.html", error)) return directory;
  }
  return {};
}

StaticFiles load_console(const std::string& web_dir, LogSink& log) {
  std::error_code error;
  const auto directory = web_dir.empty() ? find_web_dir(std::filesystem::read_symlink("/proc/self/exe", error))
                                         : std::filesystem::path(web_dir);
  StaticFiles files = StaticFiles::load(directory);
  if (files.empty()) {
    log.write(LogLevel::kWarning, "the web console was not found", {{"todo", "./dev build, or --web DIR"}});
  } else {
    // In the build tree the SDK's bundle lies in its own package; an installation puts it beside the page.
    files.add(directory / "../../sdk/dist/kvs-webrtc.min.js", "/kvs-webrtc.min.js");
  }
  return files;
}

}  // namespace heliograph::server
