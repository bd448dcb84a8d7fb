// SPDX-License-Identifier: Apache-2.0
//
// The meta table, big endian:
//
//   format      u32       schema version; see ledger_store::format
//   node        32 bytes  thumbprint of the node that owns the chain
//   block_size  u32       messages per block

#include "storage/ledger_store.hpp"

#include "storage/ledger_store_state.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

namespace {

// In exists(): what another process may add between opening and reading.
constexpr std::size_t room_to_grow = std::size_t{1} << 30;

std::shared_ptr<lmdb::environment>
environment_of(const std::shared_ptr<open_ledger>& store) {
  return {store, &store->env};
}

bool open_tables(lmdb::transaction& txn, unsigned flags, ledger_tables& t) {
  return open_table(txn, "meta", flags, t.meta) &&
         open_table(txn, "messages", flags, t.messages) &&
         open_table(txn, "receipts", flags, t.receipts) &&
         open_table(txn, "sequences", flags, t.sequences) &&
         open_table(txn, "clients", flags, t.clients) &&
         open_table(txn, "blocks", flags, t.blocks) &&
         open_table(txn, "hashes", flags, t.hashes);
}

// A record store also has a meta table, but no messages.
bool holds_a_ledger(lmdb::transaction& txn) {
  MDB_dbi table = 0;
  return open_table(txn, "meta", 0, table) &&
         open_table(txn, "messages", 0, table);
}

[[noreturn]] void no_ledger_in(const std::filesystem::path& folder) {
  throw storage_error(
      fmt::format("no ledger in {}: create one with `chancery node`, or name "
                  "another folder",
                  folder.string()));
}

void put_info(meta_table table, const ledger_info& info) {
  table.put("format", ledger_store::format);
  table.put("node", lmdb::as_value(std::as_bytes(std::span(info.node))));
  table.put("block_size", info.block_size);
}

ledger_info read_ledger_info(lmdb::transaction& txn, MDB_dbi table) {
  meta_table rows(txn, table);
  ledger_info info;
  info.format = rows.format(ledger_store::format);
  info.block_size = rows.number("block_size");
  if (info.block_size == 0)
    damaged(txn.env().folder(), "meta table, block_size");
  const auto node = rows.value("node", info.node.size());
  std::ranges::transform(node, info.node.begin(), [](std::byte b) {
    return std::to_integer<std::uint8_t>(b);
  });
  return info;
}

} // namespace

void ledger_store::create(const std::filesystem::path& folder,
                          const ledger_info& info,
                          const ledger_options& options) {
  if (info.block_size == 0 || options.read_only)
    throw std::invalid_argument("a ledger needs a block size of at least 1 and "
                                "is not created read-only");
  make_folder(folder);
  const auto store = std::make_shared<open_ledger>(folder, options);
  make_store(environment_of(store), options.sync, options.before_commit,
             [&](lmdb::transaction& txn) {
               open_tables(txn, MDB_CREATE, store->tables);
               put_info({txn, store->tables.meta}, info);
             });
}

ledger_store::ledger_store(const std::filesystem::path& folder,
                           const ledger_options& options) {
  if (!holds_a_database(folder))
    no_ledger_in(folder);
  const auto store = std::make_shared<open_ledger>(folder, options);
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  if (!holds_a_ledger(txn))
    no_ledger_in(folder);
  open_table(txn, "meta", 0, store->tables.meta);
  store->info = read_ledger_info(txn, store->tables.meta);
  if (!open_tables(txn, 0, store->tables))
    storage::damaged(folder, "a table is missing");
  txn.commit(); // LMDB keeps the table handles open only after a commit
  state_.reset(new state{store}); // an aggregate, which clang 14 cannot pass on
}

ledger_store::ledger_store(ledger_store&&) noexcept = default;
ledger_store::~ledger_store() = default;

bool ledger_store::exists(const std::filesystem::path& folder) {
  if (!holds_a_database(folder))
    return false;
  lmdb::environment_options options;
  options.read_only = true;
  options.map_size =
      std::filesystem::file_size(folder / "data.mdb") + room_to_grow;
  lmdb::transaction txn(std::make_shared<lmdb::environment>(folder, options),
                        txn_kind::read);
  return holds_a_ledger(txn);
}

const ledger_info& ledger_store::info() const noexcept {
  return state_->store->info;
}

std::uint64_t ledger_store::used_bytes() const {
  const auto& store = state_->store;
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  const ledger_tables& t = store->tables;
  return storage::used_bytes(txn, {t.meta, t.messages, t.receipts, t.sequences,
                                   t.clients, t.blocks, t.hashes});
}

std::uint64_t ledger_store::file_bytes() const {
  return state_->store->env.file_bytes();
}

std::uint64_t ledger_store::room() const { return state_->store->env.room(); }

ledger_snapshot ledger_store::read() const {
  return ledger_snapshot(
      std::make_unique<ledger_snapshot::state>(state_->store, txn_kind::read));
}

ledger_transaction ledger_store::write() {
  if (state_->store->options.read_only)
    throw std::logic_error("write() was called on a read-only store");
  return ledger_transaction(
      std::make_unique<ledger_snapshot::state>(state_->store, txn_kind::write));
}

} // namespace chancery::storage
