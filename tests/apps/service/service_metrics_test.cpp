// SPDX-License-Identifier: Apache-2.0
#include "apps/service/service_metrics.hpp"

#include "tests/apps/ledgers.hpp"

#include <boost/test/unit_test.hpp>

#include <set>
#include <sstream>

namespace chancery::tests {

namespace {

apps::answered_request answered(std::string route, int status, double seconds) {
  apps::answered_request line;
  line.method = "GET";
  line.pattern = std::move(route);
  line.status = status;
  line.seconds = seconds;
  return line;
}

/// A service with a ledger of five messages in one block, and two in none.
struct measured_world {
  measured_world() {
    ledger.append("six", "a receipt");
    ledger.append("seven", "a receipt");
    service.version = "1.2";
    service.requests = &requests;
    service.http = [this] { return http; };
    service.ledger = [this] { return counters; };
    service.store = &*ledger.store;
    service.folder = std::make_shared<const apps::signed_folder>(
        ledger.folder.path(), std::size_t{1} << 26);
    service.log_lines_dropped = [] { return std::uint64_t{7}; };
  }

  bool has(const std::string& line) const {
    return ("\n" + apps::metrics_text(service)).find("\n" + line + "\n") !=
           std::string::npos;
  }

  small_ledger ledger;
  apps::request_counts requests;
  apps::http_counters http;
  actors::ledger_counters counters;
  apps::measured_service service;
};

} // namespace

BOOST_FIXTURE_TEST_SUITE(service_metrics_test, measured_world)

BOOST_AUTO_TEST_CASE(requests_are_counted_by_route_method_and_status) {
  requests.add(answered("/v1/node", 200, 0.0002));
  requests.add(answered("/v1/node", 200, 0.0004));
  requests.add(answered("/v1/node", 401, 20));
  requests.add(answered("", 404, 0.00005));
  BOOST_TEST(has("chancery_http_requests_total{route=\"/v1/node\",method="
                 "\"GET\",status=\"200\"} 2"));
  BOOST_TEST(has("chancery_http_requests_total{route=\"\",method=\"GET\","
                 "status=\"404\"} 1"));
  const std::string bucket =
      "chancery_http_request_duration_seconds_bucket{route=\"/v1/node\",le=";
  BOOST_TEST(has(bucket + "\"0.0001\"} 0"));
  BOOST_TEST(has(bucket + "\"0.0003\"} 1"));
  BOOST_TEST(has(bucket + "\"10\"} 2"));
  BOOST_TEST(has(bucket + "\"+Inf\"} 3"));
  BOOST_TEST(has("chancery_http_request_duration_seconds_count{route="
                 "\"/v1/node\"} 3"));
}

BOOST_AUTO_TEST_CASE(a_stream_is_counted_and_its_time_is_not) {
  auto line = answered("/v1/events", 200, 4'000);
  line.stream = true;
  requests.add(line);
  BOOST_TEST(has("chancery_http_requests_total{route=\"/v1/events\",method="
                 "\"GET\",status=\"200\"} 1"));
  BOOST_TEST(apps::metrics_text(service).find("seconds_bucket{route") ==
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_the_parts_count_is_read_from_them) {
  http.connections = 3;
  http.streams = 2;
  http.closed["full"] = 4;
  counters.accepted = 5;
  counters.refused[crypto::refusal::bad_signature] = 6;
  BOOST_TEST(has("chancery_http_connections 3"));
  BOOST_TEST(has("chancery_http_streams 2"));
  BOOST_TEST(has("chancery_http_refused_total{reason=\"full\"} 4"));
  BOOST_TEST(has("chancery_messages_total 5"));
  BOOST_TEST(has("chancery_messages_refused_total{code=\"bad_signature\"} 6"));
  BOOST_TEST(has("chancery_log_lines_dropped_total 7"));
  BOOST_TEST(has("chancery_blocks_total 1"));
  BOOST_TEST(has("chancery_messages 7"));
  BOOST_TEST(has("chancery_messages_pending 2"));
  BOOST_TEST(has("chancery_records_unsigned 0"));
  BOOST_TEST(has("chancery_build_info{version=\"1.2\"} 1"));
}

BOOST_AUTO_TEST_CASE(the_end_of_the_certificate_is_there_with_tls_alone) {
  const auto text = [this] { return apps::metrics_text(service); };
  BOOST_TEST(text().find("chancery_tls_") == std::string::npos);
  http.certificate_end = 1'800'000'000;
  BOOST_TEST(has("chancery_tls_certificate_not_after_timestamp_seconds "
                 "1800000000"));
}

BOOST_AUTO_TEST_CASE(every_family_is_described_once) {
  std::istringstream lines(apps::metrics_text(service));
  std::set<std::string> families;
  std::string type;
  for (std::string line; std::getline(lines, line);)
    if (std::istringstream words(line); line.starts_with("# TYPE ")) {
      std::string name;
      words >> name >> name >> name >> type;
      BOOST_TEST(families.insert(name).second, name);
      BOOST_TEST((name.ends_with("_total") == (type == "counter")), name);
    }
  BOOST_TEST(families.contains("process_resident_memory_bytes"));
  BOOST_TEST(families.size() > 25u);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
