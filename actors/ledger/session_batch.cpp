// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/session_batch.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/random.hpp"
#include "crypto/ledger/message.hpp"

#include <exception>
#include <optional>
#include <string_view>
#include <utility>

namespace chancery::actors {

session_batch::session_batch(const crypto::node_keys& node, crypto::provider p)
    : node_(node.signing),
      signer_(crypto::make_sized_signer(p, crypto::curve::p256,
                                        crypto::system_random())),
      hasher_(crypto::curve::p256), sealer_(node.encryption, p),
      signatures_(p) {}

std::vector<std::variant<std::string, session_fault>>
session_batch::seal(std::span<const body_to_seal> bodies) {
  std::vector<std::variant<std::string, session_fault>> sealed(bodies.size());
  std::vector<std::size_t> places; // of the drafts among the bodies
  std::vector<std::string> drafts;
  std::vector<crypto::key_run> runs;
  for (std::size_t i = 0; i < bodies.size(); ++i)
    try {
      const auto& [session, body, now_ms] = bodies[i];
      drafts.push_back(session->draft(body, now_ms));
      runs.push_back({&session->identity(), 1});
      places.push_back(i);
    } catch (const std::exception& e) {
      sealed[i] = session_fault{e.what()};
    }
  std::vector<std::byte> signatures(64 * drafts.size());
  if (!drafts.empty())
    signer_->sign_batch(runs, hasher_(drafts), signatures);
  std::vector<std::string_view> messages;
  for (std::size_t i = 0; i < drafts.size(); ++i) {
    auto& session = *bodies[places[i]].session;
    session.await_receipt(crypto::compact_jws(
        std::move(drafts[i]), std::span(signatures).subspan(64 * i, 64)));
    messages.push_back(session.memory().unconfirmed);
  }
  auto jwes = sealer_.seal_batch(messages, crypto::message_type);
  for (std::size_t i = 0; i < jwes.size(); ++i)
    sealed[places[i]] = std::move(jwes[i]);
  return sealed;
}

std::vector<std::variant<crypto::receipt, session_fault>>
session_batch::accept(std::span<const receipt_to_accept> receipts) {
  std::vector<std::variant<crypto::receipt, session_fault>> accepted(
      receipts.size());
  std::vector<std::optional<read_receipt>> read(receipts.size());
  std::vector<std::size_t> places(receipts.size()); // among the signatures
  signatures_.clear();
  for (std::size_t i = 0; i < receipts.size(); ++i)
    try {
      const auto& [session, compact] = receipts[i];
      read[i] = session->read(compact);
      places[i] =
          signatures_.add(crypto::bytes_of(compact), read[i]->parts, node_);
    } catch (const std::exception& e) {
      accepted[i] = session_fault{e.what()};
    }
  signatures_.verify();
  for (std::size_t i = 0; i < receipts.size(); ++i)
    try {
      if (read[i])
        accepted[i] =
            receipts[i].session->accept(*read[i], signatures_.right(places[i]));
    } catch (const std::exception& e) {
      accepted[i] = session_fault{e.what()};
    }
  return accepted;
}

} // namespace chancery::actors
