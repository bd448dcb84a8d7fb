// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/ledger_messages.hpp"

#include <algorithm>
#include <utility>

namespace chancery::actors {

caf::error make_refusal(crypto::refusal code, std::string what) {
  return caf::make_error(code, std::move(what));
}

std::optional<crypto::refusal> refusal_of(const caf::error& e) {
  if (!e ||
      e.category() != caf::detail::error_factory<crypto::refusal>::category)
    return std::nullopt;
  return static_cast<crypto::refusal>(e.code());
}

std::set<std::string> ledger_question_types() {
  return {"@atom", "@str", "@u64", caf::type_name<hello>::value};
}

std::set<std::string> ledger_answer_types() {
  return {"@error",
          "@str",
          "@u64",
          caf::type_name<ledger_welcome>::value,
          caf::type_name<acknowledgement>::value,
          caf::type_name<block_answer>::value,
          caf::type_name<message_answer>::value,
          caf::type_name<proof_answer>::value};
}

std::optional<crypto::key_id> id_of_bytes(std::string_view bytes) {
  crypto::key_id id{};
  if (bytes.size() != id.size())
    return std::nullopt;
  std::copy(bytes.begin(), bytes.end(), id.begin());
  return id;
}

} // namespace chancery::actors
