// SPDX-License-Identifier: Apache-2.0
// The routes of records, signatures, batches and keys, over a data folder.
#include "api_fixture.hpp"
#include "record_folder.hpp"

#include "apps/api/api_records.hpp"
#include "apps/folders/status_file.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"

#include <boost/test/unit_test.hpp>

namespace chancery::tests {

namespace {

constexpr std::string_view fourth_name = R"(no. "4" \ 2026)";

/// A folder with seven records, of which the first five are signed in batches
/// of three and two. Record 4 has a name, and it is known when it came.
struct record_world : record_folder {
  record_world() : api(routes(), {}) {}

  void init() {
    make();
    auto store = open();
    auto txn = store.write();
    for (int i = 0; i < 7; ++i) {
      const auto text = "record " + std::to_string(i);
      if (i != 4) {
        txn.append_record(crypto::bytes_of(text));
        continue;
      }
      txn.append_record(fourth_name, crypto::bytes_of(text));
      txn.put_arrival({.first = 4, .count = 1, .time_ms = test_time_ms});
    }
    put_batch(txn, 0, 3);
    put_batch(txn, 3, 2);
    append_epoch(txn);
    txn.commit();
  }

  http_response get(const std::string& text, http_fields fields = {}) {
    return handed(api.handler(), request_of("GET", text, std::move(fields)));
  }
  nlohmann::json json_at(const std::string& text) { return json_of(get(text)); }
  http_response verify(const nlohmann::json& body) {
    return handed(api.handler(),
                  request_of("POST", "/v1/verify",
                             {{"Content-Type", "application/json"}},
                             body.dump()));
  }

  apps::api api;

