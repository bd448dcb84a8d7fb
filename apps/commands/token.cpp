// SPDX-License-Identifier: Apache-2.0
// `chancery token`: who may use `chancery serve` over HTTP. The file holds only
// hashes, so a token is shown once, when it is made.

#include "apps/api/token_file.hpp"
#include "apps/commands/commands.hpp"
#include "apps/http/http_tls.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/keys/key.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

struct token_choice {
  std::filesystem::path file; ///< empty: `tokens` in the data folder
  std::string name;
  std::string scopes = "read";
  std::string prefix;
  std::string until;
  std::filesystem::path certificate; ///< empty: a new token

  std::filesystem::path path(const command_context& context) const {
    return file.empty() ? context.data / "tokens" : file;
  }
};

/// Without a hash.
token_entry entry_of(const token_choice& choice) {
  token_entry entry;
  try {
    check_token_name(choice.name);
    entry.scopes = scope_set::parse(choice.scopes);
  } catch (const std::invalid_argument& e) {
    throw usage_error(e.what());
  }
  entry.name = choice.name;
  entry.prefix = choice.prefix;
  if (choice.prefix.find_first_of(" \t\r\n#") != std::string::npos)
    throw usage_error("--prefix: it has no blanks and no #");
  if (!choice.until.empty())
    entry.until_ms = crypto::time_from_rfc3339(choice.until);
  if (!choice.until.empty() && !entry.until_ms)
    throw usage_error("--until is not a time such as 2027-01-01T00:00:00Z");
  return entry;
}

int admit_certificate(const command_context& context,
                      const token_choice& choice) {
  auto entry = entry_of(choice);
  entry.certificate = true;
  const auto key = certificate_key_in(choice.certificate);
  entry.hash = crypto::key_id_from_text(key);
  append_token(choice.path(context), entry);
  note("a running `chancery serve` knows it after SIGHUP");
  if (context.json)
    answer({{"name", choice.name}, {"certificate", key}});
  else
    say(fmt::format("{} may use the key {}", choice.name, key));
  return 0;
}

int make(const command_context& context, const token_choice& choice) {
  if (!choice.certificate.empty())
    return admit_certificate(context, choice);
  const auto token = make_token(crypto::system_random());
  auto entry = entry_of(choice);
  entry.hash = token_hash(token);
  append_token(choice.path(context), entry);
  note(
      "it is shown only now; a running `chancery serve` knows it after SIGHUP");
  if (context.json)
    answer({{"name", choice.name}, {"token", token}});
  else
    say(token);
  return 0;
}

int list(const command_context& context, const token_choice& choice) {
  const auto book = read_token_file(choice.path(context));
  json rows = json::array();
  for (const auto& entry : book->entries()) {
    const auto until = entry.until_ms ? time_text(*entry.until_ms) : "";
    rows.push_back({{"name", entry.name},
                    {"scopes", entry.scopes.text()},
                    {"certificate", entry.certificate},
                    {"prefix", entry.prefix},
                    {"until", until.empty() ? json() : json(until)},
                    {"expired", entry.expired(now_ms())}});
    if (!context.json)
      say(fmt::format("{:<24}  {:<20}  {}{}", entry.name, entry.scopes.text(),
                      until.empty() ? "no end" : until,
                      entry.expired(now_ms()) ? ", expired" : ""));
  }
  if (context.json)
    answer({{"tokens", rows}});
  return 0;
}

int revoke(const command_context& context, const token_choice& choice) {
  if (!revoke_token(choice.path(context), choice.name)) {
    note(fmt::format("there is no token {}", choice.name));
    return 1;
  }
  note("a running `chancery serve` forgets it at SIGHUP");
  if (context.json)
    answer({{"revoked", choice.name}});
  else
    say(fmt::format("revoked {}", choice.name));
  return 0;
}

/// Adds a subcommand with the options that all three have.
template <class Action>
command_spec add_one(const command_spec& token, const std::string& name,
                     const std::string& help, const std::string& example,
                     Action action) {
  const auto choice = std::make_shared<token_choice>();
  const auto command = token.add(name, help, example);
  command
      .text("--tokens", choice->file,
            "The file (default: `tokens` in the data folder)")
      .value_name("FILE");
  action(command, choice);
  return command;
}

} // namespace

void add_token(const command_spec& app) {
  const auto token =
      app.add("token", "Makes and revokes tokens for `chancery serve`",
              "chancery token make shop --scope submit,read");
  token.needs_subcommand();
  add_one(token, "make", "Makes a token and prints it, once",
          "chancery token make shop --scope submit,read",
          [](const command_spec& command,
             const std::shared_ptr<token_choice>& choice) {
            command.text("name", choice->name, "Its name in the file and log")
                .required();
            command
                .text("--scope", choice->scopes,
                      "submit, read or metrics; commas separate several")
                .default_text("read");
            command.text("--prefix", choice->prefix,
                         "Post and read only records whose names begin so");
            command
                .text("--certificate", choice->certificate,
                      "Instead of a token: the client certificate with this "
                      "key, PEM")
                .value_name("FILE");
            command
                .text("--until", choice->until,
                      "It expires then, RFC 3339 in UTC (default: never)")
                .value_name("TIME");
            command.runs(make, choice);
          });
  add_one(token, "list", "Lists the tokens, without what they are",
          "chancery token list",
          [](const command_spec& command,
             const std::shared_ptr<token_choice>& choice) {
            command.runs(list, choice);
          });
  add_one(token, "revoke", "Removes a token from the file",
          "chancery token revoke shop",
          [](const command_spec& command,
             const std::shared_ptr<token_choice>& choice) {
            command.text("name", choice->name, "Its name").required();
            command.runs(revoke, choice);
          });
}

} // namespace chancery::apps
