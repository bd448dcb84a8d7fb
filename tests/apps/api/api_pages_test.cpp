// SPDX-License-Identifier: Apache-2.0
// The pages and their files: their policy, and how they are sent.
#include "api_fixture.hpp"

#include "apps/api/page_answer.hpp"
#include "apps/api/page_copy.hpp"
#include "apps/api/problem.hpp"
#include "crypto/base/gzip.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace chancery::tests {

BOOST_FIXTURE_TEST_SUITE(api_pages_test, api_world)

namespace {

/// Of all files that pages load: "/docs/plain.js".
std::vector<std::string> paths_of_files() {
  std::vector<std::string> paths;
  for (const auto& file : apps::embedded_files())
    if (file.name.find('/') != std::string_view::npos &&
        !file.name.ends_with(".html"))
      paths.push_back("/" + std::string(file.name));
  return paths;
}

} // namespace

BOOST_AUTO_TEST_CASE(every_problem_has_a_page) {
  for (const auto& kind : apps::problem_kinds()) {
    const auto page = get("/problems/" + std::string(kind.code));
    BOOST_TEST(page.status == 200);
    BOOST_TEST(page.body.find(kind.title) != std::string::npos);
    BOOST_TEST(field(page, "Content-Security-Policy")
                   .starts_with("default-src 'none'"));
  }
  BOOST_TEST(is_problem(get("/problems/none"), "not_found"));
}

BOOST_AUTO_TEST_CASE(pages_and_their_files_keep_to_this_server) {
  auto paths = paths_of_files();
  BOOST_TEST(paths.size() >= 4u);
  paths.insert(paths.end(), {"/problems/busy", "/docs", "/docs/plain", "/"});
  for (const auto& path : paths) {
    const auto page = get(path);
    BOOST_TEST(page.status == 200, path);
    const auto policy = field(page, "Content-Security-Policy");
    BOOST_TEST(policy.starts_with("default-src 'none'; script-src 'self'; "
                                  "style-src 'self'; "),
               path);
    BOOST_TEST(policy.find("unsafe") == std::string::npos, path);
    BOOST_TEST(policy.find("; frame-ancestors 'none'") != std::string::npos);
    BOOST_TEST(field(page, "Referrer-Policy") == "no-referrer", path);
    BOOST_TEST(field(page, "Cross-Origin-Opener-Policy") == "same-origin");
    BOOST_TEST(field(page, "Cross-Origin-Resource-Policy") == "same-origin");
    BOOST_TEST(std::ranges::count(page.fields, "X-Content-Type-Options",
                                  &apps::http_field::name) == 1);
  }
  const bool swagger = get("/docs/swagger-ui-bundle.js").status == 200;
  BOOST_TEST((get("/docs").body != get("/docs/plain").body) == swagger);
}

BOOST_AUTO_TEST_CASE(our_own_scripts_make_no_markup_of_text) {
  const auto refuses = [this](const std::string& path) {
    return field(get(path), "Content-Security-Policy")
               .find("; require-trusted-types-for 'script'; trusted-types "
                     "'none'") != std::string::npos;
  };
  for (const auto& path : paths_of_files())
    BOOST_TEST(refuses(path), path);
  for (const char* path : {"/", "/docs/plain", "/problems/busy"})
    BOOST_TEST(refuses(path), path);
  if (get("/docs/swagger-ui-bundle.js").status == 200)
    BOOST_TEST(!refuses("/docs")); // it could not show anything
}

BOOST_AUTO_TEST_CASE(a_page_has_its_own_files_alone) {
  for (const char* path :
       {"/docs/openapi.json", "/docs/nonsense.js", "/docs/docs.html",
        "/docs/page.mjs", "/docs/page%2Fpage.mjs", "/page/nonsense.mjs",
        "/page/index.html", "/page/plain.js", "/page/openapi.json",
        "/page/docs%2Fplain.js", "/page/..%2Fdocs%2Fplain.js", "/page/",
        "/page", "/page/../openapi.json", "/page/x/page.mjs", "/page.mjs",
        "/index.html", "/page/page.mjs/", "//"})
    BOOST_TEST(is_problem(get(path), "not_found"), path);
  BOOST_TEST(is_problem(ask("POST", "/"), "method_not_allowed"));
}