 private:
  apps::route_table routes() {
    const auto served =
        std::make_shared<const apps::signed_folder>(root, std::size_t{1} << 28);
    apps::route_table table;
    apps::add_record_routes(table, served);
    apps::add_signature_routes(table, served);
    apps::add_key_routes(table, served);
    apps::add_signing_routes(table, served);
    return table;
  }
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(api_records_test, record_world)

BOOST_AUTO_TEST_CASE(a_folder_without_records_reads_as_an_empty_one) {
  BOOST_TEST(json_at("/v1/records").at("records").empty());
  BOOST_TEST(json_at("/v1/batches").at("batches").empty());
  BOOST_TEST(json_at("/v1/keys").at("keys").empty());
  BOOST_TEST(get("/v1/signatures").body == "");
  BOOST_TEST(is_problem(get("/v1/records/0"), "not_found"));
  BOOST_TEST(is_problem(get("/v1/batches/0"), "not_found"));
  init();
  BOOST_TEST(json_at("/v1/records").at("records").size() == 7u);
}

BOOST_AUTO_TEST_CASE(waits_have_an_end) {
  init();
  BOOST_TEST(get("/v1/records/5/signature?wait=1").status == 202);
  BOOST_TEST(get("/v1/signatures?after=4&wait=1").body == "");
  for (const char* wait : {"31", "-1", "x", ""})
    BOOST_TEST(
        is_problem(get(std::string("/v1/records/5/signature?wait=") + wait),
                   "bad_parameter"));
  api.end_waits();
  BOOST_TEST(get("/v1/records/5/signature?wait=30").status == 202);
}

BOOST_AUTO_TEST_CASE(the_order_of_keys_and_the_signing_come_from_the_journal) {
  BOOST_TEST(json_at("/v1/keys/order").at("keys").empty());
  BOOST_TEST(json_at("/v1/keys/order").at("epoch").is_null());
  init();
  const auto order = json_at("/v1/keys/order");
  BOOST_TEST(order.at("epoch") == 3u);
  const nlohmann::json only{
      {"kid", id}, {"uses", 1}, {"held_by", nullptr}, {"held_since", nullptr}};
  BOOST_TEST(order.at("keys") == nlohmann::json::array({only}));
  const auto signing = json_at("/v1/signing");
  BOOST_TEST(signing.at("running") == false);
  BOOST_TEST(signing.at("epoch") == 3u);
  BOOST_TEST(signing.at("batch_size") == 10u);
  BOOST_TEST(signing.at("records") == 7u);
  BOOST_TEST(signing.at("unsigned") == 2u);
  BOOST_TEST(signing.at("keys_out").is_null());
  BOOST_TEST(signing.at("workers").empty());
}

BOOST_AUTO_TEST_CASE(a_running_sign_tells_how_far_it_is) {
  init();
  const apps::data_folder data(root);
  const auto lock = data.lock();
  const apps::status_file status(data.status_path(), [] {
    return nlohmann::ordered_json{
        {"records_per_second", 12.5},
        {"keys", 4},
        {"keys_out", 3},
        {"workers", nlohmann::json::array({{{"worker", "w1"}}})}};
  });
  const auto signing = json_at("/v1/signing");
  BOOST_TEST(signing.at("running") == true);
  BOOST_TEST(signing.at("records_per_second") == 12.5);
  BOOST_TEST(signing.at("keys_out") == 3u);
  BOOST_TEST(signing.at("workers").at(0).at("worker") == "w1");
}

BOOST_AUTO_TEST_CASE(records_come_in_pages_and_by_state) {
  init();
  const auto ids = [&](std::string path) {
    std::vector<std::uint64_t> all;
    while (!path.empty()) {
      const auto page = json_at(path);
      for (const auto& row : page.at("records"))
        all.push_back(row.at("id"));
      path = page.value("next", "");
    }
    return all;
  };
  using numbers = std::vector<std::uint64_t>;
  BOOST_TEST(ids("/v1/records?limit=3") == (numbers{0, 1, 2, 3, 4, 5, 6}),
             boost::test_tools::per_element());
  BOOST_TEST(ids("/v1/records?limit=1&state=unsigned") == (numbers{5, 6}),
             boost::test_tools::per_element());
  BOOST_TEST(ids("/v1/records?limit=2&state=signed") ==
                 (numbers{0, 1, 2, 3, 4}),
             boost::test_tools::per_element());
  BOOST_TEST(is_problem(get("/v1/records?state=lost"), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_record_shows_its_signature_and_its_bytes) {
  init();
  const auto record = json_at("/v1/records/4");
  BOOST_TEST(record.at("signed") == true);
  BOOST_TEST(record.at("size") == 8u);
  BOOST_TEST(record.at("name") == fourth_name);
  BOOST_TEST(record.at("received") == record.at("signature").at("time"));
  BOOST_TEST(record.at("signature").at("batch").at("first") == 3u);
  BOOST_TEST(record.at("signature").at("batch").at("lease") == "1.2");
  const auto data = get("/v1/records/4/data");
  BOOST_TEST(data.body == "record 4");
  BOOST_TEST(field(data, "Content-Type") == "application/octet-stream");
  BOOST_TEST(field(data, "Content-Disposition").starts_with("attachment"));
  BOOST_TEST(is_problem(get("/v1/records/7"), "not_found"));
  const auto tag = field(data, "ETag");
  BOOST_TEST(get("/v1/records/4/data", {{"If-None-Match", tag}}).status == 304);
  const auto others = "\"AAAAAAAA" + tag.substr(9); // of another folder
  BOOST_TEST(get("/v1/records/4/data", {{"If-None-Match", others}}).status ==
             200);
  BOOST_TEST(is_problem(get("/v1/records/x/data"), "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_record_is_found_by_its_name) {
  BOOST_TEST(is_problem(get("/v1/records/by-name?name=a"), "not_found"));
  init();
  const auto by_name = "/v1/records/by-name?name=no.%20%224%22%20%5C%202026";
  BOOST_TEST(get(by_name).body == get("/v1/records/4").body);
  for (const auto* unknown : {"4", "no.", "NO.%20%224%22%20%5C%202026"})
    BOOST_TEST(is_problem(
        get("/v1/records/by-name?name=" + std::string(unknown)), "not_found"));
  for (const auto* wrong :
       {"", "?name=", "?name=%20a", "?name=a%E2%80%8B", "?name=a&other=b"})
    BOOST_TEST(is_problem(get("/v1/records/by-name" + std::string(wrong)),
                          "bad_parameter"));
}

BOOST_AUTO_TEST_CASE(a_record_without_a_name_or_an_arrival_shows_null) {
  init();
  const auto record = json_at("/v1/records/1");
  BOOST_TEST(record.at("name").is_null());
  BOOST_TEST(record.at("received").is_null());
  BOOST_TEST(!json_at("/v1/records/1/signature").contains("name"));
}

BOOST_AUTO_TEST_CASE(an_unsigned_record_has_no_signature_yet) {
  init();
  const auto pending = get("/v1/records/5/signature");
  BOOST_TEST(pending.status == 202);
  BOOST_TEST(json_of(pending).at("signed") == false);
  BOOST_TEST(field(pending, "Retry-After") == "1");
  BOOST_TEST(is_problem(get("/v1/records/5/signature.der"), "not_there_yet"));
}

BOOST_AUTO_TEST_CASE(the_feed_ends_before_the_first_unsigned_record) {
  init();
  const auto all = get("/v1/signatures").body;
  BOOST_TEST(std::ranges::count(all, '\n') == 5);
  const auto rest = get("/v1/signatures?after=3").body;
  BOOST_TEST(nlohmann::json::parse(rest).at("record") == 4u);
  BOOST_TEST(nlohmann::json::parse(rest).at("name") == fourth_name);
  BOOST_TEST(all.ends_with(rest));
  BOOST_TEST(get("/v1/signatures?after=4").body == "");
  BOOST_TEST(get("/v1/records/4/signature").body + "\n" == rest);
}

BOOST_AUTO_TEST_CASE(batches_are_listed_and_found_by_their_first_record) {
  init();
  const auto page = json_at("/v1/batches?limit=1");
  BOOST_TEST(page.at("batches").at(0).at("count") == 3u);
  const auto rest = json_at(page.at("next").get<std::string>());
  BOOST_TEST(rest.at("batches").at(0).at("first") == 3u);
  BOOST_TEST(!rest.contains("next"));
  BOOST_TEST(json_at("/v1/batches/3").at("key") == id);
  BOOST_TEST(is_problem(get("/v1/batches/4"), "not_found"));
}

BOOST_AUTO_TEST_CASE(a_key_is_answered_as_pem) {
  init();
  BOOST_TEST(json_at("/v1/keys").at("keys").at(0).at("kid") == id);
  const auto pem = get("/v1/keys/" + id + ".pem");
  BOOST_TEST(pem.body.starts_with("-----BEGIN PUBLIC KEY-----"));
  BOOST_TEST(is_problem(get("/v1/keys/" + std::string(43, 'A') + ".pem"),
                        "not_found"));
}

BOOST_AUTO_TEST_CASE(a_signature_is_verified_in_each_of_its_forms) {
  init();
  const auto raw =
      json_at("/v1/records/2").at("signature").at("value").get<std::string>();
  const auto der = crypto::base64url_encode(
      crypto::bytes_of(get("/v1/records/2/signature.der").body));
  const auto digest = crypto::sha256(crypto::bytes_of("record 2"));
  const nlohmann::json texts[] = {
      {{"text", "record 2"}},
      {{"data", crypto::base64url_encode(crypto::bytes_of("record 2"))}},
      {{"digest", crypto::base64url_encode(std::as_bytes(std::span(digest)))}}};
  for (auto body : texts)
    for (const auto& signature : {raw, der}) {
      body["signature"] = signature;
      body["key"] = id;
      BOOST_TEST(json_of(verify(body)).at("valid") == true);
    }
  const auto other =
      verify({{"text", "record 3"}, {"signature", raw}, {"key", id}});
  BOOST_TEST(json_of(other).at("valid") == false);
  BOOST_TEST(json_of(other).at("key").at("state") == "active");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_verified_is_named) {
  init();
  const auto wrong = [&](nlohmann::json body) {
    return is_problem(verify(body), "bad_parameter");
  };
  const std::string signature(86, 'A');
  BOOST_TEST(wrong({{"text", "x"}, {"key", id}}));
  BOOST_TEST(wrong({{"signature", signature}, {"key", id}}));
  BOOST_TEST(wrong({{"text", "x"},
                    {"digest", "AA"},
                    {"signature", signature},
                    {"key", id}}));
  BOOST_TEST(wrong({{"digest", "AA"}, {"signature", signature}, {"key", id}}));
  BOOST_TEST(wrong({{"text", 7}, {"signature", signature}, {"key", id}}));
  BOOST_TEST(wrong({{"text", "x"}, {"signature", "?"}, {"key", id}}));
  BOOST_TEST(wrong({{"text", "x"},
                    {"signature", signature},
                    {"key", id},
                    {"colour", "red"}}));
  BOOST_TEST(wrong(nlohmann::json::array()));
  BOOST_TEST(is_problem(verify({{"text", "x"},
                                {"signature", signature},
                                {"key", std::string(43, 'A')}}),
                        "not_found"));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
