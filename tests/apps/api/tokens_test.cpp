// SPDX-License-Identifier: Apache-2.0
// Tokens, their file, and what they allow.
#include "api_fixture.hpp"

#include "apps/api/token_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <sys/stat.h>

namespace chancery::tests {

BOOST_AUTO_TEST_SUITE(tokens_test)

namespace {

apps::token_entry entry_named(const std::string& name,
                              const std::string& scopes,
                              const std::string& token) {
  apps::token_entry entry;
  entry.name = name;
  entry.scopes = apps::scope_set::parse(scopes);
  entry.hash = apps::token_hash(token);
  return entry;
}

std::string why_not(const std::string& text) {
  try {
    apps::token_book::parse(text);
  } catch (const std::invalid_argument& e) {
    return e.what();
  }
  return "";
}

http_fields bearer(const std::string& token) {
  return {{"Authorization", "Bearer " + token}};
}

/// An API whose tokens are `reader`, `sender` and `old`, each its own name.
struct guarded_world : api_world {
  explicit guarded_world(bool private_ledger = false)
      : api_world(guarded(), private_ledger) {}

  static apps::api_options guarded() {
    auto old = entry_named("old", "read", "old");
    old.until_ms = 1;
    apps::api_options options;
    options.callers.tokens =
        std::make_shared<const apps::token_book>(apps::token_book::parse(
            entry_named("reader", "read", "reader").line() + "\n" +
            entry_named("sender", "submit", "sender").line() + "\n" +
            old.line()));
    return options;
  }
};

} // namespace

BOOST_AUTO_TEST_CASE(an_entry_survives_its_line) {
  auto entry = entry_named("shop-1.x", "submit,metrics", "secret");
  entry.prefix = "INV-";
  entry.until_ms = 1'767'225'600'000;
  const auto book = apps::token_book::parse("# a comment\n\n" + entry.line());
  const auto* found = book.find_token("secret");
  BOOST_REQUIRE(found);
  BOOST_TEST(found->line() == entry.line());
  BOOST_TEST(found->prefix == "INV-");
  BOOST_TEST(!found->scopes.has(apps::scope::read));
  BOOST_TEST(found->expired(1'767'225'600'000));
  BOOST_TEST(!found->expired(1'767'225'599'999));
  BOOST_TEST(!book.find_token("Secret"));
  BOOST_TEST(entry.line().find("secret") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_certificate_is_not_a_token) {
  auto entry = entry_named("host", "read", "x");
  entry.certificate = true;
  const auto book = apps::token_book::parse(entry.line());
  const auto hash = crypto::to_text(apps::token_hash("x"));
  BOOST_TEST(!book.find_token("x"));
  BOOST_TEST(!!book.find_certificate(hash));
  BOOST_TEST(!book.find_certificate("short"));
}

BOOST_AUTO_TEST_CASE(a_broken_line_is_named) {
  const auto good = entry_named("a", "read", "x").line();
  BOOST_TEST(why_not(good) == "");
  BOOST_TEST(why_not(good + "\n" + good).starts_with("line 2: its name"));
  for (const auto* line : {"a", "a read", "a write HASH", "a read,, HASH",
                           "a read short", "b!d read HASH"})
    BOOST_TEST(why_not(line).starts_with("line 1: "), line);
  BOOST_TEST(why_not(good + " tomorrow").starts_with("line 1: its last word"));
  BOOST_TEST(why_not(good + " 2027-01-01T00:00:00Z more")
                 .starts_with("line 1: it has more"));
}

BOOST_AUTO_TEST_CASE(tokens_differ_and_have_a_form) {
  const auto one = apps::make_token(crypto::system_random());
  BOOST_TEST(one.size() == 47u);
  BOOST_TEST(one.starts_with("cht_"));
  BOOST_TEST(one != apps::make_token(crypto::system_random()));
}

BOOST_AUTO_TEST_CASE(the_file_keeps_what_it_does_not_concern) {
  temp_folder folder;
  const auto path = folder.path() / "tokens";
  apps::append_token(path, entry_named("first", "read", "1"));
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
  apps::append_token(path, entry_named("second", "submit", "2"));
  BOOST_CHECK_THROW(
      apps::append_token(path, entry_named("second", "read", "3")),
      std::runtime_error);
  BOOST_TEST(apps::revoke_token(path, "first"));
  BOOST_TEST(!apps::revoke_token(path, "first"));
  const auto book = apps::read_token_file(path);
  BOOST_TEST(!book->find_token("1"));
  BOOST_TEST(!!book->find_token("2"));
}

BOOST_AUTO_TEST_CASE(a_route_asks_for_its_scope) {
  guarded_world world;
  BOOST_TEST(world.get("/v1/blocks/0").status == 200);
  const auto missing = world.get("/v1/messages/0");
  BOOST_TEST(is_problem(missing, "token_missing"));
  BOOST_TEST(field(missing, "WWW-Authenticate") == "Bearer");
  BOOST_TEST(is_problem(world.get("/v1/messages/0", bearer("sender")),
                        "scope_missing"));
  BOOST_TEST(
      is_problem(world.get("/v1/messages/0", bearer("old")), "token_expired"));
  BOOST_TEST(world.get("/v1/messages/0", bearer("reader")).status == 200);
  BOOST_TEST(world.log.back().caller == "reader");
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_refused_everywhere) {
  guarded_world world;
  BOOST_TEST(
      is_problem(world.get("/v1/node", bearer("guess")), "token_unknown"));
  BOOST_TEST(is_problem(
      world.get("/v1/node", {{"Authorization", "Basic cmVhZGVyOg=="}}),
      "token_unknown"));
}

BOOST_AUTO_TEST_CASE(after_ten_unknown_tokens_only_right_ones_are_prompt) {
  guarded_world world;
  const auto handler = world.api.handler();
  const auto asked = [](const std::string& token) {
    return request_of("GET", "/v1/messages/0", bearer(token));
  };
  for (int i = 0; i < 10; ++i)
    BOOST_TEST(handler.admit(asked("guess")).delay.count() == 0);
  const auto slow = handler.admit(asked("guess"));
  BOOST_TEST(is_problem(slow.refusal.value(), "token_unknown"));
  BOOST_TEST(slow.delay.count() > 0);
  BOOST_TEST(world.get("/v1/messages/0", bearer("reader")).status == 200);
  BOOST_TEST(handler.admit(asked("old")).delay.count() == 0);
}

BOOST_AUTO_TEST_CASE(without_read_a_block_shows_leaves_alone) {
  guarded_world world;
  const auto open = json_of(world.get("/v1/blocks/0/messages"));
  BOOST_TEST(!open.contains("messages"));
  BOOST_TEST(open.at("leaves").size() == 5u);
  BOOST_TEST(json_of(world.get("/v1/blocks/0/messages", bearer("reader")))
                 .contains("messages"));
  const auto public_proof = world.get("/v1/messages/0/proof");
  BOOST_TEST(!json_of(public_proof).contains("jws"));
  BOOST_TEST(field(public_proof, "Vary") == "Authorization");
  BOOST_TEST(json_of(world.get("/v1/messages/0/proof", bearer("reader")))
                 .contains("jws"));
}

BOOST_AUTO_TEST_CASE(a_private_ledger_asks_at_every_route) {
  guarded_world world(true);
  for (const auto* path :
       {"/v1/node", "/v1/blocks", "/v1/blocks/0", "/v1/messages/0/proof"})
    BOOST_TEST(is_problem(world.get(path), "token_missing"), path);
  auto fields = bearer("sender");
  fields.push_back({"Content-Type", "application/jose"});
  BOOST_TEST(is_problem(world.ask("POST", "/v1/messages",
                                  {{"Content-Type", "application/jose"}}, "x"),
                        "token_missing"));
  world.ask("POST", "/v1/messages", fields, "x");
  BOOST_TEST(world.submitted.size() == 1u);
  BOOST_TEST(world.get("/livez").status == 200);
}

BOOST_AUTO_TEST_CASE(new_tokens_take_the_place_of_the_old) {
  guarded_world world;
  world.api.set_tokens(std::make_shared<const apps::token_book>(
      apps::token_book::parse(entry_named("other", "read", "other").line())));
  BOOST_TEST(is_problem(world.get("/v1/messages/0", bearer("reader")),
                        "token_unknown"));
  BOOST_TEST(world.get("/v1/messages/0", bearer("other")).status == 200);
}

BOOST_AUTO_TEST_SUITE_END()

} // namespace chancery::tests
