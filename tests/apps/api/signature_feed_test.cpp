// SPDX-License-Identifier: Apache-2.0
// GET /v1/signatures, and what a token with a prefix reads there and elsewhere.
#include "intake_world.hpp"

#include <boost/test/unit_test.hpp>

#include <thread>

namespace chancery::tests {

namespace {

using numbers = std::vector<std::uint64_t>;

struct feed_world : intake_world {
  feed_world() {
    auto txn = store->write();
    append_epoch(txn); // a journal begins so
    txn.commit();
  }

  /// Records "0", "1", ...; with a prefix, their names are PREFIX0, PREFIX1.
  void add(int count, const std::string& prefix = {}) {
    for (int i = 0; i < count; ++i)
      post(octets, std::to_string(i),
           prefix.empty() ? "" : "?name=" + prefix + std::to_string(i));
  }

  std::uint64_t withdraw(std::uint64_t batch, std::vector<std::uint64_t> ids) {
    auto txn = store->write();
    const auto event = txn.withdraw({.batch = batch,
                                     .ids = std::move(ids),
                                     .time_ms = test_time_ms,
                                     .reason = "a test"});
    txn.commit();
    return event;
  }

  /// Signs one record that is not signed.
  void sign_one(std::uint64_t record) {
    auto txn = store->write();
    put_batch(txn, record, 1);
    txn.commit();
  }

  std::vector<nlohmann::json> lines(const std::string& query) {
    const auto answer = get("/v1/signatures" + query);
    BOOST_REQUIRE(answer.status == 200);
    next = field(answer, "Link");
    std::vector<nlohmann::json> all;
    for (std::string_view rest = answer.body; !rest.empty();) {
      const auto end = rest.find('\n');
      all.push_back(nlohmann::json::parse(rest.substr(0, end)));
      rest.remove_prefix(end + 1);
    }
    return all;
  }

  numbers records(const std::string& query) {
    numbers ids;
    for (const auto& line : lines(query))
      ids.push_back(line.at("record"));
    return ids;
  }

  std::string next; ///< the Link of the last answer

