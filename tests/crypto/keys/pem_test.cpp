// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/pem.hpp"

#include "crypto/base/bytes.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <stdexcept>

BOOST_AUTO_TEST_SUITE(pem_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

constexpr auto genpkey_p256 =
    "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";

/// The output of a command without its stderr.
std::string output(const std::string& command) {
  return run("{ " + command + "; } 2>/dev/null");
}

std::string refusal(const std::string& pem) {
  return complaint([&] { private_key_from_pem(pem); });
}

void refused(const std::string& pem, std::string_view word) {
  const auto said = refusal(pem);
  BOOST_TEST(contains(said, word), word << " <- " << said);
  BOOST_TEST(!contains(said, "\n"));
}

std::string piped(const std::string& text, const std::string& command) {
  const temp_folder folder;
  write_file(folder.path() / "in", text);
  return output("{ " + command + "; } <" + (folder.path() / "in").string());
}

std::string der_of(const std::string& pem) {
  return piped(pem, "sed /-----/d | base64 -d");
}

std::string block(const std::string& label, const std::string& der) {
  return "-----BEGIN " + label + "-----\n" + piped(der, "base64 -w 64") +
         "-----END " + label + "-----\n";
}

std::string without_point(const private_key& key) {
  return piped(to_pem(key),
               "openssl ec -no_public | openssl pkcs8 -topk8 -nocrypt");
}

/// Adds to the length of the outermost object.
void lengthen(std::string& der, std::size_t more) {
  auto& length = der.at((der.at(1) & 0x80) == 0 ? 1 : 2);
  length = static_cast<char>(length + static_cast<char>(more));
}

} // namespace

BOOST_AUTO_TEST_CASE(what_openssl_generates_is_read) {
  for (const std::string name : {"P-256", "P-384"}) {
    const auto pem = output(
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + name);
    const auto key = private_key_from_pem(pem);
    BOOST_TEST((key.curve() == curve_from_name(name)));
    // Text around the block is allowed (RFC 7468 section 2).
    BOOST_TEST(
        (private_key_from_pem("my key\n" + pem + "\nend\n").id() == key.id()));
    std::string crlf;
    for (const char c : pem)
      crlf += c == '\n' ? std::string("\r\n") : std::string(1, c);
    BOOST_TEST((private_key_from_pem(crlf).id() == key.id()));
  }
}

BOOST_AUTO_TEST_CASE(openssl_reads_what_we_write) {
  const temp_folder folder;
  const auto file = folder.path() / "key.pem";
  for (const auto c : {curve::p256, curve::p384})
    for (int i = 0; i < 5; ++i) {
      const auto key = private_key::generate(c, system_random());
      write_file(file, to_pem(key));
      const auto in = " -in " + file.string();
      BOOST_TEST(contains(run("openssl pkey -check -noout" + in), "is valid"));
      BOOST_TEST(output("openssl pkey -pubout" + in) ==
                 to_pem(key.public_half()));
      BOOST_TEST(output("openssl pkey" + in) == to_pem(key));
      BOOST_TEST((private_key_from_pem(to_pem(key)).id() == key.id()));
    }
}

BOOST_AUTO_TEST_CASE(a_small_scalar_keeps_its_leading_zeros) {
  const temp_folder folder;
  const auto file = folder.path() / "key.pem";
  for (const auto c : {curve::p256, curve::p384})
    for (const std::size_t zeros : {1U, 2U, 31U}) {
      std::vector<std::byte> scalar(field_size(c));
      scalar.at(zeros) = std::byte{0xd2};
      const private_key key(c, scalar);
      const auto pem = to_pem(key);
      BOOST_TEST(to_hex(private_key_from_pem(pem).scalar()) == to_hex(scalar));
      write_file(file, pem);
      BOOST_TEST(output("openssl pkey -in " + file.string()) == pem);
    }
}

