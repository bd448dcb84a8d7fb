// SPDX-License-Identifier: Apache-2.0
//
// The meta table, big endian:
//
//   format          u32       schema version; see record_store::format
//   folder_id       16 bytes  random, identifies the data folder in leases
//   signature_size  u32       bytes of every value in signatures
//   upgrade_mark    any       where the next chunk of an upgrade begins; only
//                             while one is unfinished
//   last_epoch      u64       sequence of the last "epoch opened" event;
//                             missing before the first

#include "storage/record_store.hpp"

#include "storage/record_store_state.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

namespace {

constexpr std::uint32_t signature_size_max = 1024;
constexpr std::uint32_t format_with_withdrawals = 2;
constexpr std::uint32_t format_with_names = 4;
constexpr std::uint32_t format_with_certificates = 5;

std::shared_ptr<lmdb::environment>
environment_of(const std::shared_ptr<open_store>& store) {
  return {store, &store->env};
}

bool open_tables(lmdb::transaction& txn, unsigned flags, record_tables& t) {
  return open_table(txn, "meta", flags, t.meta) &&
         open_table(txn, "records", flags, t.records) &&
         open_table(txn, "signatures", flags, t.signatures) &&
         open_table(txn, "batches", flags, t.batches) &&
         open_table(txn, "journal", flags, t.journal);
}

bool open_withdrawn(lmdb::transaction& txn, unsigned flags, record_tables& t) {
  MDB_dbi table = 0;
  if (!open_table(txn, "withdrawn", flags, table))
    return false;
  t.withdrawn = table;
  return true;
}

bool open_naming(lmdb::transaction& txn, unsigned flags, record_tables& t) {
  naming_tables n;
  if (!open_table(txn, "names", flags, n.names) ||
      !open_table(txn, "record_names", flags, n.record_names) ||
      !open_table(txn, "arrivals", flags, n.arrivals) ||
      !open_table(txn, "requests", flags, n.requests))
    return false;
  t.naming = n;
  return true;
}

bool open_seals(lmdb::transaction& txn, unsigned flags, record_tables& t) {
  seal_tables s;
  if (!open_table(txn, "certificates", flags, s.certificates) ||
      !open_table(txn, "enrolments", flags, s.enrolments) ||
      !open_table(txn, "revocation_lists", flags, s.revocation_lists))
    return false;
  t.seals = s;
  return true;
}

/// Whether all tables of the store's format are there.
bool open_all(lmdb::transaction& txn, std::uint32_t format, record_tables& t) {
  return open_tables(txn, 0, t) &&
         (format < format_with_withdrawals || open_withdrawn(txn, 0, t)) &&
         (format < format_with_names || open_naming(txn, 0, t)) &&
         (format < format_with_certificates || open_seals(txn, 0, t));
}

// An older store is only read: writing needs the tables of this format.
void check_format(lmdb::transaction& txn, const record_tables& t,
                  const store_info& info, bool read_only) {
  const auto& folder = txn.env().folder();
  if (meta_table(txn, t.meta).find(meta::upgrade_mark))
    throw storage_error(fmt::format(
        "the upgrade of {} was interrupted: run `chancery upgrade` again",
        folder.string()));
  if (info.format < record_store::format && !read_only)
    throw storage_error(fmt::format(
        "{} has format {}, which is older than this chancery's {}: run "
        "`chancery upgrade` before anything is changed in it",
        folder.string(), info.format, record_store::format));
}

[[noreturn]] void no_records_in(const std::filesystem::path& folder) {
  throw missing(fmt::format("no chancery data in {}: run `chancery init`",
                            folder.string()));
}

void put_info(meta_table table, const store_info& info) {
  table.put(meta::format, record_store::format);
  table.put(meta::signature_size, info.signature_size);
  table.put(meta::folder_id,
            lmdb::as_value(std::as_bytes(std::span(info.folder_id))));
}

store_info read_store_info(lmdb::transaction& txn, MDB_dbi table) {
  meta_table rows(txn, table);
  store_info info;
  info.format = rows.format(record_store::format);
  info.signature_size = rows.number(meta::signature_size);
  if (info.signature_size == 0 || info.signature_size > signature_size_max)
    damaged(txn.env().folder(), "meta table, signature_size");
  const auto id = rows.value(meta::folder_id, info.folder_id.size());
  std::ranges::transform(id, info.folder_id.begin(), [](std::byte b) {
    return std::to_integer<std::uint8_t>(b);
  });
  return info;
}

} // namespace

void record_store::create(const std::filesystem::path& folder,
                          const store_info& info,
                          const store_options& options) {
  if (info.signature_size == 0 || info.signature_size > signature_size_max ||
      options.read_only)
    throw std::invalid_argument("a store needs a signature size of 1 to 1024 "
                                "bytes and is not created read-only");
  make_folder(folder);
  const auto store = std::make_shared<open_store>(folder, options);
  make_store(environment_of(store), options.sync, options.before_commit,
             [&](lmdb::transaction& txn) {
               open_tables(txn, MDB_CREATE, store->tables);
               open_withdrawn(txn, MDB_CREATE, store->tables);
               open_naming(txn, MDB_CREATE, store->tables);
               open_seals(txn, MDB_CREATE, store->tables);
               put_info({txn, store->tables.meta}, info);
             });
}

record_store::record_store(const std::filesystem::path& folder,
                           const store_options& options) {
  if (!holds_a_database(folder))
    no_records_in(folder);
  const auto store = std::make_shared<open_store>(folder, options);
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  if (!open_table(txn, "meta", 0, store->tables.meta))
    no_records_in(folder);
  store->info = read_store_info(txn, store->tables.meta);
  check_format(txn, store->tables, store->info, options.read_only);
  if (!open_all(txn, store->info.format, store->tables))
    damaged(folder, "a table is missing");
  txn.commit(); // LMDB keeps the table handles open only after a commit
  state_.reset(new state{store}); // an aggregate, which clang 14 cannot pass on
}

record_store::record_store(record_store&&) noexcept = default;
record_store::~record_store() = default;

const store_info& record_store::info() const noexcept {
  return state_->store->info;
}

std::uint64_t record_store::used_bytes() const {
  const auto& store = state_->store;
  lmdb::transaction txn(environment_of(store), txn_kind::read);
  const record_tables& t = store->tables;
  auto bytes = storage::used_bytes(
      txn, {t.meta, t.records, t.signatures, t.batches, t.journal});
  if (t.withdrawn)
    bytes += storage::used_bytes(txn, {*t.withdrawn});
  if (const auto& n = t.naming)
    bytes += storage::used_bytes(
        txn, {n->names, n->record_names, n->arrivals, n->requests});
  if (const auto& s = t.seals)
    bytes += storage::used_bytes(
        txn, {s->certificates, s->enrolments, s->revocation_lists});
  return bytes;
}

std::uint64_t record_store::file_bytes() const {
  return state_->store->env.file_bytes();
}

std::uint64_t record_store::room() const { return state_->store->env.room(); }

snapshot record_store::read() const {
  return snapshot(
      std::make_unique<snapshot::state>(state_->store, txn_kind::read));
}

write_transaction record_store::write() {
  if (state_->store->options.read_only)
    throw std::logic_error("write() was called on a read-only store");
  return write_transaction(
      std::make_unique<snapshot::state>(state_->store, txn_kind::write));
}

} // namespace chancery::storage
