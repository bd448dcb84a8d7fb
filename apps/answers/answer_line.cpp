// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/answer_line.hpp"

#include "apps/terminal/safe_text.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace chancery::apps {

using json = nlohmann::ordered_json;

std::string to_line(const actors::ledger_answer& answer) {
  json line;
  if (answer.refused)
    line = {{"refused", crypto::to_text(*answer.refused)},
            {"reason", answer.reason}};
  else if (!answer.registered.empty())
    line = {{"registered", answer.registered}};
  else
    line = {{"receipt", answer.receipt}};
  return safe_json(line.dump(-1, ' ', false, json::error_handler_t::replace));
}

actors::ledger_answer answer_from_line(std::string_view line) {
  const auto object = crypto::parse_strict_json(line);
  if (!object.is_object())
    throw std::invalid_argument("it is not a JSON object");
  const auto receipt = crypto::text_member(object, "receipt");
  const auto registered = crypto::text_member(object, "registered");
  const auto refused = crypto::text_member(object, "refused");
  if (receipt.has_value() + registered.has_value() + refused.has_value() != 1)
    throw std::invalid_argument(
        "it must have exactly one of receipt, registered and refused");
  actors::ledger_answer answer;
  if (receipt)
    answer.receipt = *receipt;
  if (registered)
    answer.registered = *registered;
  if (!refused)
    return answer;
  answer.refused = crypto::refusal_from_text(*refused);
  if (!answer.refused)
    throw std::invalid_argument("its refusal code is unknown to this version");
  if (const auto reason = crypto::text_member(object, "reason"))
    answer.reason = *reason;
  return answer;
}

} // namespace chancery::apps
