// SPDX-License-Identifier: Apache-2.0
#pragma once

// What is checked of a database when it is opened. Internal to storage.

#include "storage/database_head.hpp"
#include "storage/page_source.hpp"

#include <filesystem>
#include <lmdb.h>
#include <memory>
#include <optional>

namespace chancery::storage::lmdb {

/// The checked meta pages of data.mdb, read without LMDB, which trusts them;
/// none of a missing or empty file, or where another version of LMDB wrote
/// them, which LMDB refuses itself. Throws page_damage.
std::optional<database_heads> read_heads(const std::filesystem::path& data);

/// LMDB's map of data.mdb, by a transaction that sees this commit; none for a
/// database without tables. Throws page_damage if the main table is damaged.
std::unique_ptr<mapped_file> find_map(MDB_txn* txn,
                                      const std::filesystem::path& data,
                                      const database_head& head);

/// Who opens the database.
enum class opened_for { reading, writing };

/// Checks that the head which the transaction sees is the last commit's, and
/// that no page in use lies behind the end of the file; for a writer also the
/// lists of free pages, and the branches of the tables: at most the first
/// branches_checked_max, so that opening takes bounded time. Throws
/// page_damage.
void check_database(const mapped_file& file, const database_head& head,
                    opened_for use);

inline constexpr std::size_t branches_checked_max = 8;

/// The number of the commit that the transaction sees: of the one before, for
/// a write transaction.
std::uint64_t commit_seen_by(MDB_txn* txn, opened_for use);

} // namespace chancery::storage::lmdb