  static std::string link(const std::string& query) {
    return "</v1/signatures?" + query + ">; rel=\"next\"";
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(signature_feed_test, feed_world)

BOOST_AUTO_TEST_CASE(a_link_leads_behind_what_was_answered) {
  BOOST_TEST(records("").empty());
  BOOST_TEST(next == link("limit=100"));
  add(3);
  BOOST_TEST(records("?limit=7").empty());
  BOOST_TEST(next == link("limit=7"));
  sign();
  BOOST_TEST(records("?limit=2") == (numbers{0, 1}));
  BOOST_TEST(next == link("limit=2&after=1"));
  BOOST_TEST(records("?limit=2&after=1") == (numbers{2}));
  BOOST_TEST(next == link("limit=2&after=2"));
  BOOST_TEST(records("?after=2").empty());
  BOOST_TEST(next == link("limit=100&after=2"));
}

BOOST_AUTO_TEST_CASE(replaced_signatures_come_again) {
  add(4);
  sign();
  BOOST_TEST(lines("?replaced_after=0").empty());
  BOOST_TEST(next == link("limit=100&replaced_after=0"));
  const auto first = withdraw(0, {1, 3});
  BOOST_TEST(records("?replaced_after=0").empty()); // not signed anew yet
  sign_one(1);
  const auto one = lines("?replaced_after=0");
  BOOST_REQUIRE(one.size() == 1u);
  BOOST_TEST(one[0].at("record") == 1u);
  BOOST_TEST(one[0].at("replaces") == true);
  const auto place = std::to_string(first) + ".1";
  BOOST_TEST(one[0].at("replaced_after") == place);
  BOOST_TEST(next == link("limit=100&replaced_after=" + place));
  BOOST_TEST(records("?replaced_after=" + place).empty());
  sign_one(3);
  BOOST_TEST(records("?replaced_after=" + place) == (numbers{3}));
  BOOST_TEST(records("?replaced_after=0&limit=1") == (numbers{1}));
  BOOST_TEST(records("?replaced_after=" + std::to_string(first)).empty());
  BOOST_TEST(!lines("")[1].contains("replaces"));
}

BOOST_AUTO_TEST_CASE(a_later_withdrawal_waits_for_an_earlier_one) {
  add(3);
  sign();
  withdraw(0, {2});
  const auto second = withdraw(0, {0});
  sign_one(0);
  BOOST_TEST(records("?replaced_after=0").empty());
  sign_one(2);
  BOOST_TEST(records("?replaced_after=0") == (numbers{2, 0}));
  // Withdrawn again, it comes again, behind the others.
  const auto third = withdraw(2, {2});
  BOOST_TEST(records("?replaced_after=0") == (numbers{0}));
  sign_one(2);
  BOOST_TEST(records("?replaced_after=0") == (numbers{0, 2}));
  BOOST_TEST(records("?replaced_after=" + std::to_string(second)) ==
             (numbers{2}));
  BOOST_TEST(records("?replaced_after=" + std::to_string(third)).empty());
}

BOOST_AUTO_TEST_CASE(both_positions_stand_in_one_request) {
  add(4);
  sign();
  const auto event = std::to_string(withdraw(0, {1, 3}));
  sign_one(1);
  sign_one(3);
  // Record 3 has not come yet: it comes as it is now, and once.
  BOOST_TEST(records("?after=2&replaced_after=0") == (numbers{1, 3}));
  BOOST_TEST(next == link("limit=100&after=3&replaced_after=" + event + ".3"));
  BOOST_TEST(records("?after=1&replaced_after=0&limit=2") == (numbers{1, 2}));
  BOOST_TEST(next == link("limit=2&after=2&replaced_after=" + event + ".3"));
  BOOST_TEST(records("?after=3&replaced_after=0&limit=1") == (numbers{1}));
  BOOST_TEST(next == link("limit=1&after=3&replaced_after=" + event + ".1"));
  BOOST_TEST(records("?after=3&replaced_after=" + event + ".1") ==
             (numbers{3}));
}

BOOST_AUTO_TEST_CASE(who_waits_gets_what_is_signed_anew) {
  add(2);
  sign();
  withdraw(0, {0});
  auto waiting = std::async(std::launch::async, [this] {
    return get("/v1/signatures?after=1&replaced_after=0&wait=30").body;
  });
  sign_one(0);
  while (waiting.wait_for(std::chrono::milliseconds(1)) !=
         std::future_status::ready)
    api.wake();
  BOOST_TEST(nlohmann::json::parse(waiting.get()).at("replaces") == true);
}

BOOST_AUTO_TEST_CASE(a_wrong_position_is_a_problem) {
  for (const auto* wrong : {"", ".", "1.", ".1", "1.2.3", "-1", "x", "1,2",
                            "9007199254740992", "0.9007199254740992"})
    BOOST_TEST(
        is_problem(get("/v1/signatures?replaced_after=" + std::string(wrong)),
                   "bad_parameter"),
        wrong);
}

BOOST_AUTO_TEST_CASE(a_prefix_limits_the_feed) {
  add(2, "PAY-"); // records 0 and 1
  add(2, "INV-");
  add(1);
  sign();
  const auto event = std::to_string(withdraw(0, {0, 3}));
  sign_one(0);
  sign_one(3);
  limit_to("INV-");
  BOOST_TEST(records("") == (numbers{2, 3}));
  BOOST_TEST(next == link("limit=100&after=4"));
  BOOST_TEST(records("?limit=1") == (numbers{2}));
  BOOST_TEST(next == link("limit=1&after=2"));
  BOOST_TEST(records("?after=3").empty()); // and it goes on behind 4
  BOOST_TEST(next == link("limit=100&after=4"));
  BOOST_TEST(records("?replaced_after=0") == (numbers{3}));
  BOOST_TEST(next == link("limit=100&replaced_after=" + event + ".3"));
}

BOOST_AUTO_TEST_CASE(many_foreign_records_end_a_page) {
  {
    auto txn = store->write();
    for (int i = 0; i < 10'001; ++i)
      txn.append_record(crypto::bytes_of("x"));
    txn.append_record("INV-1", crypto::bytes_of("x"));
    txn.commit();
  }
  sign();
  limit_to("INV-");
  BOOST_TEST(records("?wait=30").empty()); // does not wait for what is there
  BOOST_TEST(next == link("limit=100&after=9999"));
  BOOST_TEST(records("?after=9999") == (numbers{10'001}));
  const auto page = json_of(get("/v1/records"));
  BOOST_TEST(page.at("records").empty());
  const auto rest = json_of(get(page.at("next").get<std::string>()));
  BOOST_TEST(rest.at("records").at(0).at("name") == "INV-1");
  BOOST_TEST(!rest.contains("next"));
}

BOOST_AUTO_TEST_CASE(a_prefix_limits_what_is_read) {
  add(1, "PAY-");
  add(1, "INV-");
  add(1);
  sign();
  limit_to("INV-");
  for (const auto* part : {"", "/data", "/signature", "/signature.der"})
    BOOST_TEST_CONTEXT("part " << part) {
      BOOST_TEST(get("/v1/records/1" + std::string(part)).status == 200);
      for (const auto* other : {"0", "2"})
        BOOST_TEST(is_problem(get("/v1/records/" + std::string(other) + part),
                              "not_allowed"));
    }
  BOOST_TEST(is_problem(get("/v1/records/3"), "not_found"));
  BOOST_TEST(get("/v1/records/by-name?name=INV-0").status == 200);
  BOOST_TEST(is_problem(get("/v1/records/by-name?name=INV-1"), "not_found"));
  for (const auto* other : {"PAY-0", "PAY-1", "INV"})
    BOOST_TEST(is_problem(get("/v1/records/by-name?name=" + std::string(other)),
                          "not_allowed"));
  const auto rows = json_of(get("/v1/records?limit=2"));
  BOOST_REQUIRE(rows.at("records").size() == 1u);
  BOOST_TEST(rows.at("records").at(0).at("id") == 1u);
  BOOST_TEST(!rows.contains("next"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
