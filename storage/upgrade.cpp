// SPDX-License-Identifier: Apache-2.0
#include "storage/upgrade.hpp"

#include "storage/store_parts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>

namespace chancery::storage {

namespace {

bool add_withdrawn(lmdb::transaction& txn, std::string&) {
  MDB_dbi table = 0;
  open_table(txn, "withdrawn", MDB_CREATE, table);
  return true;
}

// The number alone changes, so that an older program refuses a journal that it
// could not read to its end.
bool allow_joint_events(lmdb::transaction&, std::string&) { return true; }

bool add_names(lmdb::transaction& txn, std::string&) {
  for (const char* name : {"names", "record_names", "arrivals", "requests"}) {
    MDB_dbi table = 0;
    open_table(txn, name, MDB_CREATE, table);
  }
  return true;
}

bool add_certificates(lmdb::transaction& txn, std::string&) {
  for (const char* name : {"certificates", "enrolments", "revocation_lists"}) {
    MDB_dbi table = 0;
    open_table(txn, name, MDB_CREATE, table);
  }
  return true;
}

const std::vector<upgrade_step>& known_steps() {
  static const std::vector<upgrade_step> steps{
      {1,
       "format 1 to 2: adds an empty table for signatures that are withdrawn; "
       "records, signatures and the journal stay as they are",
       add_withdrawn},
      {2,
       "format 2 to 3: keys that are lent or returned together become one "
       "entry of the journal from now on; what is stored stays as it is",
       allow_joint_events},
      {3,
       "format 3 to 4: adds empty tables for the names of records and for when "
       "they came; the records that are there stay without both",
       add_names},
      {4,
       "format 4 to 5: adds empty tables for the certificates of keys, so that "
       "a keyring for seals can sign; what is stored stays as it is",
       add_certificates}};
  return steps;
}

std::shared_ptr<lmdb::environment>
open_database(const std::filesystem::path& folder,
              const store_options& options) {
  if (!holds_a_database(folder))
    throw storage_error(fmt::format(
        "no chancery data in {}: run `chancery init`", folder.string()));
  return std::make_shared<lmdb::environment>(folder,
                                             environment_options_of(options));
}

meta_table meta_of(lmdb::transaction& txn) {
  MDB_dbi table = 0;
  MDB_dbi records = 0;
  if (!open_table(txn, "meta", 0, table) ||
      !open_table(txn, "records", 0, records))
    throw storage_error(
        fmt::format("no chancery data in {}: run `chancery init`",
                    txn.env().folder().string()));
  return {txn, table};
}

const upgrade_step& step_from(std::uint32_t format,
                              const std::vector<upgrade_step>& steps,
                              const std::filesystem::path& folder) {
  const auto step = std::ranges::find(steps, format, &upgrade_step::from);
  if (step == steps.end())
    throw storage_error(fmt::format("{} has format {}, which this chancery "
                                    "cannot upgrade: use the version before",
                                    folder.string(), format));
  return *step;
}

upgrade_plan plan_by(lmdb::transaction& txn,
                     const std::vector<upgrade_step>& steps, std::uint32_t to) {
  auto meta = meta_of(txn);
  upgrade_plan plan;
  plan.from = meta.format(to);
  plan.to = to;
  plan.interrupted = meta.find(upgrade_mark).has_value();
  for (auto format = plan.from; format < to; ++format)
    plan.steps.push_back(step_from(format, steps, txn.env().folder()).sentence);
  return plan;
}

/// One transaction. False when there is nothing left to do.
bool upgrade_chunk(const std::shared_ptr<lmdb::environment>& env,
                   const store_options& options,
                   const std::vector<upgrade_step>& steps, std::uint32_t to) {
  lmdb::transaction txn(env, txn_kind::write);
  auto meta = meta_of(txn);
  const auto format = meta.format(to);
  if (format == to)
    return false;
  const auto stored = meta.find(upgrade_mark);
  std::string mark;
  if (stored)
    mark.assign(reinterpret_cast<const char*>(stored->data()), stored->size());
  if (step_from(format, steps, env->folder()).chunk(txn, mark)) {
    auto next = to_big_endian(format + 1);
    meta.replace(format_name, MDB_val{next.size(), next.data()});
    meta.erase(upgrade_mark);
  } else {
    meta.replace(upgrade_mark, as_value(mark));
  }
  commit(txn, options.before_commit);
  return true;
}

} // namespace

upgrade_plan plan_upgrade(const std::filesystem::path& folder,
                          const store_options& options) {
  auto reading = options;
  reading.read_only = true;
  lmdb::transaction txn(open_database(folder, reading), txn_kind::read);
  return plan_by(txn, known_steps(), record_store::format);
}

upgrade_plan upgrade(const std::filesystem::path& folder,
                     const store_options& options) {
  return upgrade_by(folder, options, known_steps(), record_store::format);
}

upgrade_plan upgrade_by(const std::filesystem::path& folder,
                        const store_options& options,
                        const std::vector<upgrade_step>& steps,
                        std::uint32_t to) {
  const auto env = open_database(folder, options);
  auto plan = [&] {
    lmdb::transaction txn(env, txn_kind::read);
    return plan_by(txn, steps, to);
  }();
  while (upgrade_chunk(env, options, steps, to)) {
  }
  return plan;
}

} // namespace chancery::storage
