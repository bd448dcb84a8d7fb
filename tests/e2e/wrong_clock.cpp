// SPDX-License-Identifier: Apache-2.0

// A library to preload: the host's clock is wrong. Namespaces of time cannot
// move it.
//
//   CLOCK_AT=N   stands N seconds after 1970, N may be negative
//   CLOCK_BY=N   is N seconds ahead

#include <cstdlib>
#include <dlfcn.h>
#include <sys/time.h>
#include <time.h>

namespace {

time_t moved(time_t now) {
  if (const char* at = std::getenv("CLOCK_AT"))
    return std::atoll(at);
  if (const char* by = std::getenv("CLOCK_BY"))
    return now + std::atoll(by);
  return now;
}

template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" int clock_gettime(clockid_t clock, timespec* t) noexcept {
  static const auto next = real<int (*)(clockid_t, timespec*)>("clock_gettime");
  const int code = next(clock, t);
  if (clock == CLOCK_REALTIME)
    t->tv_sec = moved(t->tv_sec);
  return code;
}

extern "C" time_t time(time_t* t) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  if (t != nullptr)
    *t = now.tv_sec;
  return now.tv_sec;
}

extern "C" int gettimeofday(timeval* t, void*) noexcept {
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  *t = {now.tv_sec, now.tv_nsec / 1'000};
  return 0;
}
