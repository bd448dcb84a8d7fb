// SPDX-License-Identifier: Apache-2.0
#include "apps/api/api_intake.hpp"

#include "apps/api/posting_answer.hpp"
#include "apps/api/problem.hpp"
#include "apps/api/record_posting.hpp"

#include <cstdint>
#include <utility>

namespace chancery::apps {

namespace {

constexpr std::uint64_t mebibyte = std::uint64_t{1} << 20;

class intake_routes {
 public:
  intake_routes(std::shared_ptr<const signed_folder> folder,
                served_intake intake)
      : folder_(std::move(folder)), intake_(std::move(intake)) {}

  void post(const api_request& request,
            const std::function<void(stored_answer)>& then) const {
    if (!intake_.submit)
      throw problem("not_supported", "this service signs no records");
    const auto posting =
        std::make_shared<record_posting>(read_posting(request, intake_.seals));
    auto asked = std::exchange(posting->stored, {});
    if (asked.records.empty()) // all lines are broken, and were to be skipped
      return then(answer_of(folder_, *posting, {}));
    intake_.submit(std::move(asked), [folder = folder_, posting,
                                      then](actors::record_answer answer) {
      then(answer_of(folder, std::move(*posting), std::move(answer)));
    });
  }

 private:
  static stored_answer answer_of(std::shared_ptr<const signed_folder> folder,
                                 record_posting posting,
                                 actors::record_answer answer) {
    const auto made = std::make_shared<posting_answer>(
        std::move(folder), std::move(posting), std::move(answer));
    return {.there = [made] { return made->all_signed(); },
            .make = [made] { return made->response(); }};
  }

  std::shared_ptr<const signed_folder> folder_;
  served_intake intake_;
};

} // namespace

void add_intake_routes(route_table& table,
                       std::shared_ptr<const signed_folder> folder,
                       served_intake intake) {
  const auto routes = std::make_shared<const intake_routes>(std::move(folder),
                                                            std::move(intake));
  table.add({"POST",
             "/v1/records",
             "postRecords",
             scope::submit,
             {"name", "on_error", "wait"},
             {{record_octets_type, 16 * mebibyte},
              {record_json_type, 24 * mebibyte},
              {record_lines_type, 32 * mebibyte}},
             answered_once_stored{
                 [routes](const api_request& request,
                          const std::function<void(stored_answer)>& then) {
                   routes->post(request, then);
                 }}});
}

} // namespace chancery::apps
