// SPDX-License-Identifier: Apache-2.0
// Certificates of keys, and what revokes them.

#include "storage/certificate_row.hpp"
#include "storage/record_store_state.hpp"
#include "storage/row_bytes.hpp"

#include <fmt/format.h>
#include <stdexcept>

namespace chancery::storage {

std::string encode(const certificate_chain& chain) {
  if (chain.empty() || chain.size() > chain_length_max)
    throw std::invalid_argument(
        fmt::format("a chain has 1 to {} certificates, not {}",
                    chain_length_max, chain.size()));
  row_writer w;
  w.number(static_cast<std::uint8_t>(chain.size()));
  for (const auto der : chain) {
    if (der.empty() || der.size() > certificate_size_max)
      throw std::invalid_argument(
          fmt::format("a certificate has 1 to {} bytes, not {}",
                      certificate_size_max, der.size()));
    w.number(static_cast<std::uint32_t>(der.size()));
    w.text(as_text(lmdb::as_value(der)));
  }
  return w.take();
}

certificate_chain decode_certificates(std::span<const std::byte> value) {
  row_reader r(value, "a chain of certificates");
  certificate_chain chain;
  for (auto count = r.number<std::uint8_t>(); count > 0; --count) {
    const auto size = r.number<std::uint32_t>();
    if (size == 0 || size > certificate_size_max)
      r.fail("a certificate of a wrong size");
    chain.push_back(r.raw(size));
  }
  if (chain.empty() || chain.size() > chain_length_max)
    r.fail("a wrong number of certificates");
  r.end();
  return chain;
}

std::string enrolment_key(const key_name& key, std::uint32_t number) {
  return row_writer().bytes(key).number(number).take();
}

std::string encode(const enrolment& row) {
  return row_writer().bytes(row.leaf).number(row.time_ms).take();
}

enrolment decode_enrolment(std::span<const std::byte> key,
                           std::span<const std::byte> value) {
  constexpr const char* what = "an enrolment";
  enrolment row;
  row_reader k(key, what);
  row.key = k.bytes<32>();
  row.number = k.number<std::uint32_t>();
  k.end();
  row_reader v(value, what);
  row.leaf = v.bytes<32>();
  row.time_ms = v.number<std::uint64_t>();
  v.end();
  return row;
}

const seal_tables& record_tables::certificates() const {
  if (!seals)
    throw std::logic_error("a store of an older format has no certificates");
  return *seals;
}

enrolment snapshot::state::enrolment_at(const MDB_val& key,
                                        const MDB_val& value) const {
  try {
    return decode_enrolment(lmdb::as_span(key), lmdb::as_span(value));
  } catch (const corrupt& error) {
    damaged(error.what());
  }
}

std::optional<certificate_chain>
snapshot::certificates_of(const certificate_name& leaf) const {
  const auto& tables = state_->store->tables.seals;
  MDB_val value{};
  if (!tables ||
      !state_->txn->find(tables->certificates,
                         lmdb::as_value(std::as_bytes(std::span(leaf))), value))
    return std::nullopt;
  try {
    return decode_certificates(lmdb::as_span(value));
  } catch (const corrupt& error) {
    state_->damaged(error.what());
  }
}

std::optional<enrolment> snapshot::enrolment_of(const key_name& key) const {
  const auto& tables = state_->store->tables.seals;
  if (!tables)
    return std::nullopt;
  lmdb::table_cursor at(state_->txn, tables->enrolments);
  const auto last = enrolment_key(key, UINT32_MAX);
  MDB_val found = as_value(last);
  MDB_val value{};
  const bool behind = at.get(found, value, MDB_SET_RANGE);
  if (!(behind && as_text(found) == last) &&
      !at.get(found, value, behind ? MDB_PREV : MDB_LAST))
    return std::nullopt;
  const auto row = state_->enrolment_at(found, value);
  return row.key == key ? std::optional(row) : std::nullopt;
}

void snapshot::each_enrolment(
    const std::function<void(const enrolment&)>& see) const {
  const auto& tables = state_->store->tables.seals;
  if (!tables)
    return;
  lmdb::table_cursor at(state_->txn, tables->enrolments);
  MDB_val key{};
  MDB_val value{};
  for (bool more = at.get(key, value, MDB_FIRST); more;
       more = at.get(key, value, MDB_NEXT))
    see(state_->enrolment_at(key, value));
}

void snapshot::each_revocation_list(
    const std::function<void(std::span<const std::byte>,
                             std::span<const std::byte>)>& see) const {
  const auto& tables = state_->store->tables.seals;
  if (!tables)
    return;
  lmdb::table_cursor at(state_->txn, tables->revocation_lists);
  MDB_val key{};
  MDB_val value{};
  for (bool more = at.get(key, value, MDB_FIRST); more;
       more = at.get(key, value, MDB_NEXT))
    see(lmdb::as_span(key), lmdb::as_span(value));
}

void write_transaction::put_certificates(const certificate_name& leaf,
                                         const certificate_chain& chain) {
  const auto bytes = encode(chain);
  state_->txn->put(state_->store->tables.certificates().certificates,
                   lmdb::as_value(std::as_bytes(std::span(leaf))),
                   as_value(bytes), 0);
}

void write_transaction::enrol(const key_name& key, const certificate_name& leaf,
                              std::uint64_t time_ms) {
  const auto last = enrolment_of(key);
  const enrolment row{key, last ? last->number + 1 : 0, leaf, time_ms};
  const auto name = enrolment_key(key, row.number);
  const auto bytes = encode(row);
  state_->txn->put(state_->store->tables.certificates().enrolments,
                   as_value(name), as_value(bytes), 0);
}

void write_transaction::put_revocation_list(
    std::span<const std::byte> issuer_key_id, std::span<const std::byte> der) {
  if (issuer_key_id.empty() || issuer_key_id.size() > issuer_key_id_max ||
      der.empty() || der.size() > revocation_list_size_max)
    throw std::invalid_argument(
        fmt::format("a revocation list of {} bytes, of an issuer whose key id "
                    "has {} bytes",
                    der.size(), issuer_key_id.size()));
  state_->txn->put(state_->store->tables.certificates().revocation_lists,
                   lmdb::as_value(issuer_key_id), lmdb::as_value(der), 0);
}

} // namespace chancery::storage
