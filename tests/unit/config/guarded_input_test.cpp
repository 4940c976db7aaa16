#include "config/guarded_input.hpp"

#include <doctest/doctest.h>

#include <istream>

namespace weft::config {

TEST_CASE("a text is fed whole while events arrive") {
  const std::string text(3 * guarded_input::silent_bytes_max + 5, 'x');
  std::size_t events = 0;
  guarded_input input{text, events};
  std::string read;
  std::string chunk(guarded_input::silent_bytes_max / 2, '\0');
  for (;;) {
    const auto count =
        input.sgetn(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    read.append(chunk, 0, static_cast<std::size_t>(count));
    ++events;
    if (count < static_cast<std::streamsize>(chunk.size()))
      break;
  }
  CHECK(read == text);
}

TEST_CASE("reading ahead without an event ends at the limit") {
  const std::string text(3 * guarded_input::silent_bytes_max, 'x');
  const std::size_t events = 0;
  guarded_input input{text, events};
  std::string all(text.size(), '\0');
  CHECK_THROWS_AS(
      input.sgetn(all.data(), static_cast<std::streamsize>(all.size())),
      guarded_input::excess);
}

} // namespace weft::config
