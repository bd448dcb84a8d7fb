// SPDX-License-Identifier: Apache-2.0
#include "apps/records/der_files.hpp"

#include "apps/records/tar_stream.hpp"
#include "crypto/base/random.hpp"
#include "tests/apps/stores.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

namespace {

using words = std::vector<std::string>;

struct listed_files : apps::file_target {
  void put(const std::string& name, std::string_view bytes,
           std::uint64_t time_ms) override {
    BOOST_TEST(time_ms == 5'000U);
    names.push_back(name);
    unverified += bytes.size();
    unverified_max = std::max(unverified_max, unverified);
  }
  void index(std::string_view line) override { lines += line; }
  void verified() override { unverified = 0; }

  words names;
  std::string lines;
  std::size_t unverified = 0;
  std::size_t unverified_max = 0;
};

/// Records that are signed by one key, with dummy signatures.
struct der_world : small_store {
  void sign_all() {
    auto t = store->write();
    storage::batch_row row;
    row.count = static_cast<std::uint32_t>(t.record_count());
    row.key = keys.keys.front().key.id();
    row.time_ms = 5'000;
    const std::string signatures(64 * row.count, '\1');
    BOOST_REQUIRE(t.put_batch(row, bytes_of(signatures)));
    t.commit();
  }

  listed_files exported(apps::record_selection selection) {
    std::atomic<std::uint64_t> done{0};
    const std::atomic<bool> stop{false};
    listed_files files;
    apps::put_der_files({*store, keys, selection, stop, done, false}, files);
    BOOST_TEST(files.unverified == 0U);
    return files;
  }

  crypto::public_keyring keys = crypto::public_half(
      crypto::keyring(crypto::curve::p256, 1, crypto::system_random()));
  std::string key_file =
      "key-" + crypto::to_text(keys.keys.front().key.id()) + ".pem";
};

/// What a tar archive of these files is.
std::string
tar_of(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out;
  apps::tar_stream tar([&](std::string_view bytes) { out += bytes; });
  for (const auto& [name, bytes] : files) {
    tar.begin(name, bytes.size(), 1'999);
    tar.data(bytes);
  }
  tar.finish();
  return out;
}

} // namespace

BOOST_FIXTURE_TEST_SUITE(der_files_test, der_world)

BOOST_AUTO_TEST_CASE(files_lie_by_thousands_and_a_key_behind_its_first_use) {
  add_records(1'002);
  sign_all();
  const auto files = exported({.from = 999});
  BOOST_TEST(files.names == (words{"000/000999.bin", "000/000999.sig", key_file,
                                   "001/001000.bin", "001/001000.sig",
                                   "001/001001.bin", "001/001001.sig"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_index_has_names_and_empty_fields) {
  auto t = store->write();
  t.append_record(R"(Smith, "John")", bytes_of("a"));
  t.append_record(bytes_of("b"));
  t.commit();
  sign_all();
  BOOST_TEST(exported({}).lines == "000/000000\t" + key_file +
                                       "\t0\tSmith, \"John\"\n000/000001\t" +
                                       key_file + "\t1\t\n");
}

BOOST_AUTO_TEST_CASE(large_records_are_verified_before_many_have_come) {
  auto t = store->write();
  const std::string large(std::size_t{3} << 20, 'x');
  for (int i = 0; i < 12; ++i)
    t.append_record(bytes_of(large));
  t.commit();
  sign_all();
  BOOST_TEST(exported({}).unverified_max < std::size_t{7} << 20);
}

BOOST_AUTO_TEST_CASE(a_tar_archive_has_whole_blocks_and_seconds) {
  const auto tar = tar_of({{"000/000000.bin", "abc"}, {"empty", ""}});
  BOOST_TEST(tar.size() == 5 * 512U); // two headers, "abc", and two of zeros
  BOOST_TEST(tar.substr(0, 14) == "000/000000.bin");
  BOOST_TEST(tar.substr(136, 11) == "00000000001"); // mtime
  BOOST_TEST(tar.substr(257, 5) == "ustar");
  BOOST_TEST(tar.substr(512, 3) == "abc");
}

BOOST_AUTO_TEST_CASE(an_archive_whose_output_fails_throws_that_error) {
  apps::tar_stream tar(
      [](std::string_view) { throw std::runtime_error("the disk is full"); });
  BOOST_CHECK_EXCEPTION(tar.begin("a", 1, 0), std::runtime_error,
                        [](const auto& e) {
                          return e.what() == std::string("the disk is full");
                        });
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
