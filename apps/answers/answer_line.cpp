// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/answer_line.hpp"

#include "crypto/jose/strict_json.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

const std::string* text_member(const nlohmann::json& object, const char* name) {
  const auto member = object.find(name);
  return member == object.end() ? nullptr
                                : member->get_ptr<const std::string*>();
}

} // namespace

std::string to_line(const actors::ledger_answer& answer) {
  json line;
  if (answer.refused)
    line = {{"refused", crypto::to_text(*answer.refused)},
            {"reason", answer.reason}};
  else if (!answer.registered.empty())
    line = {{"registered", answer.registered}};
  else
    line = {{"receipt", answer.receipt}};
  return line.dump(-1, ' ', false, json::error_handler_t::replace);
}

actors::ledger_answer answer_from_line(std::string_view line) {
  const auto object = crypto::parse_strict_json(line);
  if (!object.is_object())
    throw std::invalid_argument("it is no JSON object");
  const auto* receipt = text_member(object, "receipt");
  const auto* registered = text_member(object, "registered");
  const auto* refused = text_member(object, "refused");
  if ((receipt != nullptr) + (registered != nullptr) + (refused != nullptr) !=
      1)
    throw std::invalid_argument(
        "it has not exactly one of receipt, registered and refused");
  actors::ledger_answer answer;
  if (receipt != nullptr)
    answer.receipt = *receipt;
  if (registered != nullptr)
    answer.registered = *registered;
  if (refused == nullptr)
    return answer;
  answer.refused = crypto::refusal_from_text(*refused);
  if (!answer.refused)
    throw std::invalid_argument("it has a refusal that this version does not "
                                "know");
  if (const auto* reason = text_member(object, "reason"))
    answer.reason = *reason;
  return answer;
}

} // namespace chancery::apps
