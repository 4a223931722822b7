// Result<T>: a value or an Error. The part of std::expected that we use, under the same names, so that it can be
// swapped for the standard one when every supported compiler has it.
#pragma once

#include <cassert>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "heliograph/error.hpp"

namespace heliograph {

/// What an operation gave: a T, or the Error that says why not. Move with care: reading value() of an error is a bug.
template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;  ///< As std::expected has it.

  /// Success.
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  /// Failure; a code alone has an empty detail.
  /// @{
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}
  Result(Errc code) : state_(std::in_place_index<1>, Error{code, {}}) {}
  /// @}

  /// Whether there is a value.
  /// @{
  [[nodiscard]] bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  /// @}

  /// The value; only if there is one. Nothing is thrown: debug builds assert it.
  /// @{
  T& value() & { return check(), *std::get_if<0>(&state_); }
  const T& value() const& { return check(), *std::get_if<0>(&state_); }
  T&& value() && { return check(), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }
  /// @}

  /// The value, or `fallback` converted to one.
  template <class U>
  T value_or(U&& fallback) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(fallback));
  }

  /// The error; only if there is no value.
  /// @{
  [[nodiscard]] const Error& error() const& {
    assert(!has_value());
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] Error&& error() && {
    assert(!has_value());
    return std::move(*std::get_if<1>(&state_));
  }
  /// @}

 private:
  void check() const { assert(has_value()); }

  std::variant<T, Error> state_;
};

/// Success without a value, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;  ///< As std::expected has it.

  /// Success.
  Result() = default;
  /// Failure; a code alone has an empty detail.
  /// @{
  Result(Error error) : error_(std::move(error)) {}
  Result(Errc code) : error_(Error{code, {}}) {}
  /// @}

  /// Whether it is a success.
  /// @{
  [[nodiscard]] bool has_value() const noexcept { return !error_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }
  /// @}
  /// Nothing, for code that does not know T; only of a success.
  void value() const { assert(has_value()); }

  /// The error; only of a failure.
  /// @{
  [[nodiscard]] const Error& error() const& {
    assert(error_.has_value());
    return *error_;
  }
  [[nodiscard]] Error&& error() && {
    assert(error_.has_value());
    return std::move(*error_);
  }
  /// @}

 private:
  std::optional<Error> error_;
};

}  // namespace heliograph
