// SPDX-License-Identifier: Apache-2.0
//
// Names of records, and when records came.
#include "storage/record_name.hpp"
#include "tests/storage/fixtures.hpp"
#include "tests/storage/raw_entry.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <random>
#include <stdexcept>

namespace naming_ {

using namespace chancery::storage;
using namespace chancery::tests;

namespace {

struct fixture {
  temp_folder folder;
  std::filesystem::path path = folder.path() / "records";

  void add(record_store& store, const std::string& name,
           const std::string& text, const named_record& expected) {
    auto txn = store.write();
    BOOST_TEST((txn.append_record(name, as_bytes(text)) == expected));
    txn.commit();
  }
};

std::map<std::uint64_t, std::string> names_in(const snapshot& view) {
  std::map<std::uint64_t, std::string> found;
  view.each_name([&](std::uint64_t id, std::string_view name) {
    found.emplace(id, name);
  });
  return found;
}

} // namespace

} // namespace naming_

BOOST_FIXTURE_TEST_SUITE(naming_, fixture)

BOOST_AUTO_TEST_CASE(a_name_leads_to_its_record_and_back) {
  auto store = new_store(path);
  add(store, "INV-2", "two", {0, name_use::added});
  add_records(store, 2); // without names
  add(store, "INV-1", "one", {3, name_use::added});
  const auto view = store.read();
  BOOST_TEST(view.id_of("INV-1").value() == 3u);
  BOOST_TEST(view.id_of("INV-2").value() == 0u);
  BOOST_TEST(view.name_of(3).value() == "INV-1");
  BOOST_TEST(!view.name_of(1).has_value());
  BOOST_TEST(!view.name_of(4).has_value());
  for (const std::string& other :
       {std::string(), std::string("INV-"), std::string("inv-1"),
        std::string(256, 'x'), std::string(5000, 'x')})
    BOOST_TEST(!view.id_of(other).has_value());
  BOOST_TEST(view.record_count() == 4u);
  BOOST_TEST(view.name_count() == 2u);
  BOOST_TEST(view.named_record_count() == 2u);
  const std::map<std::uint64_t, std::string> expected{{0, "INV-2"},
                                                      {3, "INV-1"}};
  BOOST_TEST((names_in(view) == expected));
}

BOOST_AUTO_TEST_CASE(a_name_belongs_to_one_record) {
  auto store = new_store(path);
  add(store, "a", "text", {0, name_use::added});
  add(store, "a", "text", {0, name_use::existing});
  add(store, "a", "other", {0, name_use::taken});
  add(store, "a", "", {0, name_use::taken});
  {
    auto txn = store.write(); // also within one transaction
    const std::string text = "text";
    const std::string other = "other";
    BOOST_TEST((txn.append_record("b", as_bytes(text)) ==
                named_record{1, name_use::added}));
    BOOST_TEST((txn.append_record("b", as_bytes(text)) ==
                named_record{1, name_use::existing}));
    BOOST_TEST((txn.append_record("b", as_bytes(other)) ==
                named_record{1, name_use::taken}));
    txn.commit();
  }
  BOOST_TEST(store.read().record_count() == 2u);
  BOOST_TEST(store.read().name_count() == 2u);
}

BOOST_AUTO_TEST_CASE(a_text_that_is_no_name_is_refused_alone) {
  auto store = new_store(path);
  auto txn = store.write();
  BOOST_CHECK_THROW(txn.append_record("", record_of(0)), std::invalid_argument);
  BOOST_CHECK_THROW(txn.append_record("a\n", record_of(0)),
                    std::invalid_argument);
  const bytes large(record_store::record_size_max + 1);
  BOOST_CHECK_THROW(txn.append_record("a", large), std::invalid_argument);
  txn.append_record("a", record_of(0));
  txn.commit();
  BOOST_TEST(names_in(store.read()).size() == 1u);
}

BOOST_AUTO_TEST_CASE(names_arrivals_and_records_are_stored_together) {
  auto store = new_store(path);
  {
    auto txn = store.write();
    txn.append_record("a", record_of(0));
    txn.put_arrival({0, 1, 5});
  }
  const auto view = store.read();
  BOOST_TEST(view.record_count() == 0u);
  BOOST_TEST(view.name_count() == 0u);
  BOOST_TEST(!view.id_of("a").has_value());
  BOOST_TEST(!view.arrival_of(0).has_value());
}

