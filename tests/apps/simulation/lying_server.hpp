// SPDX-License-Identifier: Apache-2.0
#pragma once

// A server on the loopback whose answers a test may change on their way.

#include "apps/http/http_client.hpp"
#include "apps/http/http_server.hpp"

#include <functional>
#include <string>
#include <utility>

namespace chancery::tests {

class lying_server {
 public:
  explicit lying_server(apps::http_handler honest)
      : server_({}, changed(std::move(honest))) {}

  apps::http_client_options address() const { return {.port = server_.port()}; }

  /// In the answer to this path, takes `from` for `to` once.
  void change(std::string path, std::string from, std::string to) {
    lie_ = [=](const std::string& asked, apps::http_response& response) {
      const auto at = response.body.find(from);
      if (asked == path && at != std::string::npos)
        response.body.replace(at, from.size(), to);
    };
  }

 private:
  apps::http_handler changed(apps::http_handler honest) {
    auto lying = honest;
    lying.admit = [this, honest](const apps::http_request& head) {
      auto admission = honest.admit(head);
      admission.serve = [this, serve = std::move(admission.serve)](
                            apps::http_request request,
                            const apps::http_responder& respond) {
        const auto path = request.text;
        serve(std::move(request),
              {[this, respond, path](apps::http_response response) {
                 if (lie_)
                   lie_(path, response);
                 respond(std::move(response));
               },
               [] {}});
      };
      return admission;
    };
    return lying;
  }

  std::function<void(const std::string& path, apps::http_response&)> lie_;
  apps::http_server server_;
};

} // namespace chancery::tests
