// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for seals that a stranger hands in. The first byte selects
// the layer, so that the fuzzer does not have to discover base64 first: a whole
// text, a protected header, what is not signed, or a token. Only std::bad_alloc
// may escape. One seal was made under the root below, so any text that is valid
// has its record and its header.
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/seals/seal_check.hpp"
#include "crypto/seals/seal_token.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace chancery::crypto;

constexpr std::string_view root_pem = R"(-----BEGIN CERTIFICATE-----
MIIBfTCCASOgAwIBAgIULoqJKUi0F9kjpSS66T4Y2nrBINMwCgYIKoZIzj0EAwIw
DDEKMAgGA1UEAwwBQTAeFw0yNjExMzAxNDA2MjJaFw00NjExMjUxNDA2MjJaMAwx
CjAIBgNVBAMMAUEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQGdHlFHEFYXO2c
4YGqEkyInT1o3TGjSYP2bJFaGvYX5J5//1lN8XlidYhcgkQ8K14cr69+0Z9qGWOW
bsK760M4o2MwYTAdBgNVHQ4EFgQUXTio5qbnuuh4oeHdLsIWatbYIuswHwYDVR0j
BBgwFoAUXTio5qbnuuh4oeHdLsIWatbYIuswDwYDVR0TAQH/BAUwAwEB/zAOBgNV
HQ8BAf8EBAMCAgQwCgYIKoZIzj0EAwIDSAAwRQIgOc/H1bndCuAZF4KCLSZj+7cB
HomWW+D1o6KsFgM7hJ4CIQDMBe4Dg9SJ36/jOwQ6K/MwsDnEsdAmp+NZ580awftC
Hg==
-----END CERTIFICATE-----)";

constexpr std::string_view known_header =
    R"({"alg":"ES256","x5t#S256":"MJjjAe-0QPmP9btw2wW_sBBFDBlej3JlgyDQnuk)"
    R"(K_gA","x5c":["MIIBfzCCASWgAwIBAgIUO0tjJp4nFDauq45NyfA5XUn3UkYwCgYI)"
    R"(KoZIzj0EAwIwDDEKMAgGA1UEAwwBQTAeFw0yNjExMzAxNDA2MjJaFw00NjExMjQxND)"
    R"(A2MjJaMBExDzANBgNVBAMMBnNpZ25lcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA)"
    R"(BNXSvogCcYo02zEywzLoFyEVTR18plpoPch2H9KjChSNXztdPmeFbbXTlUexZhBV9x)"
    R"(GuHDill+OgHva0DpZ/2FCjYDBeMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgZA)"
    R"(MB0GA1UdDgQWBBRh7AgyyX+2vlvie0Y/wq3QVflVhjAfBgNVHSMEGDAWgBRdOKjmpu)"
    R"(e66Hih4d0uwhZq1tgi6zAKBggqhkjOPQQDAgNIADBFAiEAytAsHqfBiJBTZEoMi+tQ)"
    R"(fTE982ZWNicrW0q3KVz/dq4CIA0cC0A//S9zzQcgVo8TdEXphJoFWXYN+bpzU7/bFC)"
    R"(Rx"],"iat":1796047642})";

constexpr std::string_view known_signature =
    "sO1H7T8J0ObUBb2eRYXesEsPpt8pcJJXj0gBhG1NTF8"
    "i71qnkHbKGl_tSbsYNruMAwXDb6FXukbrCTYKuwpaJQ";

constexpr std::int64_t known_time = 1796047642;

void require(bool holds) {
  if (!holds)
    std::abort();
}

std::string encoded(std::string_view text) {
  return base64url_encode(bytes_of(text));
}

const seal_check_options& known_options() {
  static const auto options = [] {
    seal_check_options made;
    made.roots = read_certificates(root_pem);
    made.at = known_time;
    return made;
  }();
  return options;
}

void check_text(std::string_view text) {
  const auto report = check_seal(text, known_options());
  require(report.failures.empty() || report.verdict == seal_verdict::invalid);
  if (report.verdict == seal_verdict::valid)
    require(report.record == "a record" && report.signed_at == known_time);
}

void check_header(std::string_view header) {
  check_text(encoded(header) + "." + encoded("a record") + "." +
             std::string(known_signature));
}

void check_unprotected(std::string_view json) {
  check_text(R"({"payload":")" + encoded("a record") + R"(","protected":")" +
             encoded(known_header) + R"(","header":)" + std::string(json) +
             R"(,"signature":")" + std::string(known_signature) + "\"}");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size == 0)
    return 0;
  const std::string_view text(reinterpret_cast<const char*>(data + 1),
                              size - 1);
  switch (data[0] % 4) {
  case 0:
    check_text(text);
    break;
  case 1:
    check_header(text);
    break;
  case 2:
    check_unprotected(text);
    break;
  default:
    check_token(bytes_of(text), known_signature, known_options().roots);
  }
  return 0;
}
