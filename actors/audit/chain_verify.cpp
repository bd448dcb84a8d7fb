// SPDX-License-Identifier: Apache-2.0
#include "actors/audit/chain_verify.hpp"

#include "actors/audit/block_check.hpp"
#include "actors/audit/message_check.hpp"
#include "actors/audit/parallel.hpp"
#include "crypto/keys/key_id_hash.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <span>
#include <unordered_map>

namespace chancery::actors {

namespace {

// After this many messages, some milliseconds of work, a thread renews its
// snapshot, counts its progress and checks `stop`. Their signatures are
// verified in one call, which needs some hundreds to be fast.
constexpr std::uint64_t chunk_messages = 256;

// The same for blocks, whose messages are only hashed.
constexpr std::uint64_t chunk_blocks_max = 64;
constexpr std::uint64_t chunk_leaves = 4'096;

// Messages of a round, per thread. At its end all threads wait for each other,
// and the order of messages is checked. A round has many chunks, so that the
// wait is short.
constexpr std::uint64_t round_messages = 2'048;

struct verifying_threads {
  std::size_t count;
  crypto::provider provider;
};

// Checks what depends on the stored order of messages.
class order_check {
 public:
  explicit order_check(chain_findings& findings) : findings_(findings) {}

  void next(std::uint64_t index, const message_facts& facts) {
    if (facts.sequence)
      next_sequence(index, facts.client, *facts.sequence);
    if (!facts.time_ms)
      return;
    if (*facts.time_ms < time_ms_)
      findings_.broken(chain_promise::receipts_signed, index,
                       fmt::format("message {}: its receipt's time is before "
                                   "that of an earlier message",
                                   index));
    time_ms_ = std::max(time_ms_, *facts.time_ms);
  }

 private:
  void next_sequence(std::uint64_t index, const crypto::key_id& client,
                     std::uint64_t sequence) {
    const auto [last, is_new] = last_.try_emplace(client, sequence);
    if (!is_new && sequence <= last->second)
      findings_.broken(
          chain_promise::sequences_grow, index,
          fmt::format("message {}: sequence {} of client {} comes after {}",
                      index, sequence, crypto::to_text(client), last->second));
    last->second = std::max(last->second, sequence);
  }

  chain_findings& findings_;
  std::unordered_map<crypto::key_id, std::uint64_t, crypto::key_id_hash> last_;
  std::uint64_t time_ms_ = 0;
};

// A forged row may have any number: what is looked at goes with the rows that
// are there, not with the last one's number.
std::uint64_t looked_at(const storage::numbered_rows& there, const char* what,
                        chain_promise rule, chain_findings& findings) {
  constexpr std::uint64_t missing_max = 1024;
  const auto end = std::min(
      there.end, there.rows + std::min(there.rows, there.end) + missing_max);
  if (end != there.end || there.rows > there.end)
    findings.broken(rule, end,
                    fmt::format("the ledger has {} {}, the last one with "
                                "number {}",
                                there.rows, what, there.end - 1));
  return end;
}

// Finds orphaned rows by counting: other checks show that each block and
// message has its own row.
void check_counts(const storage::ledger_snapshot& view,
                  const chain_extent& extent, chain_findings& findings) {
  const auto expect = [&](chain_promise rule, const char* what,
                          std::uint64_t found, std::uint64_t expected) {
    if (found != expected)
      findings.broken(rule, chain_findings::whole,
                      fmt::format("the ledger has {} {} instead of {}", found,
                                  what, expected));
  };
  using enum chain_promise;
  expect(blocks_linked, "blocks", extent.blocks,
         extent.messages / extent.block_size);
  expect(blocks_linked, "hashes of blocks", view.hash_count(), extent.blocks);
  expect(sequences_grow, "sequences", view.sequence_count(), extent.messages);
  expect(receipts_signed, "receipts", view.receipt_count(), extent.messages);
}

void check_blocks(const storage::ledger_store& store,
                  const chain_extent& extent, const crypto::public_key& node,
                  const verifying_threads& threads,
                  const std::atomic<bool>& stop, chain_findings& findings) {
  check_links(store, extent, node.id(), stop, findings);
  auto checkers =
      workers_of<block_checker>(threads.count, store, node, threads.provider);
  const auto chunk = std::clamp<std::uint64_t>(chunk_leaves / extent.block_size,
                                               1, chunk_blocks_max);
  work_in_chunks(std::span(checkers), 0, extent.blocks, chunk, stop);
  for (const auto& checker : checkers)
    findings.add(checker.findings());
}

void check_messages(const storage::ledger_store& store,
                    const chain_extent& extent, const crypto::public_key& node,
                    const verifying_threads& threads,
                    std::atomic<std::uint64_t>& done,
                    const std::atomic<bool>& stop, chain_findings& findings) {
  auto checkers = workers_of<message_checker>(threads.count, store, extent,
                                              node, threads.provider, done);
  std::vector<message_facts> facts(
      std::min(threads.count * round_messages, extent.messages));
  order_check order(findings);
  for (std::uint64_t begin = 0; begin < extent.messages && !stop;
       begin += facts.size()) {
    const auto end =
        begin + std::min<std::uint64_t>(facts.size(), extent.messages - begin);
    for (auto& checker : checkers)
      checker.write_to(facts, begin);
    work_in_chunks(std::span(checkers), begin, end, chunk_messages, stop);
    if (stop)
      break;
    for (auto index = begin; index < end; ++index)
      order.next(index, facts[index - begin]);
  }
  for (const auto& checker : checkers)
    findings.add(checker.findings());
}

} // namespace

chain_report verify_chain(const storage::ledger_store& store,
                          const crypto::public_key& node,
                          const chain_verify_options& options,
                          std::atomic<std::uint64_t>& done,
                          const std::atomic<bool>& stop) {
  const verifying_threads threads{
      std::max<std::size_t>(1, options.threads),
      options.provider
          ? *options.provider
          : crypto::provider_from_name("auto", crypto::curve::p256)};
  const auto started = std::chrono::steady_clock::now();
  chain_findings findings;
  chain_extent extent;
  chain_report report;
  {
    const auto view = store.read();
    extent = {looked_at(view.blocks_there(), "blocks",
                        chain_promise::blocks_linked, findings),
              looked_at(view.messages_there(), "messages",
                        chain_promise::messages_signed, findings),
              store.info().block_size};
    report.clients = view.client_count();
    check_counts(view, extent, findings);
  }
  if (store.info().node != node.id())
    findings.broken(chain_promise::blocks_linked, chain_findings::whole,
                    "the ledger was made for another node");
  check_blocks(store, extent, node, threads, stop, findings);
  check_messages(store, extent, node, threads, done, stop, findings);

  report.blocks = extent.blocks;
  report.messages = extent.messages;
  const auto sealed = extent.blocks * extent.block_size;
  report.pending = extent.messages - std::min(extent.messages, sealed);
  report.rules = findings.rules();
  report.passed =
      !stop && std::ranges::all_of(report.rules, &rule_report::kept);
  report.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - started)
          .count();
  return report;
}

} // namespace chancery::actors
