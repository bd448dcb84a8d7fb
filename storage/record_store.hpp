// SPDX-License-Identifier: Apache-2.0
#pragma once

// Records, their signatures, and the journal that proves how the signatures
// were made: one LMDB environment in one folder.
//
//   table       key            value                    written by    read by
//   meta        name           see record_store.cpp     create        open
//   records     id, u64 BE     the record's bytes       import, seed  all
//   signatures  id, u64 BE     signature, fixed size    record writer all
//   batches     first id,      batch row (journal.hpp)  record writer status,
//               u64 BE                                                audit
//   journal     sequence,      event (journal.hpp)      record        audit,
//               u64 BE                                  writer,       start
//                                                       repair
//   withdrawn   id, u64 BE,    withdrawn signature      repair        audit,
//               event's        (withdrawn_row.hpp)                    status
//               sequence,
//               u64 BE
//   names       name           id, u64 BE               import        all
//   record_     id, u64 BE     name (record_name.hpp)   import        all
//     names
//   arrivals    first id,      records that came in     import        all
//               u64 BE         one commit (arrival.hpp)
//   requests    the caller's   what was stored for a    service       service
//               key            request (request_row.hpp)
//   certificates, enrolments, revocation_lists: certificate_row.hpp; written
//               by `keys` commands, read by whoever signs or verifies seals
//
// Format 1 had no table `withdrawn`, format 3 none from `names` on, and format
// 4 none about certificates; such a store can be read, and upgraded
// (upgrade.hpp). Record ids and journal
// sequences start at 0 and have no holes. A batch row, its signatures and every
// event up to its lease are written in one transaction, and so are a
// withdrawal, its event and the rows that it leaves; and a record, its name in
// both tables, its arrival, and its request.
//
// Threads: a store may be shared; each snapshot and write transaction belongs
// to the thread that made it, and only one write transaction exists at a time
// (LMDB makes a second one wait). One store object per folder and process.

#include "storage/arrival.hpp"
#include "storage/certificate_row.hpp"
#include "storage/defences.hpp"
#include "storage/errors.hpp"
#include "storage/journal.hpp"
#include "storage/request_row.hpp"
#include "storage/withdrawn_row.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::storage {

struct store_info {
  std::array<std::uint8_t, 16> folder_id{};
  std::uint32_t signature_size = 0; ///< bytes: 64 or 96
  std::uint32_t format = 5;

  friend bool operator==(const store_info&, const store_info&) = default;
};

struct store_options {
  /// Bytes of address space; the file is sparse. Never changes while open.
  std::size_t map_size = std::size_t{1} << 40;
  bool read_only = false;
  /// If false, a power cut loses data: for tests and simulations.
  bool sync = true;
  /// Called before each commit; its exception fails the commit (for tests).
  std::function<void()> before_commit{};
  defences defended{};
};

class snapshot;
class write_transaction;

class record_store {
 public:
  /// Maximum bytes of a record: 16 MiB.
  static constexpr std::size_t record_size_max = std::size_t{16} << 20;
  static constexpr std::uint32_t format = 5;

  /// Creates an empty store; throws storage_error if there is one already.
  static void create(const std::filesystem::path& folder,
                     const store_info& info, const store_options& options = {});

  /// Throws missing if there is no store, and storage_error if it is of a newer
  /// format or damaged; of an older format and to be written; or if its upgrade
  /// was interrupted.
  explicit record_store(const std::filesystem::path& folder,
                        const store_options& options = {});
  record_store(record_store&&) noexcept;
  ~record_store();

  const store_info& info() const noexcept;

  /// Bytes of the database that are in use, and of the file on disk.
  std::uint64_t used_bytes() const;
  std::uint64_t file_bytes() const;
  /// Bytes by which it may still grow: on its disk and in the map.
  std::uint64_t room() const;

