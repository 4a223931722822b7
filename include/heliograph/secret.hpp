// Secret: a value that must not reach a log, an error text or a core dump longer than needed.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace heliograph {

/// Holds a secret string and wipes its memory when it goes. It has no stream operator and no implicit conversion:
/// whoever needs the text says reveal(), which is easy to find in a review.
class Secret {
 public:
  /// Empty.
  Secret() = default;
  /// Takes the text over. What the caller has copies of is the caller's to wipe.
  explicit Secret(std::string text) : text_(std::move(text)) {}
  /// Copies are wiped when they go, too. What is assigned to is wiped first, and what is moved from is left empty.
  /// @{
  Secret(const Secret&) = default;
  Secret(Secret&& other) noexcept : text_(std::move(other.text_)) { other.wipe(); }
  Secret& operator=(const Secret& other) {
    if (this != &other) {
      wipe();
      text_ = other.text_;
    }
    return *this;
  }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      wipe();
      text_ = std::move(other.text_);
      other.wipe();
    }
    return *this;
  }
  /// @}
  ~Secret() { wipe(); }

  /// The text. The view lives until the secret is assigned to, moved from or destroyed.
  [[nodiscard]] std::string_view reveal() const noexcept { return text_; }
  /// Whether there is none.
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }

 private:
  void wipe() noexcept {
    volatile char* bytes = text_.data();
    for (std::size_t i = 0; i < text_.size(); ++i) bytes[i] = 0;
    text_.clear();
  }

  std::string text_;
};

}  // namespace heliograph
