// StaticFiles: the web console, read into memory once.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "base/log.hpp"
#include "heliograph/result.hpp"
#include "net/http.hpp"

namespace heliograph::server {

/// Threads: immutable after loading, so any.
class StaticFiles {
 public:
  /// Reads every file below `directory`. A missing directory gives an empty set, whose `/` says how to build the
  /// console.
  [[nodiscard]] static StaticFiles load(const std::filesystem::path& directory);
  /// Adds one file under a path of its own ("/kvs-webrtc.min.js"); nothing happens when it does not exist.
  void add(const std::filesystem::path& file, const std::string& path);

  [[nodiscard]] bool empty() const noexcept { return files_.empty(); }
  /// The answer for a GET or HEAD of `path` (no query); 404 for what is not there.
  [[nodiscard]] net::HttpResponse get(std::string_view path, std::string_view if_none_match) const;

 private:
  struct File {
    std::string content;
    std::string type;
    std::string etag;
    bool immutable = false;  ///< The name carries a hash of the content.
  };
  std::unordered_map<std::string, File> files_;
};

/// Where the console is, given where this program is: the build tree's, or an installed one's; empty when neither is
/// there.
[[nodiscard]] std::filesystem::path find_web_dir(const std::filesystem::path& executable);

/// The console of this directory, or of the one found beside this program when the name is empty. Without one the log
/// says so.
[[nodiscard]] StaticFiles load_console(const std::string& web_dir, LogSink& log);

}  // namespace heliograph::server
