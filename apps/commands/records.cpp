// SPDX-License-Identifier: Apache-2.0
// `chancery records`, `records count`, `records get`, `records signature`.

#include "apps/answers/seal_text.hpp"
#include "apps/answers/signature_line.hpp"
#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/keys/signature.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>

namespace chancery::apps {

namespace {

int count_records(const command_context& context) {
  const auto folder = data_folder::existing(context);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto records = store.read().record_count();
  if (context.json)
    answer({{"records", records}});
  else
    say(std::to_string(records));
  return 0;
}

/// A record by its number or its name.
struct record_choice {
  std::optional<std::uint64_t> id{};
  std::optional<std::string> name{};
  bool der = false;
  bool jws = false;

  void add_to(const command_spec& command) {
    const auto number = command.number("ID", id, {}, "Its number, from 0");
    command.text("--name", name, "Its name").excludes(number);
  }
};

/// Throws std::runtime_error when there is no such record.
std::uint64_t find_record(const record_choice& choice,
                          const storage::snapshot& view,
                          const std::filesystem::path& folder) {
  if (!choice.id && !choice.name)
    throw usage_error("give the record's number, or --name");
  if (choice.name) {
    if (const auto id = view.id_of(*choice.name))
      return *id;
    throw std::runtime_error(fmt::format("{} has no record of the name \"{}\"",
                                         folder.string(), *choice.name));
  }
  if (*choice.id >= view.record_count())
    throw std::runtime_error(
        fmt::format("there is no record {}: {} has {}, with ids from 0",
                    *choice.id, folder.string(), grouped(view.record_count())));
  return *choice.id;
}

nlohmann::ordered_json name_json(const storage::snapshot& view,
                                 std::uint64_t id) {
  const auto name = view.name_of(id);
  return name ? nlohmann::ordered_json(*name) : nlohmann::ordered_json(nullptr);
}

/// What a record's signature is; throws when it has none.
struct found_signature {
  storage::batch_row batch;
  std::span<const std::byte> bytes;

  bool is_seal() const {
    return batch.format == storage::signature_format::jades;
  }
};

found_signature signature_of(const storage::snapshot& view, std::uint64_t id) {
  const auto batch = view.batch_of(id);
  const auto signature = view.signature(id);
  if (!batch || !signature)
    throw std::runtime_error(
        fmt::format("record {} is not signed yet: run `chancery sign`", id));
  return {*batch, *signature};
}

void put_seal(const storage::snapshot& view, crypto::curve curve,
              std::uint64_t id) {
  const auto found = signature_of(view, id);
  if (!found.is_seal())
    throw std::runtime_error(fmt::format(
        "the signature of record {} is raw, not a seal: `chancery records "
        "signature {}` shows it",
        id, id));
  actors::seal_formats formats(curve);
  put(seal_text(formats, view,
                {.record = id, .batch = found.batch, .bytes = found.bytes},
                seal_serialization::compact));
}

int get_record(const command_context& context, const record_choice& choice) {
  const auto folder = data_folder::existing(context);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto view = store.read();
  const auto id = find_record(choice, view, folder.root());
  const auto record = view.record(id);
  if (!record)
    throw storage::corrupt(fmt::format("record {} is missing", id));
  if (choice.jws) {
    put_seal(view, folder.public_keys().curve, id);
    return 0;
  }
  if (context.json)
    answer({{"record", id},
            {"name", name_json(view, id)},
            {"size", record->size()},
            {"data", crypto::base64url_encode(*record)},
            {"signed", view.signature(id).has_value()}});
  else
    put(crypto::text_of(*record));
  return 0;
}

int get_signature(const command_context& context, const record_choice& choice) {
  const auto folder = data_folder::existing(context);
  const auto keys = folder.public_keys();
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto view = store.read();
  const auto id = find_record(choice, view, folder.root());
  const auto found = signature_of(view, id);
  const stored_signature shown{.record = id,
                               .name = view.name_of(id),
                               .batch = found.batch,
                               .bytes = found.bytes};
  if (found.is_seal() && choice.der)
    throw std::runtime_error(fmt::format(
        "the signature of record {} is a seal, which has no form in DER: "
        "`chancery records get --jws {}` writes it",
        id, id));
  if (choice.der) {
    put(crypto::raw_to_der(keys.curve, found.bytes));
  } else if (found.is_seal()) {
    actors::seal_formats formats(keys.curve);
    put(seal_line(formats, view, shown, seal_serialization::compact) + "\n");
  } else {
    put(signature_line(shown, crypto::jws_algorithm(keys.curve)) + "\n");
  }
  return 0;
}

} // namespace

void add_records(const command_spec& app) {
  const auto records =
      app.add("records", "Adds and shows records", "chancery records count");
  records.needs_subcommand();
  add_records_seed(records);
  add_records_import(records);

  const auto counting = records.add("count", "Prints the number of records",
                                    "chancery records count --json");
  counting.runs(count_records);

  const auto got = std::make_shared<record_choice>();
  const auto getting =
      records.add("get", "Writes the bytes of one record to standard output",
                  "chancery records get 17 > record-17\n"
                  "  chancery records get --name INV-17 > INV-17");
  got->add_to(getting);
  getting.flag("--jws", got->jws,
               "Its seal, with the record inside: a JWS in compact "
               "serialization, without a line end");
  getting.runs(get_record, got);

  const auto shown = std::make_shared<record_choice>();
  const auto showing = records.add(
      "signature",
      "Writes the signature of one record to standard output, as a line of "
      "`export`",
      "chancery records signature --name INV-17 --der > INV-17.sig");
  shown->add_to(showing);
  showing.flag("--der", shown->der,
               "As bytes in DER, which openssl dgst verifies");
  showing.runs(get_signature, shown);
}

} // namespace chancery::apps