  /// A consistent view of the current state. Keep it short-lived while there is
  /// a writer, or renew() it: the pages that it sees cannot be reused.
  snapshot read() const;

  write_transaction write();

  struct state;

 private:
  std::unique_ptr<state> state_;
};

/// The tables that are keyed by a 64-bit number.
enum class table : std::uint8_t {
  records,
  signatures,
  batches,
  journal,
  record_names,
  arrivals
};

/// Walks one table in key order. Spans are valid until the snapshot is renewed
/// or ends, or the write transaction commits. Belongs to its snapshot.
class cursor {
 public:
  cursor(cursor&&) noexcept;
  cursor& operator=(cursor&&) noexcept;
  ~cursor();

  /// Moves to the first entry with a key >= `key`; false when there is none.
  bool seek(std::uint64_t key);
  /// Moves to the last entry with a key <= `key`; false when there is none.
  bool seek_back(std::uint64_t key);
  bool next();
  /// Both throw std::logic_error unless the last call above returned true.
  std::uint64_t key() const;
  std::span<const std::byte> value() const;

 private:
  friend class snapshot;
  struct state;
  explicit cursor(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

class snapshot {
 public:
  snapshot(snapshot&&) noexcept;
  snapshot& operator=(snapshot&&) noexcept;
  virtual ~snapshot();

  /// Moves this view to the current state; invalidates earlier cursors and
  /// spans.
  void renew();

  std::uint64_t record_count() const; ///< ids 0 .. count-1
  std::uint64_t signature_count() const;
  std::uint64_t batch_count() const;
  std::uint64_t event_count() const;

  std::optional<std::span<const std::byte>> record(std::uint64_t id) const;
  std::optional<std::span<const std::byte>> signature(std::uint64_t id) const;

  /// The batch that covers `id`.
  std::optional<batch_row> batch_of(std::uint64_t id) const;

  /// The first id >= `from` that no batch covers; may be past the last record.
  std::uint64_t first_unsigned(std::uint64_t from) const;

  /// The first id > `after` that a batch starts at; nullopt if there is none.
  std::optional<std::uint64_t> next_batch_start(std::uint64_t after) const;

  std::uint64_t withdrawn_count() const;

  /// Calls `see` with each withdrawn signature, by record, then by event.
  void
  each_withdrawn(const std::function<void(const withdrawn_row&)>& see) const;

  /// The signatures of one record that were withdrawn, oldest first.
  std::vector<withdrawn_row> withdrawn_of(std::uint64_t id) const;

  /// Rows of the two tables of names; equal, unless the store was altered.
  std::uint64_t name_count() const;
  std::uint64_t named_record_count() const;

  /// The record of that name; nullopt for a text that is no name, too.
  std::optional<std::uint64_t> id_of(std::string_view name) const;

  /// Valid as spans are: see cursor.
  std::optional<std::string_view> name_of(std::uint64_t id) const;

  /// Calls `see` with each named record, by id.
  void each_name(const std::function<void(std::uint64_t id,
                                          std::string_view name)>& see) const;

  /// The commit in which the record came; nullopt when it is not known, as of
  /// records that an older version took.
  std::optional<arrival> arrival_of(std::uint64_t id) const;

  /// What was stored for the request of that key. Throws std::invalid_argument
  /// for a key that put_request would refuse.
  std::optional<request_row> request_of(std::string_view key) const;
  std::uint64_t request_count() const;

  /// The chain of that leaf, root last; valid as spans are.
  std::optional<certificate_chain>
  certificates_of(const certificate_name& leaf) const;

  /// The certificate that names the key now.
  std::optional<enrolment> enrolment_of(const key_name& key) const;

  /// Calls `see` with each enrolment, by key, oldest first.
  void each_enrolment(const std::function<void(const enrolment&)>& see) const;

  /// Calls `see` with the issuer's key id and the DER of each list.
  void each_revocation_list(
      const std::function<void(std::span<const std::byte> issuer_key_id,
                               std::span<const std::byte> der)>& see) const;

  /// The sequence of the last epoch_opened event; nullopt in a new store.
  std::optional<std::uint64_t> last_epoch() const;

  /// Throws std::logic_error for a table that the store's format lacks.
  storage::cursor walk(table t) const;

 protected:
  friend class record_store;
  struct state;
  explicit snapshot(std::unique_ptr<state> s);
  std::unique_ptr<state> state_;
};

/// Signatures of one batch to be withdrawn.
struct withdrawal {
  std::uint64_t batch = 0;          ///< the first id of the batch's row
  std::vector<std::uint64_t> ids{}; ///< in any order, each once
  std::uint64_t time_ms = 0;        ///< now, since 1970
  std::string reason{};             ///< see is_withdrawal_reason
};

/// What became of a record that came with a name.
enum class name_use : std::uint8_t {
  added,
  existing, ///< the record of that name has the same bytes
  taken     ///< it has other bytes
};

struct named_record {
  std::uint64_t id = 0; ///< of the record that has the name now
  name_use what = name_use::added;

  friend bool operator==(const named_record&, const named_record&) = default;
};

/// All or nothing: ending it without commit() leaves the store unchanged.
/// Begin and commit on one thread, within one handler.
class write_transaction : public snapshot {
 public:
  /// Returns the new id. Throws std::invalid_argument for a record over
  /// record_size_max.
  std::uint64_t append_record(std::span<const std::byte> record);

  /// As above, unless there is a record of that name. Throws
  /// std::invalid_argument for a text that is no name, too (record_name.hpp).
  named_record append_record(std::string_view name,
                             std::span<const std::byte> record);

  /// Says when the last `row.count` records came. Throws std::invalid_argument
  /// unless they are the last ones.
  void put_arrival(const arrival& row);

  /// Replaces what is stored for that key. Throws std::invalid_argument for one
  /// without bytes or with more than request_key_max.
  void put_request(std::string_view key, const request_row& row);

  /// Idempotent. Throws std::invalid_argument for sizes beyond those of
  /// certificate_row.hpp.
  void put_certificates(const certificate_name& leaf,
                        const certificate_chain& chain);

  /// The key is named by this certificate from now on.
  void enrol(const key_name& key, const certificate_name& leaf,
             std::uint64_t time_ms);

  /// Replaces the issuer's list. Throws std::invalid_argument for sizes beyond
  /// those of certificate_row.hpp.
  void put_revocation_list(std::span<const std::byte> issuer_key_id,
                           std::span<const std::byte> der);

  /// Looks at up to `most` requests, by key from `from` on, and removes those
  /// older than `before_ms`. Returns where to go on; empty at the end.
  std::string sweep_requests(std::string_view from, std::uint64_t before_ms,
                             std::size_t most);

  /// Stores the whole batch, or returns false and stores nothing of it if any
  /// of its ids is already signed. `signatures` has row.count * signature_size
  /// bytes. Throws std::invalid_argument for another size or for ids without a
  /// record.
  [[nodiscard]] bool put_batch(const batch_row& row,
                               std::span<const std::byte> signatures);

  /// Moves exactly these signatures to `withdrawn`, replaces the batch's row by
  /// one for each run of records that keep theirs, and appends the event, whose
  /// sequence it returns. Whether a signature verifies is the caller's
  /// knowledge. Throws std::invalid_argument, and changes nothing, for a batch
  /// that is not there, ids outside it, not signed or named twice, and for no
  /// ids or no readable reason.
  std::uint64_t withdraw(const withdrawal& w);

  /// Returns the event's sequence.
  std::uint64_t append_event(std::span<const std::byte> encoded);

  /// Durable when it returns (unless the store was opened without sync).
  /// Throws storage::full or storage_error; nothing is stored then.
  void commit();

 private:
  friend class record_store;
  using snapshot::snapshot;
};

} // namespace chancery::storage
