// SPDX-License-Identifier: Apache-2.0
// `chancery page`: writes the page that `serve` shows, for any host of files. A
// page that comes from the server which it checks proves nothing against it.

#include "apps/api/page_copy.hpp"
#include "apps/commands/commands.hpp"
#include "apps/options/origin.hpp"
#include "apps/platform/new_file.hpp"
#include "apps/platform/new_folder.hpp"
#include "apps/terminal/console.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace chancery::apps {

namespace {

struct page_choice {
  std::filesystem::path out;
  std::optional<std::string> server;
};

std::string what_next(const std::optional<std::string>& server) {
  return server ? fmt::format("Start the server at {} with `--cors ORIGIN`: "
                              "the origin at which you serve the page",
                              *server)
                : "It asks no server and verifies what is dropped into it; "
                  "--server makes one that asks";
}

int write_page(const command_context& context, const page_choice& choice) {
  std::optional<std::string> server;
  if (choice.server)
    server = parse_origin("--server", *choice.server);
  new_folder out(choice.out);
  const auto files = page_copy(server);
  for (const auto& file : files) {
    const auto path = out.path() / file.name;
    make_folders(path.parent_path());
    write_file(path, file.contents, 0644, new_file::existing::keep);
  }
  out.commit(0755);
  if (context.json)
    answer({{"folder", choice.out.string()},
            {"files", files.size()},
            {"server", server ? nlohmann::ordered_json(*server)
                              : nlohmann::ordered_json()}});
  else
    say(fmt::format("{} has the page, {} files: any host of files can serve "
                    "it, if it sends .mjs as text/javascript. {}",
                    choice.out.string(), files.size(), what_next(server)));
  return 0;
}

} // namespace

void add_page(const command_spec& app) {
  const auto choice = std::make_shared<page_choice>();
  const auto command = app.add(
      "page",
      "Writes the page that `serve` shows, for any host of files: one from the "
      "server that it checks proves nothing against that server",
      "chancery page --out verifier --server https://ledger.example");
  command
      .text("--out", choice->out,
            "The folder to create; it may be there, empty")
      .required()
      .value_name("DIR");
  command
      .text("--server", choice->server,
            "The `serve` that the page asks, which needs --cors with the "
            "page's origin (default: it asks none, and verifies what is "
            "dropped into it)")
      .value_name("URL");
  command.runs(write_page, choice);
}

} // namespace chancery::apps
