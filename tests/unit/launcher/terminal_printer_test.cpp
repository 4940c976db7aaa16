#include "runtime/base/unique_fd.hpp"
#include "runtime/launcher/terminal_printer.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <fcntl.h>
#include <optional>
#include <string>

namespace weft::launcher {

namespace {

struct pipe_pair {
  pipe_pair() {
    int fds[2];
    REQUIRE(::pipe2(fds, O_CLOEXEC) == 0);
    read_end.reset(fds[0]);
    write_end.reset(fds[1]);
  }
  /// All that comes until the other end is closed.
  std::string read_all() {
    std::string text;
    char buffer[4096];
    for (;;) {
      const auto count = ::read(read_end.get(), buffer, sizeof buffer);
      if (count <= 0)
        return text;
      text.append(buffer, static_cast<std::size_t>(count));
    }
  }
  unique_fd read_end, write_end;
};

} // namespace

TEST_CASE("what was printed before the end comes out, in order") {
  pipe_pair pipe;
  {
    terminal_printer printer{pipe.write_end.get()};
    for (int i = 0; i < 100; ++i)
      printer.print(fmt::format("line {}", i));
  }
  pipe.write_end.reset();
  std::string expected;
  for (int i = 0; i < 100; ++i)
    expected += fmt::format("line {}\n", i);
  CHECK(pipe.read_all() == expected);
}

TEST_CASE("a reader that does not read holds up neither printing nor the "
          "end") {
  pipe_pair pipe;
  const auto began = std::chrono::steady_clock::now();
  {
    terminal_printer printer{pipe.write_end.get()};
    const std::string line(100, 'x');
    for (std::size_t i = 0; i < 3 * terminal_printer::queue_lines_max; ++i)
      printer.print(line);
  }
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{15});
  pipe.write_end.reset();
  CHECK(pipe.read_all().size() < 3 * terminal_printer::queue_lines_max * 101);
}

TEST_CASE("a reader that went away does not end the program") {
  pipe_pair pipe;
  pipe.read_end.reset();
  terminal_printer printer{pipe.write_end.get()};
  for (int i = 0; i < 10; ++i)
    printer.print("nobody reads this");
  CHECK(pipe.write_end);
}

} // namespace weft::launcher
