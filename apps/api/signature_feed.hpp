// SPDX-License-Identifier: Apache-2.0
#pragma once

// A page of the feed of signatures, as GET /v1/signatures answers it: lines
// behind one or two positions that the consumer keeps.
//
//   after           the id of a record: those behind it, in the order of ids,
//                   up to the first one that is not signed
//   replaced_after  EVENT or EVENT.RECORD: records whose signatures were
//                   withdrawn behind this event of the journal (and record),
//                   in this order, up to the first one that is not signed
//                   anew. Each line has the position behind itself in
//                   "replaced_after".
//
// With both, the replaced ones come first, of records up to `after` alone: the
// others have not come yet. Reads one snapshot; one thread.

#include "actors/signing/seal_formats.hpp"
#include "apps/api/route_table.hpp"
#include "apps/api/withdrawn_index.hpp"
#include "storage/record_store.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace chancery::apps {

class signature_feed {
 public:
  /// Reads the request's positions and its limit; throws `problem`
  /// bad_parameter. The request lives longer.
  explicit signature_feed(const api_request& request);

  /// Adds what there is in the view.
  void add(const storage::snapshot& view, const withdrawn_index::rows& rows,
           std::string_view algorithm, actors::seal_formats& formats);

  const std::string& lines() const noexcept { return lines_; }

  /// Whether it ends although there may be more: at the limit, or after many
  /// records that the request may not access.
  bool cut() const noexcept { return cut_; }

  /// The path of what comes behind this page, also when that is nothing yet.
  std::string next() const;

 private:
  void add_replaced(const storage::snapshot& view,
                    const std::vector<withdrawn_record>& rows);
  void add_new(const storage::snapshot& view);
  /// False, and `cut`, when the page is complete.
  bool has_room();
  /// Adds the line of a signed record, if the request may access it.
  void add_line(const storage::snapshot& view, std::uint64_t id,
                const storage::batch_row& batch,
                std::optional<withdrawn_record> replaced);

  const api_request& request_;
  std::uint64_t limit_;
  std::optional<std::uint64_t> after_;
  std::optional<withdrawn_record> replaced_; ///< position
  std::string_view algorithm_;
  actors::seal_formats* formats_ = nullptr;
  std::string lines_;
  std::uint64_t line_count_ = 0;
  std::uint64_t looked_at_ = 0;
  bool cut_ = false;
};

} // namespace chancery::apps
