// SPDX-License-Identifier: Apache-2.0
#pragma once

// Refusals of the API as problem documents (RFC 9457), and the page that
// explains each. Pure functions; any thread.

#include "apps/http/http_message.hpp"
#include "crypto/ledger/refusal.hpp"

#include <nlohmann/json.hpp>

#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

/// One kind of problem. Its code never changes its meaning.
struct problem_kind {
  int status;
  std::string_view code;    ///< "bad_parameter"
  std::string_view title;   ///< "A parameter is wrong"
  std::string_view meaning; ///< what it means and what helps, a few sentences
};

/// All of them, by status.
std::span<const problem_kind> problem_kinds() noexcept;

/// Null when there is no such code.
const problem_kind* find_problem(std::string_view code) noexcept;

/// Thrown by whoever finds one while a request is answered. The sentence never
/// quotes what was sent.
class problem : public std::runtime_error {
 public:
  /// `more`: members of the document beside the usual ones. Throws
  /// std::logic_error for a code that is not in problem_kinds().
  problem(std::string_view code, const std::string& sentence,
          nlohmann::ordered_json more = nlohmann::ordered_json::object());

  const problem_kind& kind() const noexcept { return *kind_; }
  const nlohmann::ordered_json& more() const noexcept { return more_; }

 private:
  const problem_kind* kind_;
  nlohmann::ordered_json more_;
};

/// A refusal of the ledger's node: its code is the problem's.
problem to_problem(crypto::refusal code, const std::string& sentence);

/// What http refused by itself.
problem to_problem(http_fault fault);

/// {"type":"/problems/CODE","title","status","detail","code","request_id",...}
http_response to_response(const problem& why, std::string_view request_id);

/// The page of a kind, at its type; HTML.
std::string problem_page(const problem_kind& kind);

} // namespace chancery::apps