BOOST_AUTO_TEST_CASE(every_other_kind_of_file_is_called_by_its_name) {
  const temp_folder folder;
  const auto file = (folder.path() / "key.pem").string();
  write_file(file, output(genpkey_p256));
  refused(output("openssl pkcs8 -topk8 -v2 aes256 -passout pass:x -in " + file),
          "encrypted");
  refused(output("openssl ec -in " + file), "SEC 1");
  refused(output("openssl ecparam -name prime256v1 -genkey"), "SEC 1");
  refused(output("openssl ecparam -name prime256v1"), "no BEGIN line");
  refused(output("openssl pkey -pubout -in " + file), "public key");
  refused(output("openssl req -x509 -batch -subj /CN=x -days 1 -key " + file),
          "certificate");
  refused(output("openssl req -new -batch -subj /CN=x -key " + file),
          "CERTIFICATE REQUEST");
  refused("", "not a PEM file");
  refused("a text\nof two lines\n", "not a PEM file");
  refused(std::string(1000, '\0'), "not a PEM file");
}

BOOST_AUTO_TEST_CASE(keys_of_other_kinds_and_curves_are_refused) {
  const std::string genpkey = "openssl genpkey -algorithm ";
  for (const auto* name : {"secp256k1", "P-521", "brainpoolP256r1"})
    refused(output(genpkey + "EC -pkeyopt ec_paramgen_curve:" + name),
            "another curve");
  refused(output(genpkey + "RSA -pkeyopt rsa_keygen_bits:1024"),
          "not for ECDSA");
  refused(output(genpkey + "ED25519"), "not for ECDSA");
  refused(output(genpkey + "X25519"), "not for ECDSA");
}

BOOST_AUTO_TEST_CASE(a_file_with_two_keys_is_refused) {
  const auto key = private_key::generate(curve::p256, system_random());
  refused(to_pem(key) + to_pem(key), "more than one");
  refused(to_pem(key) + to_pem(key.public_half()), "more than one");
}

BOOST_AUTO_TEST_CASE(a_public_half_may_be_missing_or_compressed) {
  const temp_folder folder;
  const auto file = (folder.path() / "key.pem").string();
  for (const auto c : {curve::p256, curve::p384}) {
    const auto key = private_key::generate(c, system_random());
    write_file(file, to_pem(key));
    for (const auto* form :
         {"openssl ec -no_public", "openssl ec -conv_form compressed"})
      BOOST_TEST(
          (private_key_from_pem(output(std::string(form) + " -in " + file +
                                       " | openssl pkcs8 -topk8 -nocrypt"))
               .id() == key.id()));
  }
}

BOOST_AUTO_TEST_CASE(explicit_parameters_are_those_of_a_named_curve) {
  for (const std::string name : {"P-256", "P-384", "secp256k1"}) {
    const auto pem = output(
        "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:" + name +
        " -pkeyopt ec_param_enc:explicit");
    const temp_folder folder;
    const auto file = folder.path() / "key.pem";
    write_file(file, pem);
    const auto without_point =
        output("openssl ec -no_public -param_enc explicit -in " +
               file.string() + " | openssl pkcs8 -topk8 -nocrypt");
    if (name == "secp256k1") {
      refused(pem, "another curve");
      refused(without_point, "another curve");
      continue;
    }
    const auto key = private_key_from_pem(pem);
    BOOST_TEST((key.curve() == curve_from_name(name)));
    BOOST_TEST((private_key_from_pem(without_point).id() == key.id()));
  }
}

BOOST_AUTO_TEST_CASE(attributes_are_ignored) {
  const auto key = private_key::generate(curve::p256, system_random());
  // [0] { SEQUENCE { friendlyName, SET { BMPString "k" } } } (RFC 5208, 2985)
  const auto octets = from_hex("a0153013"
                               "06092a864886f70d010914"
                               "31061e04006b006b");
  const std::string attribute(text_of(octets));
  for (const auto& pem : {to_pem(key), without_point(key)}) {
    auto der = der_of(pem);
    lengthen(der, attribute.size());
    der += attribute;
    BOOST_TEST(
        (private_key_from_pem(block("PRIVATE KEY", der)).id() == key.id()));
  }
}

