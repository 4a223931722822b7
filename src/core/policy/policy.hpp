// Policy: a document that has been understood, ready to be asked.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/policy/access_request.hpp"
#include "core/policy/condition.hpp"
#include "core/policy/pattern.hpp"
#include "heliograph/result.hpp"
#include "wire/policy_document.hpp"

namespace heliograph::core {

/// How far a request gets with a statement.
struct Reach {
  enum class Stop : std::uint8_t { kAction, kResource, kCondition, kNowhere };
  Stop stop{};                ///< What it failed at, in this order; kNowhere: the statement applies.
  std::size_t condition = 0;  ///< The first that does not hold.
};

/// Threads: immutable, so any.
class Statement {
 public:
  /// Fails with kInvalidArgument, naming the member within the statement.
  [[nodiscard]] static Result<Statement> compile(const wire::PolicyStatement& written, bool variables,
                                                 KeyScope scope = KeyScope::kRequest);

  [[nodiscard]] Reach reach(const AccessRequest& request) const noexcept;

  [[nodiscard]] bool allows() const noexcept { return allows_; }
  [[nodiscard]] const std::string& sid() const noexcept { return sid_; }
  [[nodiscard]] const std::vector<Condition>& conditions() const noexcept { return conditions_; }
  /// Whether the answer may depend on the key.
  [[nodiscard]] bool uses(KeyName name) const noexcept;

 private:
  /// A list that must, or inverted must not, have a match.
  struct Selection {
    std::vector<Pattern> any;
    bool inverted = false;
    [[nodiscard]] bool has(std::string_view text, const AccessContext& context) const noexcept;
  };

  std::string sid_;
  bool allows_ = false;
  Selection actions_;
  Selection resources_;
  std::vector<Condition> conditions_;
};

/// Threads: immutable, so any.
class Policy {
 public:
  /// Reads and compiles a JSON document. Fails with kInvalidArgument, naming the statement and the member: besides what
  /// is not a policy, every operator, condition key and variable that would be without effect here.
  /// @param name  how decisions call it: a file, "AdministratorAccess".
  [[nodiscard]] static Result<Policy> parse(std::string name, std::string_view text);
  [[nodiscard]] static Result<Policy> compile(std::string name, const wire::PolicyDocument& document);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] const std::vector<Statement>& statements() const noexcept { return statements_; }
  [[nodiscard]] bool uses(KeyName name) const noexcept;

 private:
  std::string name_;
  std::vector<Statement> statements_;
};

}  // namespace heliograph::core
