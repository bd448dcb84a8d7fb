// SPDX-License-Identifier: Apache-2.0
#include "apps/folders/worker_keyring.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/keyring/keyring_file.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>
#include <string>

BOOST_AUTO_TEST_SUITE(worker_keyring_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

namespace fs = std::filesystem;

struct bundle_file {
  tests::temp_folder folder;
  fs::path path = folder.path() / "worker.bundle";
  fs::path secret = folder.path() / "secret";
  crypto::keyring keys{crypto::curve::p256, 2, crypto::system_random()};
  crypto::random_id id = crypto::make_random_id(crypto::system_random());

  bundle_file() {
    write(secret, "right\n");
    write(path,
          crypto::seal_bundle(keys, id, "right", crypto::system_random()));
  }

  static void write(const fs::path& file, std::string_view text) {
    write_file(file, text, 0600, new_file::existing::replace);
  }

  std::string refusal() const {
    try {
      open_worker_keyring(path, secret);
    } catch (const std::runtime_error& e) {
      return e.what();
    }
    return {};
  }
};

void well_said(const std::string& said, const bundle_file& file,
               const std::string& word) {
  BOOST_TEST(said.find(word) != std::string::npos, word << " <- " << said);
  BOOST_TEST(said.find(file.path.string()) != std::string::npos, said);
}

} // namespace

BOOST_AUTO_TEST_CASE(a_bundle_opens_with_its_folder_and_keys) {
  const bundle_file file;
  const auto opened = open_worker_keyring(file.path, file.secret);
  BOOST_TEST((opened.folder == file.id));
  BOOST_TEST((crypto::worker_fingerprint(opened.keys) ==
              crypto::worker_fingerprint(file.keys)));
}

BOOST_AUTO_TEST_CASE(the_passphrase_beside_it_opens_it) {
  const bundle_file file;
  fs::rename(file.secret, bundle_passphrase_path(file.path));
  BOOST_TEST((open_worker_keyring(file.path, {}).folder == file.id));
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_is_named_by_its_source) {
  const bundle_file file;
  file.write(file.secret, "wrong\n");
  BOOST_CHECK_THROW(open_worker_keyring(file.path, file.secret),
                    crypto::wrong_passphrase);
  well_said(file.refusal(), file, "does not open it");
  well_said(file.refusal(), file, file.secret.string());
}

BOOST_AUTO_TEST_CASE(a_keyring_and_any_other_file_are_refused) {
  const bundle_file file;
  crypto::save_keyring({file.folder.path()}, file.keys, "right",
                       crypto::system_random());
  fs::rename(file.folder.path() / "keyring.jwe", file.path);
  well_said(file.refusal(), file, "it is a keyring, not a keyring bundle");
  well_said(file.refusal(), file, "chancery keys bundle");
  file.write(file.path, "something else");
  well_said(file.refusal(), file, "not a compact JWE");
  fs::remove(file.path);
  well_said(file.refusal(), file, "No such file");
}

BOOST_AUTO_TEST_SUITE_END()
