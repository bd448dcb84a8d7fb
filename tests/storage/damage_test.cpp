// SPDX-License-Identifier: Apache-2.0
//
// Files with one turned bit, or cut short: nothing of it may end a process by a
// signal. Fixed seeds; CHANCERY_FLIPS=2000 tries as many bits in each database
// and cuts in more places, and CHANCERY_FLIPS_TOLD=1 prints what became of
// them.

#include "tests/defence_switch.hpp"
#include "tests/storage/ledger_fixtures.hpp"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>

namespace chancery::tests {

namespace {

namespace fs = std::filesystem;

// How a child ended.
constexpr int same_as_before = 0;
constexpr int refused = 10;
constexpr int differs = 11;

constexpr std::uint64_t page_size = 4096;

void add(std::size_t& sum, std::span<const std::byte> bytes) {
  for (const auto b : bytes)
    sum = sum * 1099511628211u + std::to_integer<std::size_t>(b) + 1;
}

/// Of everything that can be read of a record store.
std::size_t sum_of_records(const fs::path& folder,
                           const storage::store_options& options) {
  const storage::record_store store(folder, options);
  const auto view = store.read();
  std::size_t sum = view.record_count() + 3 * view.signature_count() +
                    5 * view.batch_count() + 7 * view.event_count();
  for (const auto t : {storage::table::records, storage::table::signatures,
                       storage::table::batches, storage::table::journal}) {
    auto at = view.walk(t);
    for (bool more = at.seek(0); more; more = at.next()) {
      sum = sum * 31 + at.key();
      add(sum, at.value());
    }
  }
  for (std::uint64_t id = 0; id < view.record_count(); id += 7)
    add(sum, view.record(id).value_or(std::span<const std::byte>{}));
  view.each_withdrawn([&](const auto& row) { sum = sum * 31 + row.record; });
  view.each_name([&](std::uint64_t id, std::string_view name) {
    sum = sum * 31 + id + view.id_of(name).value_or(7);
    add(sum, std::as_bytes(std::span(name)));
  });
  for (std::uint64_t id = 0; id < view.record_count(); id += 50)
    sum = sum * 31 + view.arrival_of(id).value_or(storage::arrival{}).count;
  return sum;
}

std::size_t sum_of_ledger(const fs::path& folder,
                          const storage::ledger_options& options) {
  const storage::ledger_store store(folder, options);
  const auto view = store.read();
  std::size_t sum = view.message_count() + 3 * view.receipt_count() +
                    5 * view.sequence_count() + 7 * view.hash_count() +
                    11 * view.client_count();
  const std::span<const std::byte> none;
  for (std::uint64_t i = 0; i < view.message_count(); ++i) {
    add(sum, view.message(i).value_or(none));
    add(sum, view.receipt(i).value_or(none));
    sum = sum * 31 + view.message_of(id_of(i % 3), 1 + i).value_or(7);
  }
  for (std::uint64_t i = 0; i < view.block_count(); ++i) {
    add(sum, view.block(i).value_or(none));
    sum = sum * 31 + view.block_of_hash(id_of(1000 + i)).value_or(7);
  }
  for (std::uint64_t client = 0; client < 3; ++client)
    sum = sum * 31 + view.last_sequence(id_of(client)).value_or(7);
  return sum;
}

/// Records of all sizes, signatures in any order, events, withdrawals.
void fill_records(const fs::path& folder) {
  auto store = new_store(folder);
  const auto large = std::string(20000, 'x');
  for (int commit = 0; commit < 8; ++commit) {
    auto txn = store.write();
    for (int i = 0; i < 150; ++i) {
      const auto id = txn.record_count();
      if (id % 400 == 9)
        txn.append_record(as_bytes(large));
      else if (id % 2 == 0)
        txn.append_record(record_of(id));
      else // in another order than the records
        txn.append_record(std::to_string(id * 7919 % 1000) + "/" +
                              std::to_string(id),
                          record_of(id));
    }
    txn.put_arrival({txn.record_count() - 150, 150, 1});
    txn.append_event(as_bytes("\x7f a made-up event"));
    txn.commit();
  }
  for (const unsigned first : {600, 0, 300, 100, 900, 700})
    sign(store, first, 100, 1 + first);
  auto txn = store.write();
  txn.withdraw({300, {301, 302, 350}, 1, "wrong"});
  txn.commit();
}

void fill_ledger(const fs::path& folder) {
  auto ledger = new_ledger(folder);
  for (int commit = 0; commit < 12; ++commit)
    add_messages(ledger, 25);
  auto txn = ledger.write();
  for (int client = 0; client < 3; ++client)
    txn.put_client(id_of(client), point_of(client));
  txn.commit();
}

/// Runs `work` in a child; its end, or minus the signal that ended it.
int outcome_of(const std::function<int()>& work) {
  const int status = end_of(start_child([&] {
    ::close(STDERR_FILENO); // what a sanitizer says of the expected faults
    int code = differs;
    try {
      code = work();
    } catch (const storage::storage_error&) {
      code = refused;
    }
    ::_exit(code);
  }));
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

using outcomes = std::map<int, int>;

int ended_by_signal(const outcomes& all) {
  int count = 0;
  for (const auto& [end, times] : all)
    if (end != same_as_before && end != refused && end != differs)
      count += times;
  return count;
}

void tell(const std::string& what, const outcomes& all) {
  if (std::getenv("CHANCERY_FLIPS_TOLD") == nullptr)
    return;
  std::ostringstream line;
  line << what << ":";
  for (const auto& [end, times] : all)
    line << ' ' << end << " x " << times;
  std::cout << line.str() << '\n';
}

class damaged_file {
 public:
  explicit damaged_file(const fs::path& file) : file_(file) {
    std::ostringstream all;
    all << std::ifstream(file, std::ios::binary).rdbuf();
    bytes_ = all.str();
  }

  std::uint64_t bits() const { return bytes_.size() * 8; }
  std::uint64_t size() const { return bytes_.size(); }
  void restore() { write(bytes_); }
  void cut(std::uint64_t size) { write(bytes_.substr(0, size)); }
  void flip(std::uint64_t bit) {
    auto bytes = bytes_;
    bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    write(bytes);
  }

 private:
  void write(const std::string& bytes) {
    std::ofstream(file_, std::ios::binary | std::ios::trunc) << bytes;
  }

  fs::path file_;
  std::string bytes_;
};

int flips() {
  const char* wanted = std::getenv("CHANCERY_FLIPS");
  return wanted == nullptr ? 40 : std::stoi(wanted);
}

/// Half of the bits anywhere, half in the headers and offsets of pages.
std::uint64_t some_bit(std::mt19937_64& random, std::uint64_t bits) {
  const std::uint64_t bit = random() % bits;
  if (random() % 2 == 0)
    return bit;
  return bit / (8 * page_size) * (8 * page_size) + random() % (8 * 160);
}

/// Does `work` over the file with one bit turned, many times. With `until_end`,
/// at most as often, and until one ends by a signal.
outcomes with_flips(const fs::path& folder, unsigned seed,
                    const std::function<int()>& work, int until_end = 0) {
  damaged_file file(folder / "data.mdb");
  std::mt19937_64 random(seed);
  outcomes all;
  const int times = std::max(flips(), until_end);
  for (int i = 0; i < times; ++i) {
    if (until_end > 0 && i >= flips() && ended_by_signal(all) > 0)
      break;
    file.flip(some_bit(random, file.bits()));
    ++all[outcome_of(work)];
  }
  file.restore();
  return all;
}

outcomes with_cuts(const fs::path& folder, const std::function<int()>& work) {
  damaged_file file(folder / "data.mdb");
  outcomes all;
  const std::uint64_t places = flips() < 400 ? 8 : 20;
  const std::uint64_t step = page_size * (1 + file.size() / page_size / places);
  for (std::uint64_t size = 1; size < file.size(); size += step)
    for (const auto to : {size, size + page_size - 1}) {
      file.cut(to);
      ++all[outcome_of(work)];
    }
  for (std::uint64_t less = page_size; less <= places * page_size;
       less += page_size) {
    file.cut(file.size() - less);
    ++all[outcome_of(work)];
  }
  file.restore();
  return all;
}

struct fixture {
  temp_folder folder;
  fs::path records = folder.path() / "records";
  fs::path ledger = folder.path() / "ledger";
  std::size_t before = 0;

  void fill_records() {
    tests::fill_records(records);
    before = sum_of_records(records, reading());
  }
  void fill_ledger() {
    tests::fill_ledger(ledger);
    before = sum_of_ledger(ledger, reading_ledger());
  }

  int read_records(const storage::store_options& options = reading()) const {
    return sum_of_records(records, options) == before ? same_as_before
                                                      : differs;
  }
  int read_ledger(
      const storage::ledger_options& options = reading_ledger()) const {
    return sum_of_ledger(ledger, options) == before ? same_as_before : differs;
  }

  /// Everything that changes pages: appends, batches between others, erasing.
  int write_records() const {
    storage::record_store store(records, options_of_tests());
    for (int i = 0; i < 3; ++i) {
      add_records(store, 200);
      sign(store, 200 + 33 * i, 33);
      auto txn = store.write();
      if (txn.batch_of(600) && txn.signature(601 + i))
        txn.withdraw({txn.batch_of(601 + i)->first, {601u + i}, 1, "wrong"});
      txn.commit();
    }
    return same_as_before;
  }
  int write_ledger() const {
    storage::ledger_store store(ledger, ledger_options_of_tests());
    for (int i = 0; i < 3; ++i)
      add_messages(store, 100);
    return same_as_before;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(damage, fixture)

BOOST_AUTO_TEST_CASE(no_turned_bit_ends_a_reader_of_records_by_a_signal) {
  fill_records();
  const auto all = with_flips(records, 1, [&] { return read_records(); });
  tell("records read", all);
  BOOST_TEST(ended_by_signal(all) == 0);
  BOOST_TEST(all.at(refused) > 0);
}

BOOST_AUTO_TEST_CASE(no_turned_bit_ends_a_reader_of_a_ledger_by_a_signal) {
  fill_ledger();
  const auto all = with_flips(ledger, 2, [&] { return read_ledger(); });
  tell("ledger read", all);
  BOOST_TEST(ended_by_signal(all) == 0);
  BOOST_TEST(all.at(refused) > 0);
}

BOOST_AUTO_TEST_CASE(no_turned_bit_ends_a_writer_by_a_signal) {
  fill_records();
  fill_ledger();
  const auto of_records =
      with_flips(records, 3, [&] { return write_records(); });
  const auto of_ledger = with_flips(ledger, 4, [&] { return write_ledger(); });
  tell("records written", of_records);
  tell("ledger written", of_ledger);
  BOOST_TEST(ended_by_signal(of_records) == 0);
  BOOST_TEST(ended_by_signal(of_ledger) == 0);
}

BOOST_AUTO_TEST_CASE(without_the_checks_a_turned_bit_ends_a_reader) {
  fill_records();
  auto options = reading();
  defence_switch::page_checks(options.defended) = false;
  const auto all = with_flips(
      records, 1, [&] { return read_records(options); }, 400);
  tell("records read, unchecked", all);
  BOOST_TEST(ended_by_signal(all) > 0);
}

BOOST_AUTO_TEST_CASE(no_cut_ends_a_process_by_a_signal) {
  fill_records();
  const auto read = with_cuts(records, [&] { return read_records(); });
  const auto written = with_cuts(records, [&] { return write_records(); });
  fill_ledger();
  const auto of_ledger = with_cuts(ledger, [&] { return read_ledger(); });
  for (const auto* all : {&read, &written, &of_ledger}) {
    tell("cut", *all);
    BOOST_TEST(ended_by_signal(*all) == 0);
    BOOST_TEST(all->contains(differs) == false);
  }
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
