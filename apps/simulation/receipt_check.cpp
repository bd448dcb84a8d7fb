// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/receipt_check.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message.hpp"

#include <fmt/format.h>
#include <unordered_set>

namespace chancery::apps {

namespace {

/// What is wrong with one receipt; empty when nothing is.
std::string fault_of(const storage::ledger_snapshot& view,
                     crypto::signature_verifier& verifier,
                     const crypto::public_key& node,
                     const actors::held_receipt& held) {
  const auto message = view.message(held.index);
  const auto receipt = view.receipt(held.index);
  if (!message || !receipt)
    return "it is not in the ledger";
  if (crypto::merkle_leaf(*message) != held.leaf)
    return "the ledger has another message at its index";
  try {
    const auto parts =
        crypto::parse_signed(crypto::text_of(*receipt), crypto::receipt_type);
    const auto content = crypto::receipt_from_json(parts.payload);
    if (!crypto::verify_jws(verifier, parts, node))
      return "the signature of its stored receipt does not verify";
    if (content.index != held.index || content.leaf != held.leaf ||
        content.node != node.id())
      return "its stored receipt differs from the client's";
  } catch (const crypto::refused& e) {
    return fmt::format("its stored receipt cannot be parsed: {}", e.what());
  }
  return "";
}

} // namespace

std::string check_receipts(const storage::ledger_store& store,
                           const crypto::public_key& node,
                           const std::vector<actors::held_receipt>& held,
                           std::atomic<std::uint64_t>& done) {
  const auto view = store.read();
  const auto verifier =
      crypto::make_verifier(crypto::single_signatures, crypto::curve::p256);
  std::unordered_set<std::uint64_t> seen;
  for (const auto& one : held) {
    const auto fault = seen.insert(one.index).second
                           ? fault_of(view, *verifier, node, one)
                           : "clients hold two receipts for it";
    if (!fault.empty())
      return fmt::format("message {}, for which a client holds a receipt: {}",
                         one.index, fault);
    ++done;
  }
  return "";
}

} // namespace chancery::apps
