// SPDX-License-Identifier: Apache-2.0
#include "tests/crypto/certificates/pki_fixture.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>

namespace chancery::crypto::test {

std::optional<std::filesystem::path> jades_vectors() {
  const char* folder = std::getenv("CHANCERY_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: jades/pki, as CHANCERY_VECTORS is not set\n";
    return std::nullopt;
  }
  return std::filesystem::path(folder) / "jades";
}

certificate read_certificate(const std::filesystem::path& file) {
  return read_certificates(read_text(file)).at(0);
}

std::filesystem::path openssl_pki::file(const std::string& name) const {
  return folder_.path() / name;
}

std::string openssl_pki::openssl(const std::string& command) const {
  return run(fmt::format("cd {} && openssl {} 2>&1", folder_.path().string(),
                         command));
}

certificate openssl_pki::issue(const openssl_request& wanted) {
  const auto& name = wanted.name;
  if (wanted.key_of.empty())
    openssl(fmt::format("genpkey -algorithm {} -out {}.key", wanted.key, name));
  else
    std::filesystem::copy_file(file(wanted.key_of + ".key"),
                               file(name + ".key"));
  openssl(fmt::format("req -new -batch -key {0}.key -subj '{1}' -out {0}.csr",
                      name,
                      wanted.subject.empty() ? "/CN=" + name : wanted.subject));
  write_file(file("extensions"), wanted.extensions);
  const auto signer =
      wanted.issuer.empty()
          ? fmt::format("-signkey {}.key", name)
          : fmt::format("-CA {0}.pem -CAkey {0}.key -CAcreateserial",
                        wanted.issuer);
  openssl(fmt::format("x509 -req -in {0}.csr {1} -extfile extensions {2} "
                      "-out {0}.pem",
                      name, signer, wanted.options));
  return read_certificate(file(name + ".pem"));
}

certificate openssl_pki::issue_leaf(const std::string& name,
                                    const std::string& issuer,
                                    const std::string& extensions) {
  return issue({.name = name, .issuer = issuer, .extensions = extensions});
}

revocation_list openssl_pki::list(const std::string& issuer,
                                  const std::vector<std::string>& revoked,
                                  const std::string& extensions,
                                  const std::string& number) {
  write_file(file("index"), "");
  write_file(file("crlnumber"), number + "\n");
  write_file(file("ca.cnf"),
             fmt::format("[ca]\ndefault_ca=a\n[a]\ndatabase=index\n"
                         "crlnumber=crlnumber\ndefault_md=sha256\n"
                         "default_crl_days=30\ncrl_extensions=e\n[e]\n"
                         "authorityKeyIdentifier=keyid\n{}\n",
                         extensions));
  const auto ca =
      fmt::format("ca -config ca.cnf -cert {0}.pem -keyfile {0}.key", issuer);
  for (const auto& name : revoked)
    openssl(
        fmt::format("{} -revoke {}.pem -crl_reason keyCompromise", ca, name));
  openssl(ca + " -gencrl -out list.crl");
  return read_revocation_list(read_text(file("list.crl")));
}

} // namespace chancery::crypto::test
