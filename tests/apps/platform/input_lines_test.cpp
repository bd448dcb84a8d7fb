// SPDX-License-Identifier: Apache-2.0
#include "apps/platform/input_lines.hpp"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <fcntl.h>
#include <random>
#include <thread>
#include <unistd.h>
#include <vector>

BOOST_AUTO_TEST_SUITE(input_lines_test)

using namespace std::string_literals;
using reader = chancery::apps::input_lines;

namespace {

/// A pipe that a thread writes `text` into, in pieces.
class piped {
 public:
  explicit piped(std::string text, std::size_t piece = 1 << 16) {
    BOOST_REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0);
    writer_ = std::jthread([this, text = std::move(text), piece] {
      for (std::size_t at = 0; at < text.size(); at += piece)
        if (::write(ends_[1], text.data() + at,
                    std::min(piece, text.size() - at)) < 0)
          break;
      ::close(ends_[1]);
    });
  }
  ~piped() {
    char rest[4096];
    while (::read(ends_[0], rest, sizeof rest) > 0) {
    }
    writer_.join();
    ::close(ends_[0]);
  }
  int fd() const { return ends_[0]; }

 private:
  int ends_[2]{};
  std::jthread writer_;
};

const std::atomic<bool> never{false};

std::vector<std::string> lines_of(const std::string& text,
                                  std::size_t piece = 1 << 16) {
  const piped input(text, piece);
  reader lines(input.fd(), 1000, never);
  std::vector<std::string> all;
  while (const auto line = lines.next())
    all.emplace_back(*line);
  BOOST_TEST(!lines.next());
  return all;
}

using texts = std::vector<std::string>;

} // namespace

BOOST_AUTO_TEST_CASE(a_line_ends_before_its_newline) {
  BOOST_TEST(lines_of("") == texts{});
  BOOST_TEST(lines_of("a") == texts{"a"});
  BOOST_TEST(lines_of("a\n") == texts{"a"});
  BOOST_TEST(lines_of("a\nb") == (texts{"a", "b"}));
  BOOST_TEST(lines_of("\n\na\n") == (texts{"", "", "a"}));
}

BOOST_AUTO_TEST_CASE(every_other_byte_is_kept) {
  BOOST_TEST(lines_of("a\r\n b\t\n\0c\n\xff"s) ==
             (texts{"a\r", " b\t", "\0c"s, "\xff"}));
}

BOOST_AUTO_TEST_CASE(the_pieces_of_the_input_do_not_matter) {
  std::mt19937 random(1);
  std::string text;
  texts expected;
  for (int i = 0; i < 200; ++i) {
    expected.emplace_back(random() % 50, static_cast<char>('a' + i % 26));
    text += expected.back() + '\n';
  }
  for (const std::size_t piece : {1, 2, 7, 1000})
    BOOST_TEST(lines_of(text, piece) == expected);
}

BOOST_AUTO_TEST_CASE(a_line_of_the_limit_is_taken_and_one_more_byte_is_not) {
  const std::string longest(1000, 'x');
  BOOST_TEST(lines_of(longest + "\nb") == (texts{longest, "b"}));
  for (const char* end : {"\nb", ""}) {
    const piped input(longest + 'x' + end);
    reader lines(input.fd(), 1000, never);
    BOOST_CHECK_THROW(lines.next(), chancery::apps::line_too_long);
  }
}

BOOST_AUTO_TEST_CASE(a_line_that_never_ends_is_refused_early) {
  const piped input(std::string(1 << 22, 'x'));
  reader lines(input.fd(), 1000, never);
  BOOST_CHECK_THROW(lines.next(), chancery::apps::line_too_long);
}

BOOST_AUTO_TEST_CASE(lines_of_any_length_can_be_skipped) {
  const piped input(std::string(1 << 20, 'x') + "\n\nlast");
  reader lines(input.fd(), 1000, never);
  BOOST_TEST(lines.skip());
  BOOST_TEST(lines.skip());
  BOOST_TEST(lines.next().value() == "last");
  BOOST_TEST(!lines.skip());
  const piped unended("a\nb");
  reader two(unended.fd(), 1000, never);
  BOOST_TEST(two.skip());
  BOOST_TEST(two.skip());
  BOOST_TEST(!two.skip());
}

BOOST_AUTO_TEST_CASE(a_wait_for_input_ends_when_stopped) {
  int ends[2];
  BOOST_REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  std::atomic<bool> stop{false};
  reader lines(ends[0], 1000, stop);
  std::jthread stopper([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    stop = true;
  });
  BOOST_TEST(!lines.next());
  BOOST_TEST(stop);
  ::close(ends[0]);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(a_line_that_never_ends_is_left_when_stopped) {
  const int zeros = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  int asked = 0;
  reader lines(zeros, 1000, [&] { return ++asked > 10; });
  BOOST_TEST(lines.skip());
  BOOST_TEST(asked == 11);
  BOOST_TEST(!lines.next());
  ::close(zeros);
}

BOOST_AUTO_TEST_CASE(an_input_that_cannot_be_read_is_an_error) {
  const int folder = ::open("/", O_RDONLY | O_CLOEXEC);
  reader folder_lines(folder, 1000, never);
  BOOST_CHECK_THROW(folder_lines.next(), std::runtime_error);
  ::close(folder);
}

BOOST_AUTO_TEST_SUITE_END()
