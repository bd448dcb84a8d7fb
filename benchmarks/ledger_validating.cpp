// SPDX-License-Identifier: Apache-2.0

// Validating without actors: the comparison for the whole node.
#include "actors/ledger/node.hpp"
#include "benchmarks/ledger_jobs.hpp"
#include "benchmarks/on_threads.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/random.hpp"
#include "crypto/ledger/merkle.hpp"
#include "crypto/ledger/message_opener.hpp"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace chancery::benchmarks {

namespace {

// What the node does with messages, except ordering and storing them, as its
// validators and its writer do: many at a time.
class validating {
 public:
  validating(const ledger_cast& cast, const ledger_workload& w)
      : cast_(cast), block_size_(w.block_size),
        opener_(cast.node.id(), cast.node.encryption, provider_),
        signer_(crypto::make_sized_signer(provider_, crypto::curve::p256,
                                          crypto::system_random())) {}

  /// The first message has the index `first` in the ledger.
  void operator()(std::span<const std::string> sealed, std::uint64_t first) {
    const auto opened = open(sealed);
    verify(opened, first);
    sign_receipts(opened, first);
  }

 private:
  using opened_messages = std::vector<crypto::opened_message>;

  opened_messages open(std::span<const std::string> sealed) {
    opened_messages opened;
    opened.reserve(sealed.size());
    const std::vector<std::string_view> jwes(sealed.begin(), sealed.end());
    for (auto& opening : opener_.open_all(jwes))
      opened.push_back(std::get<crypto::opened_message>(std::move(opening)));
    return opened;
  }

  void verify(const opened_messages& opened, std::uint64_t first) {
    std::vector<crypto::message_claim> claims;
    for (const auto& message : opened) {
      const auto sender = (first + claims.size()) % cast_.clients.size();
      const auto& key = cast_.clients[sender].public_half();
      crypto::message_opener::require_sender(message, key);
      claims.push_back({&message, &key});
    }
    const auto right = std::make_unique<bool[]>(claims.size());
    opener_.verify_all(claims, {right.get(), claims.size()});
    if (!std::all_of(right.get(), right.get() + claims.size(), std::identity()))
      throw std::runtime_error("a message's signature does not verify");
  }

  void sign_receipts(const opened_messages& opened, std::uint64_t first) {
    std::vector<std::string> drafts;
    for (const auto& message : opened)
      drafts.push_back(draft(message, first + drafts.size()));
    const crypto::key_run run{&cast_.node.signing, drafts.size()};
    std::vector<std::byte> signatures(64 * drafts.size());
    signer_->sign_batch({&run, 1}, hasher_(drafts), signatures);
    for (std::size_t i = 0; i < drafts.size(); ++i)
      crypto::compact_jws(std::move(drafts[i]),
                          std::span(signatures).subspan(64 * i, 64));
  }

  std::string draft(const crypto::opened_message& message,
                    std::uint64_t index) const {
    crypto::receipt r;
    r.node = cast_.node.id();
    r.client = message.content.client;
    r.sequence = message.content.sequence;
    r.index = index;
    r.leaf = crypto::merkle_leaf(crypto::bytes_of(message.compact));
    r.time_ms = 1'767'225'600'000;
    if (index >= block_size_)
      r.block = crypto::block_ref{index / block_size_ - 1, {}};
    return crypto::jws_signing_input(crypto::receipt_type, r.node,
                                     crypto::to_json(r));
  }

  const ledger_cast& cast_;
  const std::uint32_t block_size_;
  const crypto::provider provider_ =
      crypto::provider_from_name("auto", crypto::curve::p256);
  crypto::message_opener opener_;
  std::unique_ptr<crypto::batch_signer> signer_;
  crypto::record_hasher hasher_{crypto::curve::p256};
};

} // namespace

measure run_validate(const ledger_cast& cast, const ledger_workload& w,
                     const std::vector<std::string>& sealed) {
  constexpr std::uint64_t together = actors::validation_items_max;
  std::atomic<std::uint64_t> next{0};
  const stopwatch watch;
  on_threads(w.threads, [&](std::size_t) {
    validating validate(cast, w);
    const auto take = [&] { return next.fetch_add(together); };
    for (auto i = take(); i < sealed.size(); i = take())
      validate(std::span(sealed).subspan(
                   i, std::min<std::uint64_t>(together, sealed.size() - i)),
               i);
  });
  return watch.stop(sealed.size());
}

} // namespace chancery::benchmarks