BOOST_AUTO_TEST_CASE(names_in_any_order_are_found) {
  constexpr std::uint64_t count = 3000;
  std::mt19937_64 random(17);
  std::map<std::uint64_t, std::string> expected;
  auto store = new_store(path);
  for (std::uint64_t id = 0; id < count;) {
    auto txn = store.write();
    for (int i = 0; i < 100; ++i, ++id) {
      std::string name = std::to_string(random());
      name.resize(1 + random() % record_name_max, 'x');
      // A name of a few digits may be there already.
      name += std::to_string(id);
      if (name.size() > record_name_max)
        name.erase(0, name.size() - record_name_max);
      BOOST_TEST((txn.append_record(name, record_of(id)) ==
                  named_record{id, name_use::added}));
      expected.emplace(id, name);
    }
    txn.commit();
  }
  const auto view = store.read();
  BOOST_TEST((names_in(view) == expected));
  for (const auto& [id, name] : expected) {
    BOOST_TEST(view.id_of(name).value() == id);
    BOOST_TEST(view.name_of(id).value() == name);
  }
}

BOOST_AUTO_TEST_CASE(a_record_knows_when_it_came) {
  auto store = new_store(path);
  add_records(store, 3); // of an older version, which did not say
  for (const std::uint64_t time : {50, 40}) {
    auto txn = store.write();
    const auto first = txn.record_count();
    txn.append_record(record_of(0));
    txn.append_record(record_of(1));
    BOOST_CHECK_THROW(txn.put_arrival({first, 1, time}), std::invalid_argument);
    BOOST_CHECK_THROW(txn.put_arrival({first, 3, time}), std::invalid_argument);
    BOOST_CHECK_THROW(txn.put_arrival({first + 2, 0, time}),
                      std::invalid_argument);
    txn.put_arrival({first, 2, time});
    txn.commit();
  }
  add_records(store, 1);
  const auto view = store.read();
  for (const std::uint64_t id : {0, 1, 2, 7, 8, 1000})
    BOOST_TEST(!view.arrival_of(id).has_value());
  for (const std::uint64_t id : {3, 4})
    BOOST_TEST((view.arrival_of(id).value() == arrival{3, 2, 50}));
  for (const std::uint64_t id : {5, 6})
    BOOST_TEST((view.arrival_of(id).value() == arrival{5, 2, 40}));
}

BOOST_AUTO_TEST_CASE(a_store_of_an_older_format_has_no_names) {
  {
    auto store = new_store(path);
    add_records(store, 3);
  }
  for (const char* name : {"names", "record_names", "arrivals", "requests"})
    drop_table(path, name);
  put_raw(path, "meta", "format", number(3));
  const record_store store(path, reading());
  const auto view = store.read();
  BOOST_TEST(view.record_count() == 3u);
  BOOST_TEST(view.name_count() == 0u);
  BOOST_TEST(!view.id_of("a").has_value());
  BOOST_TEST(!view.name_of(0).has_value());
  BOOST_TEST(!view.arrival_of(0).has_value());
  BOOST_TEST(names_in(view).empty());
  BOOST_TEST(store.used_bytes() > 0u);
}

BOOST_AUTO_TEST_CASE(wrong_rows_are_corrupt) {
  {
    auto store = new_store(path);
    add(store, "a", "text", {0, name_use::added});
  }
  const auto refusal = [&](const std::function<void(const snapshot&)>& read) {
    const record_store store(path, reading());
    return text_of<corrupt>([&] { read(store.read()); });
  };
  put_raw(path, "names", "a", "short");
  BOOST_TEST(contains(refusal([](const snapshot& view) { view.id_of("a"); }),
                      "a name's"));
  for (const auto& wrong :
       {number(1), number(0) + number_64(5), number(1) + number_64(5) + "x"}) {
    put_raw(path, "arrivals", number_64(0), wrong);
    BOOST_TEST(contains(
        refusal([](const snapshot& view) { view.arrival_of(0); }), "arrival"));
  }
  put_raw(path, "names", "a", number_64(7));
  record_store store(path, options_of_tests());
  auto txn = store.write();
  BOOST_TEST(
      contains(text_of<corrupt>([&] { txn.append_record("a", record_of(0)); }),
               "record 7 has a name but is missing"));
}

BOOST_AUTO_TEST_SUITE_END()
