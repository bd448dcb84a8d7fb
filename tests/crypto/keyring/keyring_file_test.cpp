// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/keyring_file.hpp"

#include "crypto/jose/password_jwe.hpp"
#include "crypto/keyring/keyring_json.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(keyring_file_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr auto passphrase = "correct horse battery staple";

/// A keyring on disk. Its file uses few iterations, so that it can be opened
/// thousands of times; the format is the usual one.
struct on_disk {
  temp_folder folder;
  keyring_path path{folder.path()};
  keyring keys{curve::p256, 2, system_random()};

  on_disk() {
    write_private(keyring_to_json(keys));
    write_file(path.public_file(), public_text());
  }

  std::string public_text() const {
    return public_keyring_to_json(public_half(keys));
  }

  void write_private(std::string_view json) const {
    write_file(path.private_file(),
               seal_under_passphrase(json, passphrase, "jwk-set+json",
                                     system_random(), 1000));
    ::chmod(path.private_file().c_str(), 0600);
  }

  std::string refusal() const {
    return complaint([&] { open_keyring(path, passphrase, true); });
  }

  bool opens() const {
    return to_hex(open_keyring(path, passphrase, true).keys.lease_secret()) ==
           to_hex(keys.lease_secret());
  }
};

mode_t mode_of(const std::filesystem::path& file) {
  struct stat info {};
  ::stat(file.c_str(), &info);
  return info.st_mode & 07777;
}

/// Checks that `said` is one line that names the file.
void well_said(const std::string& said, const std::filesystem::path& file) {
  BOOST_TEST(contains(said, file.string()), said);
  BOOST_TEST(!contains(said, "\n"));
}

} // namespace

