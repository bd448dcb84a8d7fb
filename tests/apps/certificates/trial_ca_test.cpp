// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/trial_ca.hpp"

#include "apps/folders/data_folder.hpp"
#include "apps/platform/new_file.hpp"
#include "tests/crypto/certificates/seal_fixture.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(trial_ca_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

struct folder_with_keys {
  tests::temp_folder folder;
  command_context context;
  trial_ca ca{folder.path() / "data"};

  explicit folder_with_keys(crypto::curve c = crypto::curve::p256) {
    context.data = folder.path() / "data";
    new_data_folder options;
    options.keys = 1;
    options.curve = c;
    options.purpose = crypto::keyring_purpose::seal;
    make_data_folder(data_folder(context.data), options);
  }

  crypto::certificate make() const {
    return ca.make(context, tests::seal_fixture::name("O=Trial,CN=Trial CA"));
  }

  std::string refusal() const {
    try {
      make();
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return {};
  }
};

bool has(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

} // namespace

BOOST_AUTO_TEST_CASE(an_authority_is_made_once_and_opened_again) {
  for (const auto c : {crypto::curve::p256, crypto::curve::p384}) {
    const folder_with_keys f(c);
    BOOST_TEST(!f.ca.has_keys());
    BOOST_CHECK_THROW(f.ca.own(), std::runtime_error);
    const auto own = f.make();
    BOOST_TEST(f.ca.has_keys());
    BOOST_TEST((f.ca.own() == own));
    BOOST_TEST((own.key()->curve() == c));
    BOOST_TEST((f.ca.open(f.context).own() == own));
    BOOST_TEST(has(f.refusal(), "already has an authority"));
  }
}

BOOST_AUTO_TEST_CASE(an_interrupted_creation_is_completed_with_its_key) {
  const folder_with_keys f;
  const auto first = f.make();
  std::filesystem::remove(f.ca.certificate_path());
  const auto second = f.make();
  BOOST_TEST((first.key() == second.key()));
}

BOOST_AUTO_TEST_CASE(a_lost_key_is_said) {
  const folder_with_keys f;
  f.make();
  std::filesystem::remove(f.ca.keyring_path().private_file());
  BOOST_TEST(has(f.refusal(), "its key"));
  BOOST_CHECK_THROW(f.ca.open(f.context), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_another_key_is_refused) {
  const folder_with_keys f;
  const folder_with_keys other;
  f.make();
  other.make();
  std::filesystem::copy_file(other.ca.certificate_path(),
                             f.ca.certificate_path(),
                             std::filesystem::copy_options::overwrite_existing);
  BOOST_CHECK_THROW(f.ca.open(f.context), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
