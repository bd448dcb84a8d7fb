// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certified worker that has greeted CAF, and sends frames of its choice.

#include "tests/actors/transport/fixture.hpp"
#include "tests/actors/transport/frames.hpp"
#include "tests/actors/transport/raw_client.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

namespace chancery::tests {

struct forger {
  crypto::host_credentials certificate;
  raw_tls tls;

  forger(crypto::host_credentials own, std::uint16_t port, char last = 'F')
      : certificate(std::move(own)), tls(port, certificate) {
    BOOST_TEST_REQUIRE(tls.handshake(), tls.why());
    tls.send(client_handshake(last).bytes());
    const auto header = tls.read(32);
    BOOST_TEST_REQUIRE(header.size() == 32u);
    if (header[0] == '\xff') // a refusal
      refusal = tls.read(static_cast<unsigned char>(header[7]));
  }

  forger(const cluster& c, const coordinator_host& office, char last = 'F')
      : forger(c.issue(crypto::host_role::worker, "forger"), office.port(),
               last) {}

  std::string refusal; ///< empty when it was let in
};

/// Sends heartbeats over many links, from its own thread.
class heart {
 public:
  explicit heart(std::vector<std::unique_ptr<forger>>& links)
      : thread_([this, &links] {
          while (!over_) {
            for (auto& l : links)
              if (l->refusal.empty())
                l->tls.send(heartbeat().bytes());
            std::this_thread::sleep_for(300ms);
          }
        }) {}
  heart(const heart&) = delete;
  heart& operator=(const heart&) = delete;
  ~heart() {
    over_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

} // namespace chancery::tests
