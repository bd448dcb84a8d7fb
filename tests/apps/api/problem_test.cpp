// SPDX-License-Identifier: Apache-2.0
#include "apps/api/problem.hpp"

#include <boost/test/unit_test.hpp>

#include <set>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(problem_test)

BOOST_AUTO_TEST_CASE(each_code_stands_once_and_its_status_is_http_s) {
  std::set<std::string_view> codes;
  int before = 400;
  for (const auto& kind : apps::problem_kinds()) {
    BOOST_TEST(codes.insert(kind.code).second, kind.code);
    BOOST_TEST(kind.status >= before, kind.code);
    before = kind.status;
    BOOST_TEST(kind.meaning.ends_with('.'), kind.code);
  }
}

BOOST_AUTO_TEST_CASE(every_refusal_of_the_node_is_a_problem) {
  int count = 0;
  for (int n = 1;; ++n, ++count) {
    const auto code = static_cast<crypto::refusal>(n);
    if (crypto::refusal_from_text(crypto::to_text(code)) != code)
      break;
    const auto p = apps::to_problem(code, "because");
    BOOST_TEST(p.kind().code == crypto::to_text(code));
  }
  BOOST_TEST(count >= 14);
}

BOOST_AUTO_TEST_CASE(what_http_refuses_has_the_status_of_http) {
  using apps::http_fault;
  for (const auto fault :
       {http_fault::bad_request, http_fault::timeout,
        http_fault::length_required, http_fault::too_large,
        http_fault::target_too_long, http_fault::expectation,
        http_fault::header_too_large, http_fault::internal,
        http_fault::not_supported, http_fault::busy, http_fault::version})
    BOOST_TEST(apps::to_problem(fault).kind().status == apps::status_of(fault));
}

BOOST_AUTO_TEST_CASE(an_unknown_code_is_a_mistake_of_ours) {
  BOOST_CHECK_THROW(apps::problem("no_such_code", "x"), std::logic_error);
}

BOOST_AUTO_TEST_CASE(more_members_stand_beside_the_usual_ones) {
  const auto response = apps::to_response(
      {"not_found", "no \"such\" thing", {{"first", true}}}, "id-1");
  const auto document = nlohmann::json::parse(response.body);
  BOOST_TEST(document.at("type") == "/problems/not_found");
  BOOST_TEST(document.at("detail") == "no \"such\" thing");
  BOOST_TEST(document.at("request_id") == "id-1");
  BOOST_TEST(document.at("first") == true);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
