// SPDX-License-Identifier: Apache-2.0
#pragma once

// What ends the process where C++ would abort it: an exception that leaves a
// thread's function or a destructor. It writes one sentence and exits with 1,
// without destructors, as all our files are consistent at any moment.

namespace chancery::apps {

/// From now on, std::terminate does so. Call it once, at the start of main.
void end_in_words();

} // namespace chancery::apps
