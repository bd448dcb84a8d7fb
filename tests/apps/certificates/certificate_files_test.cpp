// SPDX-License-Identifier: Apache-2.0
#include "apps/certificates/certificate_files.hpp"

#include "apps/platform/new_file.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/pem.hpp"
#include "crypto/keys/pem_block.hpp"
#include "tests/crypto/certificates/seal_fixture.hpp"
#include "tests/temp_folder.hpp"

#include <boost/test/unit_test.hpp>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(certificate_files_test)

using namespace chancery;
using namespace chancery::apps;

namespace {

namespace fs = std::filesystem;

struct pem_files {
  tests::temp_folder folder;
  tests::seal_fixture f;

  fs::path put(const char* name, std::string_view text) const {
    const auto file = folder.path() / name;
    write_file(file, text, 0600, new_file::existing::replace);
    return file;
  }
};

template <class Action>
void refuses(const Action& action, const char* file, std::string_view word) {
  try {
    action();
    BOOST_ERROR("not refused: " << file);
  } catch (const std::runtime_error& e) {
    const std::string_view said(e.what());
    BOOST_TEST(said.find(file) != said.npos, said);
    BOOST_TEST(said.find(word) != said.npos, said);
  }
}

} // namespace

BOOST_AUTO_TEST_CASE(certificates_of_all_files_are_read_in_order) {
  const pem_files p;
  const auto a = p.f.issue(0);
  const auto b = p.f.issue(1);
  const auto root = p.f.authority.own();
  const std::vector<fs::path> files{
      p.put("a", crypto::certificate_to_pem(b.der()) +
                     crypto::certificate_to_pem(root.der())),
      p.put("b", crypto::text_of(a.der()))};
  const auto read = read_certificate_files(files);
  BOOST_REQUIRE(read.size() == 3);
  BOOST_TEST((read[0] == b));
  BOOST_TEST((read[1] == root));
  BOOST_TEST((read[2] == a));
}

BOOST_AUTO_TEST_CASE(errors_name_the_file) {
  const pem_files p;
  const std::vector<fs::path> wrong{p.put("wrong", "hello")};
  refuses([&] { read_certificate_files(wrong); }, "wrong", "no certificate");
  const std::vector<fs::path> missing{p.folder.path() / "missing"};
  refuses([&] { read_certificate_files(missing); }, "missing", "cannot");
  refuses([&] { read_list_file(wrong.front()); }, "wrong",
          "no list of revocations");
}

BOOST_AUTO_TEST_CASE(only_roots_are_roots) {
  const pem_files p;
  const auto root = crypto::certificate_to_pem(p.f.authority.own().der());
  BOOST_TEST(read_root_file(p.put("root", root)).size() == 1);
  const auto leaf = crypto::certificate_to_pem(p.f.issue(0).der());
  refuses([&] { read_root_file(p.put("leaf", root + leaf)); }, "leaf",
          "no root");
}

BOOST_AUTO_TEST_CASE(a_list_is_read) {
  const pem_files p;
  const auto list = p.f.revoke({p.f.issue(0)});
  const auto file = p.put("list", crypto::to_pem_block("X509 CRL", list.der()));
  BOOST_TEST(read_list_file(file).entries().size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
