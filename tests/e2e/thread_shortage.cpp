// SPDX-License-Identifier: Apache-2.0

// A library to preload: the system has no more threads. It counts the calls of
// pthread_create and lets some of them fail with EAGAIN, as the kernel does at
// the limit of processes, which does not bind root:
//
//   NO_THREAD_FROM=N      the first call that fails, from 1
//   NO_THREAD_COUNT=M     how many fail; else all from there on
//   THREADS_STARTED=FILE  gets the number of calls at the end of the process

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <pthread.h>

namespace {

std::atomic<long> calls{0};

long number(const char* variable, long otherwise) {
  const char* text = std::getenv(variable);
  return text != nullptr ? std::atol(text) : otherwise;
}

struct report {
  ~report() {
    const char* path = std::getenv("THREADS_STARTED");
    if (std::FILE* file = path != nullptr ? std::fopen(path, "w") : nullptr) {
      std::fprintf(file, "%ld\n", calls.load());
      std::fclose(file);
    }
  }
} at_the_end;

} // namespace

extern "C" int pthread_create(pthread_t* thread, const pthread_attr_t* attr,
                              void* (*start)(void*), void* argument) {
  using real_function =
      int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
  static const auto real =
      reinterpret_cast<real_function>(::dlsym(RTLD_NEXT, "pthread_create"));
  static const long from = number("NO_THREAD_FROM", 0);
  static const long count = number("NO_THREAD_COUNT", 1'000'000);
  const long call = ++calls;
  if (from > 0 && call >= from && call - from < count)
    return EAGAIN;
  return real(thread, attr, start, argument);
}