BOOST_AUTO_TEST_CASE(bytes_behind_a_key_or_certificate_are_refused) {
  const auto key = private_key::generate(curve::p256, system_random());
  const auto other =
      der_of(to_pem(private_key::generate(curve::p384, system_random())));
  constexpr auto follow = "bytes follow the private key";
  for (const auto& pem : {to_pem(key), without_point(key)}) {
    const auto der = der_of(pem);
    for (const auto& more :
         {std::string(1, '\0'), std::string("x"), der, other})
      refused(block("PRIVATE KEY", der + more), follow);
    // Inside the octet string that holds the key, the last one in the DER.
    auto inner = der;
    lengthen(inner, 1);
    const auto octet_string = inner.find('\4');
    BOOST_REQUIRE(inner[octet_string + 1] > 0); // below 128
    ++inner[octet_string + 1];
    refused(block("PRIVATE KEY", inner + '\0'), follow);
  }
  const temp_folder folder;
  const auto file = (folder.path() / "key.pem").string();
  write_file(file, to_pem(key));
  const auto certificate = der_of(
      output("openssl req -x509 -batch -subj /CN=x -days 1 -key " + file));
  for (const auto& more : {std::string(1, '\0'), certificate})
    BOOST_TEST(complaint([&] {
                 certificate_from_pem(block("CERTIFICATE", certificate + more));
               }) == "bytes follow the certificate");
}

BOOST_AUTO_TEST_CASE(a_public_half_of_another_key_is_refused) {
  const auto one = private_key::generate(curve::p256, system_random());
  const auto two = private_key::generate(curve::p256, system_random());
  auto der = der_of(to_pem(one));
  const auto other = der_of(to_pem(two));
  BOOST_REQUIRE(der.size() == other.size());
  der.replace(der.size() - 64, 64, other, other.size() - 64, 64);
  refused(block("PRIVATE KEY", der), "belongs to another private key");
}

BOOST_AUTO_TEST_CASE(every_truncation_is_refused) {
  const auto pem = to_pem(private_key::generate(curve::p256, system_random()));
  for (std::size_t size = 0; size < pem.size() - 1; ++size)
    BOOST_REQUIRE(!refusal(pem.substr(0, size)).empty());
}

BOOST_AUTO_TEST_CASE(a_changed_file_is_refused_or_is_the_same_key) {
  // The PEM also holds the public half, so a changed scalar is noticed.
  const auto key = private_key::generate(curve::p256, system_random());
  const auto pem = to_pem(key);
  for (std::size_t i = 0; i < pem.size(); ++i)
    for (const char c : {'A', 'b', '\n', '-'}) {
      auto changed = pem;
      changed[i] = c;
      try {
        BOOST_REQUIRE((private_key_from_pem(changed).id() == key.id()));
      } catch (const std::invalid_argument& e) {
        BOOST_REQUIRE(*e.what() != '\0');
      }
    }
}

BOOST_AUTO_TEST_CASE(no_error_text_quotes_the_file) {
  const auto pem = to_pem(private_key::generate(curve::p256, system_random()));
  const auto line = pem.substr(pem.find('\n') + 1, 20);
  auto damaged = pem;
  damaged[pem.find('\n') + 30] = '?';
  const auto said = refusal(damaged);
  BOOST_TEST(!said.empty());
  BOOST_TEST(!contains(said, line));
}

BOOST_AUTO_TEST_CASE(a_certificate_is_taken_out_of_its_block_and_put_back) {
  const temp_folder folder;
  const auto file = (folder.path() / "key.pem").string();
  write_file(file, output(genpkey_p256));
  const auto pem =
      output("openssl req -x509 -batch -subj /CN=x -days 1 -key " + file);
  const auto der = certificate_from_pem("a text before\n" + pem);
  BOOST_TEST(certificate_to_pem(der) == pem);
  const auto said = [](const std::string& text) {
    return complaint([&] { certificate_from_pem(text); });
  };
  BOOST_TEST(contains(said(pem + pem), "more than one"));
  BOOST_TEST(contains(said(output("cat " + file)), "'PRIVATE KEY'"));
  BOOST_TEST(contains(said(""), "not a PEM file"));
  BOOST_TEST(contains(said(pem.substr(0, 100)), "cut short"));
  auto damaged = pem;
  damaged[100] = '?';
  BOOST_TEST(contains(said(damaged), "damaged"));
}

BOOST_AUTO_TEST_SUITE_END()
