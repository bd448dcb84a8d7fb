// SPDX-License-Identifier: Apache-2.0
#include "apps/records/customer_files.hpp"

#include "apps/answers/seal_text.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/records/export_check.hpp"
#include "apps/records/signed_records.hpp"
#include "apps/records/verify_script.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/certificates/certificate.hpp"
#include "crypto/jose/jwk.hpp"
#include "crypto/keys/pem.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <stdexcept>
#include <string>
#include <string_view>

namespace chancery::apps {

namespace {

constexpr std::string_view verify_text = R"text(#!/bin/sh
# How to check this seal
#
# seal.jws holds an advanced electronic seal in the format JAdES (ETSI TS 119
# 182-1, level B-B): a signed copy of record.bin, with the certificate of
# whoever sealed it.
#
#   sealed by   {subject}
#   issued by   {issuer}
#   time        {time} (what the signer's clock said)
#
# Whether ca.pem is the authority that you trust, only you can say: get its
# certificate from the authority itself, not from this folder.
#
# 1. With OpenSSL alone, in this folder. It checks the certificate, the time and
#    the signature, and prints the record:
#
#      sh VERIFY.txt ca.pem seal.jws | cmp - record.bin && echo the seal is good
#
# 2. With Debian's jose (apt install jose). It checks the signature alone, under
#    the key that the certificate names:
#
#      echo '{jwk}' >key.jwk
#      jose jws ver -i seal.jws -k key.jwk -O - | cmp - record.bin
#
# 3. With Node.js and npm's jose (npm install jose), in a file check.mjs:
#
#      import {{ readFileSync as read }} from 'node:fs';
#      import {{ X509Certificate as Certificate }} from 'node:crypto';
#      import {{ compactVerify, importX509 }} from 'jose';
#      const ca = new Certificate(read('ca.pem'));
#      const der = (c) => new Certificate(Buffer.from(c, 'base64'));
#      const key = ({{ x5c, alg, iat }}) => {{
#        const chain = x5c.map(der);
#        [...chain, ca].slice(1).forEach((issuer, i) => {{
#          if (!chain[i].verify(issuer.publicKey)) throw new Error('untrusted');
#        }});
#        const then = iat * 1000;
#        for (const c of chain)
#          if (then < Date.parse(c.validFrom) || then > Date.parse(c.validTo))
#            throw new Error('the certificate was not valid then');
#        return importX509(chain[0].toString(), alg);
#      }};
#      await compactVerify(read('seal.jws', 'utf8'), key);
#      console.log('the seal is good');
#
# None of the three asks whether the certificate was revoked: ask the authority.
# The rest of this file is what the first one runs.

)text";

/// The script without its first lines, which are VERIFY.txt's own.
std::string_view script_body() {
  const auto script = verify_script();
  return script.substr(script.find("set -eu"));
}

void write(const std::filesystem::path& path, std::string_view bytes) {
  write_file(path, bytes, 0644, new_file::existing::keep);
}

void put_record(const signed_record& r, crypto::curve curve,
                const std::filesystem::path& folder) {
  if (r.batch.format != storage::signature_format::jades)
    throw std::runtime_error(fmt::format(
        "the signature of record {} is raw, not a seal: --format der writes "
        "what openssl verifies",
        r.id));
  actors::seal_formats formats(curve);
  const auto chain = r.view.certificates_of(formats.leaf_of(
      r.view, static_cast<std::uint32_t>(r.batch.fence >> 32), r.batch.key));
  const auto record = r.view.record(r.id);
  if (!record || !chain)
    throw storage::corrupt(
        fmt::format("record {} is signed, but it or its certificate is "
                    "missing: run `chancery audit`",
                    r.id));
  const crypto::certificate leaf(chain->front());
  write(folder / "seal.jws",
        seal_text(formats, r.view,
                  {.record = r.id, .batch = r.batch, .bytes = r.signature},
                  seal_serialization::compact));
  write(folder / "record.bin", crypto::text_of(*record));
  write(folder / "ca.pem", crypto::certificate_to_pem(chain->back()));
  const auto seconds = r.batch.time_ms / 1'000 * 1'000;
  write(folder / "VERIFY.txt",
        fmt::format(
            fmt::runtime(verify_text), fmt::arg("subject", leaf.subject()),
            fmt::arg("issuer", leaf.issuer()),
            fmt::arg("time", time_text(seconds)),
            fmt::arg("jwk", crypto::to_jwk(leaf.key().value()).dump())) +
            std::string(script_body()));
}

} // namespace

void export_for_customer(const export_job& job,
                         const std::filesystem::path& folder) {
  new_folder out(folder);
  export_check check(job.keys, job.verify);
  for_each_signature(job.store, job.selection, job.stop,
                     [&](const signed_record& r) {
                       check.add(r);
                       put_record(r, job.keys.curve, out.path());
                     });
  job.done += check.finish();
  out.commit(0777);
}

} // namespace chancery::apps