BOOST_AUTO_TEST_CASE(a_saved_keyring_opens_again) {
  const temp_folder folder;
  const keyring_path path{folder.path(), "node"};
  const keyring keys(curve::p384, 2, system_random());
  save_keyring(path, keys, passphrase, system_random());
  BOOST_TEST(path.private_file().filename() == "node.jwe");
  BOOST_TEST(path.public_file().filename() == "node.pub.json");
  BOOST_TEST(mode_of(path.private_file()) == 0600U);
  BOOST_TEST(mode_of(path.public_file()) == 0644U);

  const auto opened = open_keyring(path, passphrase, false);
  BOOST_TEST(opened.warnings.empty());
  BOOST_TEST(to_hex(opened.keys.keys()[1].key.scalar()) ==
             to_hex(keys.keys()[1].key.scalar()));
  BOOST_TEST((fingerprint(read_public_keyring(path)) ==
              fingerprint(public_half(keys))));
  BOOST_CHECK_THROW(open_keyring(path, "correct horse", false),
                    wrong_passphrase);
  BOOST_CHECK_THROW(save_keyring(path, keys, "", system_random()),
                    std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_names_the_file_and_no_secret) {
  const on_disk disk;
  try {
    open_keyring(disk.path, "guess-nr-17", true);
    BOOST_ERROR("it opened");
  } catch (const wrong_passphrase& e) {
    well_said(e.what(), disk.path.private_file());
    BOOST_TEST(!contains(e.what(), "guess"));
  }
}

BOOST_AUTO_TEST_CASE(a_missing_keyring_says_what_to_do) {
  const temp_folder folder;
  const keyring_path path{folder.path()};
  const auto said = complaint([&] { open_keyring(path, "x", true); });
  well_said(said, path.private_file());
  BOOST_TEST(contains(said, "init"));
  well_said(complaint([&] { read_public_keyring(path); }), path.public_file());
}

BOOST_AUTO_TEST_CASE(a_file_that_others_can_read_is_warned_of) {
  const on_disk disk;
  for (const mode_t mode : {0644U, 0640U, 0604U, 0660U, 0600U, 0400U}) {
    ::chmod(disk.path.private_file().c_str(), mode);
    const auto opened = open_keyring(disk.path, passphrase, true);
    BOOST_TEST(opened.warnings.size() == ((mode & 077U) != 0 ? 1U : 0U));
    for (const auto& warning : opened.warnings)
      BOOST_TEST(contains(warning, "chmod 600"));
  }
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const on_disk disk;
  const auto whole = read_text(disk.path.private_file());
  for (std::size_t size = 0; size < whole.size(); size += 3) {
    write_file(disk.path.private_file(), whole.substr(0, size));
    well_said(disk.refusal(), disk.path.private_file());
  }
  write_file(disk.path.private_file(), whole);
  BOOST_TEST(disk.opens());
}

BOOST_AUTO_TEST_CASE(every_changed_byte_is_noticed) {
  const on_disk disk;
  const auto whole = read_text(disk.path.private_file());
  for (std::size_t i = 0; i < whole.size(); ++i) {
    auto changed = whole;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    write_file(disk.path.private_file(), changed);
    BOOST_REQUIRE(contains(disk.refusal(), disk.path.private_file().string()));
  }
}

BOOST_AUTO_TEST_CASE(a_line_end_behind_the_text_does_no_harm) {
  const on_disk disk;
  const auto whole = read_text(disk.path.private_file());
  for (const auto* end : {"\n", "\r\n"}) {
    write_file(disk.path.private_file(), whole + end);
    BOOST_TEST(disk.opens());
  }
  write_file(disk.path.private_file(), whole + "\n\n");
  well_said(disk.refusal(), disk.path.private_file());
}

BOOST_AUTO_TEST_CASE(other_kinds_of_files_are_refused) {
  const on_disk disk;
  for (const auto* text : {"", "{}", "-----BEGIN PRIVATE KEY-----\n",
                           "a.b.c.d.e", "....", "\x00\x01\x02\x03"}) {
    write_file(disk.path.private_file(), text);
    well_said(disk.refusal(), disk.path.private_file());
  }
  std::filesystem::remove(disk.path.private_file());
  std::filesystem::create_directory(disk.path.private_file());
  well_said(disk.refusal(), disk.path.private_file());
}

BOOST_AUTO_TEST_CASE(a_sealed_text_of_something_else_is_refused) {
  const on_disk disk;
  for (const auto* text : {"", "{}", "[]", R"({"keys":[]})", "{\"d\":\"xyz"}) {
    disk.write_private(text);
    const auto said = disk.refusal();
    well_said(said, disk.path.private_file());
    BOOST_TEST(!contains(said, "xyz"));
  }
}

BOOST_AUTO_TEST_CASE(a_newer_private_file_is_refused) {
  const on_disk disk;
  disk.write_private(R"({"chancery_format":3})");
  const auto said = disk.refusal();
  well_said(said, disk.path.private_file());
  BOOST_TEST(contains(said, "newer"));
}

BOOST_AUTO_TEST_CASE(a_newer_public_file_is_refused_and_left_alone) {
  const on_disk disk;
  const std::string newer = R"({"chancery_format":3,"keys":{}})";
  write_file(disk.path.public_file(), newer);
  const auto said = disk.refusal();
  well_said(said, disk.path.public_file());
  BOOST_TEST(contains(said, "newer"));
  BOOST_TEST(read_text(disk.path.public_file()) == newer);
  BOOST_TEST(
      contains(complaint([&] { read_public_keyring(disk.path); }), "newer"));
}

BOOST_AUTO_TEST_CASE(a_public_file_that_is_wrong_is_repaired_or_warned_of) {
  const on_disk disk;
  const auto right = disk.public_text();
  const auto other =
      public_keyring_to_json(public_half({curve::p256, 2, system_random()}));
  auto retired = disk.keys;
  retired.retire(retired.keys()[0].key.id());
  const std::vector<std::string> wrongs{
      "(missing)", "",
      "{}",        right.substr(0, right.size() / 2),
      other,       public_keyring_to_json(public_half(retired))};
  for (const auto& wrong : wrongs) {
    write_file(disk.path.public_file(), wrong);
    if (wrong == "(missing)")
      std::filesystem::remove(disk.path.public_file());
    const auto looked = open_keyring(disk.path, passphrase, false);
    BOOST_TEST(looked.warnings.size() == 1U);
    if (wrong == "(missing)")
      BOOST_TEST(!std::filesystem::exists(disk.path.public_file()));
    else
      BOOST_TEST(read_text(disk.path.public_file()) == wrong);

    BOOST_TEST(open_keyring(disk.path, passphrase, true).warnings.size() == 1U);
    BOOST_TEST(read_text(disk.path.public_file()) == right);
    BOOST_TEST(open_keyring(disk.path, passphrase, true).warnings.empty());
  }
}

BOOST_AUTO_TEST_CASE(a_changed_public_file_never_shows_other_keys) {
  const on_disk disk;
  const auto right = disk.public_text();
  const auto wanted = fingerprint(public_half(disk.keys));
  for (std::size_t i = 0; i < right.size(); ++i) {
    auto changed = right;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    write_file(disk.path.public_file(), changed);
    try {
      BOOST_REQUIRE((fingerprint(read_public_keyring(disk.path)) == wanted));
    } catch (const std::runtime_error& e) {
      BOOST_REQUIRE(contains(e.what(), disk.path.public_file().string()));
    }
  }
}

BOOST_AUTO_TEST_CASE(an_interrupted_change_ends_in_the_new_keyring) {
  // The private file is replaced first. The process ends before it replaces the
  // public file, and leaves a temporary file behind.
  on_disk disk;
  const auto before = disk.public_text();
  disk.keys.add(private_key::generate(curve::p256, system_random()));
  save_keyring(disk.path, disk.keys, passphrase, system_random());
  write_file(disk.path.public_file(), before);
  const auto leftover = disk.folder.path() / ".chancery-a1B2c3";
  write_file(leftover, "half of");
  const auto opened = open_keyring(disk.path, passphrase, true);
  BOOST_TEST(opened.keys.keys().size() == 3U);
  BOOST_TEST(opened.warnings.size() == 1U);
  BOOST_TEST(read_public_keyring(disk.path).keys.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_change_interrupted_before_the_rename_changes_nothing) {
  const on_disk disk;
  const auto leftover = disk.folder.path() / ".chancery-a1B2c3";
  write_file(leftover, "half of");
  ::chmod(leftover.c_str(), 0666);
  BOOST_TEST(disk.opens());
  save_keyring(disk.path, disk.keys, passphrase, system_random());
  BOOST_TEST(mode_of(disk.path.private_file()) == 0600U);
  BOOST_TEST(disk.opens());
}

BOOST_AUTO_TEST_CASE(a_linked_file_is_replaced_where_the_link_leads) {
  // For example, to a volume that is mounted only while somebody signs.
  on_disk disk;
  const auto secret = disk.folder.path() / "secret";
  std::filesystem::create_directory(secret);
  for (const auto& file : {disk.path.private_file(), disk.path.public_file()}) {
    std::filesystem::rename(file, secret / file.filename());
    std::filesystem::create_symlink(
        std::filesystem::path("secret") / file.filename(), file);
  }
  const auto before = read_text(secret / "keyring.jwe");
  disk.keys.add(private_key::generate(curve::p256, system_random()));
  save_keyring(disk.path, disk.keys, passphrase, system_random());
  BOOST_TEST(std::filesystem::is_symlink(disk.path.private_file()));
  BOOST_TEST(std::filesystem::is_symlink(disk.path.public_file()));
  BOOST_TEST(read_text(secret / "keyring.jwe") != before);
  BOOST_TEST(mode_of(secret / "keyring.jwe") == 0600U);
  BOOST_TEST(disk.opens());
  BOOST_TEST(read_public_keyring(disk.path).keys.size() == 3U);

  std::filesystem::remove(secret / "keyring.jwe");
  save_keyring(disk.path, disk.keys, passphrase, system_random());
  BOOST_TEST(std::filesystem::is_symlink(disk.path.private_file()));
  BOOST_TEST(disk.opens());
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_written_is_named) {
  const on_disk disk;
  const keyring_path nowhere{disk.folder.path() / "missing"};
  well_said(complaint([&] {
              save_keyring(nowhere, disk.keys, passphrase, system_random());
            }),
            nowhere.private_file());
}

BOOST_AUTO_TEST_SUITE_END()
