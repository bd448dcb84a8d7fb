// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/validator.hpp"

#include "tests/actors/ledger_actor_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <string>
#include <variant>

BOOST_AUTO_TEST_SUITE(validator_test)

using namespace chancery;
using namespace chancery::tests;
using crypto::refusal;

namespace {

struct fixture : ledger_actor_fixture {
  explicit fixture(crypto::provider p) {
    of_provider = system.spawn(actors::validator,
                               actors::validator_config{&*store, identity, p});
  }
  ~fixture() {
    caf::anon_send_exit(of_provider, caf::exit_reason::kill);
    run();
  }

  /// The message with another signature, sealed again.
  std::string badly_signed(const std::string& text) {
    crypto::message_opener opener(identity.id(), identity.encryption, provider);
    auto compact = opener.open(text).compact;
    auto& changed = compact[compact.size() - 40];
    changed = changed == 'A' ? 'B' : 'A';
    return crypto::seal_jwe(compact, identity.encryption.public_half(),
                            crypto::message_type);
  }

  /// The verdicts of work with these texts, which come together.
  std::vector<actors::verdict> judge(const std::vector<std::string>& texts) {
    actors::validation_work work;
    for (const auto& text : texts)
      work.items.push_back({100 + work.items.size(), text, {}});
    auto a = new_asker().ask<actors::validation_result>(
        of_provider, actors::validate_atom_v, work);
    run();
    BOOST_REQUIRE(a->value);
    return a->value->items;
  }

  actors::validator_actor of_provider;
};

std::string code_of(const actors::verdict& v) {
  const auto* refused = std::get_if<actors::refused_arrival>(&v.found);
  return refused == nullptr ? "" : std::string(to_text(refused->code));
}

// What each is judged as does not depend on the others.
void check_many(crypto::provider p) {
  fixture f(p);
  auto ann = f.registered(), ben = f.registered();
  auto stranger = f.new_session();
  const auto next = [&f](actors::client_session& session) {
    auto text = session.seal("1", f.wall_ms);
    session.forget();
    return text;
  };
  std::vector<std::string> texts;
  for (int i = 0; i < 20; ++i) {
    texts.push_back(next(ann));
    texts.push_back(next(ben));
  }
  texts[4] = next(stranger);
  texts[6] = "no message";
  for (const std::size_t i : {11u, 12u, 39u})
    texts[i] = f.badly_signed(texts[i]);
  texts.push_back(f.new_session().registration(f.wall_ms));
  const auto verdicts = f.judge(texts);
  BOOST_REQUIRE_EQUAL(verdicts.size(), texts.size());
  for (std::size_t i = 0; i < 40; ++i) {
    BOOST_TEST(verdicts[i].number == 100 + i);
    const auto* valid = std::get_if<actors::valid_message>(&verdicts[i].found);
    if (i == 4)
      BOOST_TEST(code_of(verdicts[i]) == to_text(refusal::unknown_client));
    else if (i == 6)
      BOOST_TEST(code_of(verdicts[i]) == to_text(refusal::not_encrypted_to_me));
    else if (i == 11 || i == 12 || i == 39)
      BOOST_TEST(code_of(verdicts[i]) == to_text(refusal::bad_signature));
    else
      BOOST_TEST(
          (valid != nullptr && valid->client == (i % 2 == 0 ? ann : ben).id()));
  }
  BOOST_TEST(std::holds_alternative<actors::valid_registration>(
      verdicts.back().found));
}

} // namespace

BOOST_AUTO_TEST_CASE(messages_that_come_together_are_judged_one_by_one) {
  check_many(crypto::provider::openssl);
  check_many(crypto::provider::batch);
}

BOOST_AUTO_TEST_SUITE_END()
