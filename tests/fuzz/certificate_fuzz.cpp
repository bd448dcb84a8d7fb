// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for what authorities hand out. The first byte selects what
// the rest is: a certificate, a list of revocations, a file with certificates,
// PKCS#12, or a template of subjects. Only std::invalid_argument and
// std::bad_alloc may escape from reading, nothing from judging.
#include "crypto/base/bytes.hpp"
#include "crypto/certificates/certificate_path.hpp"
#include "crypto/certificates/pkcs12.hpp"
#include "crypto/certificates/seal_profile.hpp"
#include "crypto/certificates/subject_template.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace chancery::crypto;

void require(bool holds) {
  if (!holds)
    std::abort();
}

void require_printable(const std::string& text) {
  require(std::none_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) < ' ' || c == '\x7f';
  }));
}

void look_at(const certificate& c) {
  require_printable(c.subject());
  require_printable(c.issuer());
  require(c.serial().size() % 2 == 0);
  require(c == certificate(c.der()));
  check_seal_profile(c);
  const std::vector all{c};
  const auto finding = check_path(c, all, all, {}, c.not_before());
  require(finding.verdict != certificate_verdict::valid);
  require(!finding.why.empty());
}

void read_one_list(std::string_view bytes) {
  const revocation_list list(bytes_of(bytes));
  require_printable(list.issuer());
  require(list.is_as_new_as(list));
  for (const auto& entry : list.entries())
    require(list.find(entry.serial).has_value());
}

void fill_template(std::string_view text) {
  const subject_template subject(text);
  subject.warnings();
  const auto name = subject.fill(12345, "abcdefghijk");
  require_printable(subject_text(name));
}

void read(std::uint8_t kind, std::string_view text) {
  switch (kind % 5) {
  case 0:
    look_at(certificate(bytes_of(text)));
    break;
  case 1:
    read_one_list(text);
    break;
  case 2:
    for (const auto& c : read_certificates(text))
      look_at(c);
    break;
  case 3:
    read_pkcs12(bytes_of(text), "secret");
    break;
  default:
    fill_template(text);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1),
                              size - 1);
  try {
    read(data[0], text);
  } catch (const std::invalid_argument&) {
  }
  return 0;
}
