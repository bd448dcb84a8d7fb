// SPDX-License-Identifier: Apache-2.0
// Records that are posted over HTTP and read back, from honest and from lying
// servers.
#include "apps/simulation/http_record_check.hpp"

#include "tests/apps/api/intake_world.hpp"
#include "tests/apps/simulation/lying_server.hpp"

#include <boost/test/unit_test.hpp>

#include <map>

namespace chancery::tests {

namespace {

/// Stores records and signs each request's at once.
struct record_world : intake_world {
  record_world() : server(api.handler()) {
    submit = [this](const actors::record_request& request,
                    const actors::record_reply& reply) {
      if (request.mark && marks.contains(request.mark->key))
        return reply(marks.at(request.mark->key));
      const auto before = store->read().record_count();
      auto answer = stored(request);
      if (signs && store->read().record_count() > before)
        sign();
      if (request.mark && remembers) {
        auto& again = marks[request.mark->key] = answer;
        again.replayed = true;
      }
      reply(std::move(answer));
    };
  }

  apps::record_load_result post(std::uint64_t records) {
    std::atomic<std::uint64_t> done{0};
    auto result = apps::post_over_http(
        server.address(), {.records = records, .clients = 1}, stop, done);
    return result;
  }

  /// Three records of one request.
  void post_three() {
    for (const auto* name : {"a", "b", "c"})
      held.push_back({.id = held.size(), .name = name, .bytes = "of "});
    intake_world::post(many_lines, "{\"name\":\"a\",\"text\":\"of \"}\n"
                                   "{\"name\":\"b\",\"text\":\"of \"}\n"
                                   "{\"name\":\"c\",\"text\":\"of \"}\n");
  }

  apps::http_signatures checked() {
    std::atomic<std::uint64_t> done{0};
    return apps::check_records_over_http(
        server.address(), apps::data_folder(root).public_keys(), held, done,
        stop, {.patience = std::chrono::seconds(0)});
  }

  /// The fault of what is read when this is changed on its way.
  std::string noticed(const std::string& path, const std::string& from,
                      const std::string& to) {
    server.change(path, from, to);
    return checked().fault;
  }

  bool signs = true;
  bool remembers = true;
  std::map<std::string, actors::record_answer> marks;
  const std::atomic<bool> stop{false};
  std::vector<apps::acknowledged_record> held;
  lying_server server;
};

const std::string first_page = "/v1/signatures?limit=1000&wait=0";

} // namespace

BOOST_FIXTURE_TEST_SUITE(http_record_check_test, record_world)

BOOST_AUTO_TEST_CASE(honest_records_hold) {
  post_three();
  const auto found = checked();
  BOOST_TEST(found.fault == "");
  BOOST_TEST(found.verified == 3u);
  BOOST_TEST(found.reads == 6u);
}

BOOST_AUTO_TEST_CASE(a_lie_about_a_record_is_noticed) {
  post_three();
  BOOST_TEST(noticed(first_page, "\"signature\":\"", "\"signature\":\"AAAA")
                 .find("the signature of record 0") == 0u);
  BOOST_TEST(noticed(first_page, "\"name\":\"b\"", "\"name\":\"c\"") ==
             "record 1 has another name than it was sent with");
  BOOST_TEST(noticed(first_page, "\"record\":1", "\"record\":2") ==
             "the feed has record 2 in the place of 1");
  BOOST_TEST(noticed("/v1/signatures?limit=1000&wait=0&after=2", "",
                     "{\"record\":2}\n") ==
             "there are more signatures than records");
  BOOST_TEST(noticed("/v1/signatures?replaced_after=0", "", "{}\n") ==
             "a record was signed a second time");
  BOOST_TEST(noticed("/v1/records/1/data", "of ", "off") ==
             "record 1 has other bytes than were sent");
  BOOST_TEST(noticed(first_page, "{", "[") ==
             "an answer is not the JSON that it should be");
}

BOOST_AUTO_TEST_CASE(a_signature_over_other_bytes_is_noticed) {
  post_three();
  held[1].bytes = "of another";
  BOOST_TEST(checked().fault.find("the signature of record 1: it does not "
                                  "verify") == 0u);
}

BOOST_AUTO_TEST_CASE(another_signature_than_a_client_was_told_is_noticed) {
  post_three();
  held[2].signature = "AAAA";
  BOOST_TEST(checked().fault ==
             "record 2 has another signature than its client was told");
}

BOOST_AUTO_TEST_CASE(a_record_without_a_signature_is_noticed) {
  signs = false;
  post_three();
  BOOST_TEST(checked().fault == "record 0 is not signed");
}

BOOST_AUTO_TEST_CASE(a_key_of_the_server_alone_is_noticed) {
  post_three();
  const auto other = crypto::to_text(crypto::key_id{});
  BOOST_TEST(noticed(first_page, id, other).find("is not in the keyring") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(two_records_with_one_id_are_noticed) {
  post_three();
  held[1].id = 0;
  BOOST_TEST(checked().fault ==
             "the ids that were told are not 0 to 2, each once");
}

BOOST_AUTO_TEST_CASE(what_is_posted_holds) {
  const auto posted = post(250);
  BOOST_TEST(posted.failure == "");
  BOOST_TEST(posted.requests == 23u); // of 12 records, two of one
  BOOST_TEST(posted.replayed == 5u);
  BOOST_TEST(posted.waited == 2u);
  BOOST_TEST(posted.signed_ones == 2u);
  held = posted.records;
  BOOST_TEST(checked().fault == "");
  BOOST_TEST(checked().verified == 250u);
}

BOOST_AUTO_TEST_CASE(a_repeated_request_must_get_its_first_answer) {
  remembers = false;
  const auto posted = post(5);
  BOOST_TEST(posted.failures == 1u);
  BOOST_TEST(posted.failure.find("records were answered with 200") == 0u);
  BOOST_TEST(posted.records.empty());
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
