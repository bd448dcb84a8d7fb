// SPDX-License-Identifier: Apache-2.0
#pragma once

// A process may be started with a standard stream closed. The next file that it
// opens then gets the stream's number, and what is meant for the stream is
// written into that file. Call this first in main, before any file is opened.

namespace chancery::apps {

/// Opens /dev/null in the place of each standard stream that is closed: reading
/// finds the end, and what is written is dropped. Exits with 1 where /dev/null
/// cannot be opened, as there is no stream to say so.
void open_standard_streams();

} // namespace chancery::apps