BOOST_AUTO_TEST_CASE(the_page_is_html_and_modules_and_never_stale) {
  const auto type = [this](const std::string& path) {
    return field(get(path), "Content-Type");
  };
  BOOST_TEST(type("/") == "text/html; charset=utf-8");
  BOOST_TEST(type("/page/page.mjs") == "text/javascript; charset=utf-8");
  BOOST_TEST(type("/page/style.css") == "text/css; charset=utf-8");
  for (const char* path : {"/", "/page/page.mjs", "/page/style.css"}) {
    const auto whole = get(path);
    BOOST_TEST(field(whole, "Cache-Control") == "no-cache");
    const auto tag = field(whole, "ETag");
    BOOST_TEST(get(path, {{"If-None-Match", tag}}).status == 304);
    const auto head = ask("HEAD", path);
    BOOST_TEST(head.status == 200);
    BOOST_TEST(field(head, "ETag") == tag);
  }
}

BOOST_AUTO_TEST_CASE(the_page_names_one_server_in_one_line) {
  const auto html = get("/").body;
  const std::string_view line =
      "<meta name=\"chancery-server\" content=\"\">\n";
  const auto at = html.find(line);
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_TEST(html.find(line, at + 1) == std::string::npos);
  // A policy in that place does not hold for what stands before it.
  for (const char* loads : {"<link", "<script", "<img", "<style"})
    BOOST_TEST(html.find(loads) > at, loads);
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_page_carries_its_policy) {
  const std::string html = "<a>\n<meta name=\"chancery-server\" "
                           "content=\"\">\n<b>\n";
  BOOST_TEST(
      apps::page_asking(html, "https://ledger.example:8443") ==
      "<a>\n<meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; script-src 'self'; style-src "
      "'self'; img-src 'self' data:; connect-src "
      "https://ledger.example:8443; base-uri 'none'; form-action 'none'; "
      "require-trusted-types-for 'script'; trusted-types 'none'\">\n"
      "<meta name=\"chancery-server\" "
      "content=\"https://ledger.example:8443\">\n<b>\n");
  const auto alone = apps::page_asking(html, std::nullopt);
  BOOST_TEST(alone.find("connect-src 'none';") != std::string::npos);
  BOOST_TEST(alone.find("<meta name=\"chancery-server\" content=\"none\">\n") !=
             std::string::npos);
  BOOST_CHECK_THROW(apps::page_asking("<a>", std::nullopt), std::logic_error);
  BOOST_CHECK_THROW(apps::page_asking(html + html, std::nullopt),
                    std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_copy_of_the_page_has_the_files_that_are_served) {
  const auto files = apps::page_copy(std::nullopt);
  for (const auto& path : paths_of_files())
    if (path.starts_with("/page/"))
      BOOST_TEST(std::ranges::count(files, path.substr(1),
                                    &apps::page_file::name) == 1,
                 path);
  for (const auto& file : files)
    if (file.name != "index.html")
      BOOST_TEST(get("/" + file.name).body == file.contents, file.name);
}

BOOST_AUTO_TEST_CASE(a_file_is_sent_as_the_client_takes_it) {
  const auto plain = get("/openapi.json");
  BOOST_TEST(json_of(plain).at("openapi") == "3.1.0");
  BOOST_TEST(field(plain, "Content-Encoding") == "(none)");
  const http_fields gzip{{"Accept-Encoding", "br, gzip;q=0.8"}};
  const auto packed = get("/openapi.json", gzip);
  BOOST_TEST(field(packed, "Content-Encoding") == "gzip");
  BOOST_TEST(crypto::gunzip(packed.body) == plain.body);
  BOOST_TEST(field(packed, "ETag") != field(plain, "ETag"));
  for (const auto& answer : {plain, packed}) {
    BOOST_TEST(field(answer, "Vary") == "Accept-Encoding");
    BOOST_TEST(field(answer, "Cache-Control") == "no-cache");
    BOOST_TEST(field(answer, "Cross-Origin-Opener-Policy") == "same-origin");
  }
  const auto again =
      get("/openapi.json", {{"If-None-Match", field(plain, "ETag")}});
  BOOST_TEST(again.status == 304);
  BOOST_TEST(again.body.empty());
  BOOST_TEST(
      get("/openapi.json", {{"If-None-Match", field(packed, "ETag")}}).status ==
      200);
}

BOOST_AUTO_TEST_CASE(gzip_is_taken_where_the_client_says_so) {
  const auto takes = [](const char* field) {
    return apps::takes_gzip({{"Accept-Encoding", field}});
  };
  for (const char* field : {"gzip", "GZIP", "br , gzip", "x-gzip", "*",
                            "gzip;q=0.001", "gzip; q=1", "identity;q=0, gzip"})
    BOOST_TEST(takes(field), field);
  for (const char* field : {"", "identity", "br", "gzip;q=0", "gzip; q=0.000",
                            "*;q=0", "*, gzip;q=0", "gzipped"})
    BOOST_TEST(!takes(field), field);
  BOOST_TEST(!apps::takes_gzip({}));
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
