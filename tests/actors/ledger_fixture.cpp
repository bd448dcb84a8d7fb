// SPDX-License-Identifier: Apache-2.0
#include "tests/actors/ledger_fixture.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/base/random.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/providers/provider.hpp"

#include <atomic>
#include <vector>

namespace chancery::tests {

namespace {

constexpr std::uint64_t first_time_ms = 1'767'225'600'000; // 2026

crypto::private_key fresh() {
  return crypto::private_key::generate(crypto::curve::p256,
                                       crypto::system_random());
}

std::array<std::byte, 64> signature_of(std::span<const std::byte> digest,
                                       const crypto::private_key& key) {
  static const auto signer = crypto::make_batch_signer(
      crypto::provider::openssl, crypto::curve::p256, crypto::system_random());
  std::array<std::byte, 64> signature;
  const crypto::key_run run{&key, 1};
  signer->sign_batch({&run, 1}, digest, signature);
  return signature;
}

std::string as_text(std::span<const std::byte> bytes) {
  return std::string(crypto::text_of(bytes));
}

std::string as_text(const crypto::key_id& id) {
  return as_text(std::as_bytes(std::span(id)));
}

} // namespace

const crypto::private_key& key_of_node() {
  static const auto key = fresh();
  return key;
}

const crypto::private_key& key_of_other_node() {
  static const auto key = fresh();
  return key;
}

const crypto::private_key& key_of_client(std::size_t number) {
  static const std::array<crypto::private_key, clients_of_tests> keys{
      fresh(), fresh(), fresh()};
  return keys.at(number);
}

std::string sign(std::string_view typ, std::string_view json,
                 const crypto::private_key& key,
                 std::optional<crypto::key_id> kid) {
  auto input = crypto::jws_signing_input(typ, kid.value_or(key.id()), json);
  const auto digest = crypto::sha256(crypto::bytes_of(input));
  const auto signature = signature_of(std::as_bytes(std::span(digest)), key);
  return crypto::compact_jws(std::move(input), signature);
}

std::string sign(const crypto::block_header& header,
                 const crypto::private_key& key) {
  const auto bytes = crypto::encode(header);
  const auto hash = crypto::block_hash(bytes);
  return as_text(bytes) +
         as_text(signature_of(std::as_bytes(std::span(hash)), key));
}

ledger_fixture::ledger_fixture(std::uint64_t messages, std::uint32_t block_size)
    : block_size_(block_size) {
  storage::ledger_info info;
  info.node = key_of_node().id();
  info.block_size = block_size;
  storage::ledger_options options;
  options.sync = false;
  storage::ledger_store::create(folder_.path(), info, options);
  auto store = open();
  auto txn = store.write();
  for (std::size_t i = 0; i < clients_of_tests; ++i)
    txn.put_client(key_of_client(i).id(),
                   key_of_client(i).public_half().point());
  txn.commit();
  extend(store, messages);
}

void ledger_fixture::extend(storage::ledger_store& store,
                            std::uint64_t messages) {
  auto txn = store.write();
  for (std::uint64_t i = 0; i < messages; ++i) {
    const auto time_ms = append(txn);
    if (++messages_ % block_size_ == 0)
      seal(txn, messages_ - block_size_, time_ms);
  }
  txn.commit();
}

std::uint64_t ledger_fixture::append(storage::ledger_transaction& txn) {
  const auto index = txn.message_count();
  const auto& client = key_of_client(index % clients_of_tests);
  crypto::message m;
  m.client = client.id();
  m.sequence = 10 * (1 + index / clients_of_tests);
  m.time = crypto::to_rfc3339(first_time_ms + index);
  m.node = key_of_node().id();
  m.body = R"({"reading":)" + std::to_string(index) + "}";
  const auto compact = sign(crypto::message_type, crypto::to_json(m), client);
  crypto::receipt r;
  r.node = m.node;
  r.client = m.client;
  r.sequence = m.sequence;
  r.index = index;
  r.leaf = crypto::merkle_leaf(crypto::bytes_of(compact));
  r.time_ms = first_time_ms + 10 * index;
  if (const auto head = actors::head_block(txn))
    r.block = {head->header.index, head->hash};
  const auto receipt =
      sign(crypto::receipt_type, crypto::to_json(r), key_of_node());
  txn.append_message({m.client, m.sequence, crypto::bytes_of(compact),
                      crypto::bytes_of(receipt)});
  return r.time_ms;
}

void ledger_fixture::seal(storage::ledger_transaction& txn, std::uint64_t first,
                          std::uint64_t time_ms) const {
  crypto::block_header header;
  if (const auto head = actors::head_block(txn)) {
    header.index = head->header.index + 1;
    header.previous = head->hash;
  }
  std::vector<crypto::merkle_hash> leaves;
  for (std::uint32_t i = 0; i < block_size_; ++i)
    leaves.push_back(crypto::merkle_leaf(txn.message(first + i).value()));
  header.root = crypto::merkle_root(leaves);
  header.first_message = first;
  header.count = block_size_;
  header.time_ms = time_ms;
  header.node = key_of_node().id();
  const auto bytes = crypto::encode(header);
  const auto hash = crypto::block_hash(bytes);
  txn.append_block(hash, bytes,
                   signature_of(std::as_bytes(std::span(hash)), key_of_node()));
}

storage::ledger_store ledger_fixture::open() const {
  storage::ledger_options options;
  options.sync = false;
  return storage::ledger_store(folder_.path(), options);
}

actors::chain_report ledger_fixture::verify(std::size_t threads) const {
  return verify_as(key_of_node().public_half(), threads);
}

actors::chain_report ledger_fixture::verify_as(const crypto::public_key& node,
                                               std::size_t threads) const {
  std::atomic<std::uint64_t> done{0};
  const std::atomic<bool> never{false};
  return actors::verify_chain(open(), node, {.threads = threads}, done, never);
}

crypto::message ledger_fixture::message(std::uint64_t index) const {
  return crypto::message_from_json(
      crypto::parse_signed(row("messages", index), crypto::message_type)
          .payload);
}

crypto::receipt ledger_fixture::receipt(std::uint64_t index) const {
  return crypto::receipt_from_json(
      crypto::parse_signed(row("receipts", index), crypto::receipt_type)
          .payload);
}

crypto::block_header ledger_fixture::block(std::uint64_t index) const {
  return actors::block_at(open().read(), index).value().header;
}

std::string ledger_fixture::row(const char* table, std::uint64_t index) const {
  const auto store = open();
  const auto view = store.read();
  const std::string_view name(table);
  return as_text((name == "messages"   ? view.message(index)
                  : name == "receipts" ? view.receipt(index)
                                       : view.block(index))
                     .value());
}

void ledger_fixture::put(const char* table, std::string_view key,
                         std::optional<std::string_view> value) const {
  put_raw(folder_.path(), table, key, value);
}

void ledger_fixture::put(const char* table, std::uint64_t index,
                         std::optional<std::string_view> value) const {
  put(table, number_64(index), value);
}

void ledger_fixture::put_sequence(const crypto::key_id& client,
                                  std::uint64_t sequence,
                                  std::optional<std::uint64_t> index) const {
  const auto key = as_text(client) + number_64(sequence);
  if (index)
    put("sequences", key, number_64(*index));
  else
    put("sequences", key, std::nullopt);
}

void ledger_fixture::put_hash(const crypto::hash_bytes& hash,
                              std::optional<std::uint64_t> block) const {
  if (block)
    put("hashes", as_text(hash), number_64(*block));
  else
    put("hashes", as_text(hash), std::nullopt);
}

void ledger_fixture::replace_message(std::uint64_t index,
                                     std::string_view compact) const {
  auto r = receipt(index);
  r.leaf = crypto::merkle_leaf(crypto::bytes_of(compact));
  put("messages", index, compact);
  replace_receipt(index, r);
}

void ledger_fixture::replace_message(std::uint64_t index,
                                     const crypto::message& m) const {
  auto r = receipt(index);
  r.client = m.client;
  r.sequence = m.sequence;
  replace_receipt(index, r);
  for (std::size_t i = 0; i < clients_of_tests; ++i)
    if (key_of_client(i).id() == m.client)
      replace_message(index, sign(crypto::message_type, crypto::to_json(m),
                                  key_of_client(i)));
}

void ledger_fixture::replace_receipt(std::uint64_t index,
                                     const crypto::receipt& r) const {
  put("receipts", index,
      sign(crypto::receipt_type, crypto::to_json(r), key_of_node()));
}

void ledger_fixture::replace_block(std::uint64_t index,
                                   const crypto::block_header& h) const {
  put_hash(crypto::block_hash(crypto::encode(block(index))), std::nullopt);
  put("blocks", index, sign(h, key_of_node()));
  put_hash(crypto::block_hash(crypto::encode(h)), index);
}

std::string broken(const actors::chain_report& report) {
  std::string names;
  for (const auto& rule : report.rules)
    if (rule.violations > 0)
      names += (names.empty() ? "" : " ") + rule.name;
  return names;
}

std::string first_of(const actors::chain_report& report,
                     std::string_view rule) {
  for (const auto& r : report.rules)
    if (r.name == rule)
      return r.first_violation;
  return "there is no such rule";
}

} // namespace chancery::tests
