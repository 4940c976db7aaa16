#include "apps/bench/experiments.hpp"
#include "apps/bench/machine.hpp"
#include "apps/bench/numbers.hpp"

#include <doctest/doctest.h>

#include <set>

namespace weft::bench {

TEST_CASE("every figure has a name of its own, a unit and a question") {
  std::set<std::string_view> names;
  for (const auto& experiment : experiments()) {
    CHECK_FALSE(experiment.figures.empty());
    for (const auto& figure : experiment.figures) {
      CHECK(names.insert(figure.name).second);
      CHECK_FALSE(figure.unit.empty());
      CHECK(figure.question.back() == '?');
    }
  }
  CHECK(names.size() == 8);
}

TEST_CASE("the smoke test does every experiment, but less of it") {
  for (const auto& experiment : experiments()) {
    CHECK(experiment.smoke_count > 0);
    CHECK(experiment.smoke_count * 10 <= experiment.count);
  }
}

TEST_CASE("an experiment is found by its name") {
  REQUIRE(find_experiment("restart") != nullptr);
  CHECK(find_experiment("restart")->figures.size() == 2);
  CHECK(find_experiment("restarts") == nullptr);
}

TEST_CASE("numbers come back as they were written") {
  const auto line = format_numbers({1505536.25, 0.5});
  CHECK(line == "1505536.250000 0.500000");
  const auto back = parse_numbers("a warning\n" + line + "\n", 2);
  REQUIRE(back);
  CHECK(*back == std::vector<double>{1505536.25, 0.5});
}

TEST_CASE("output that does not end in the expected numbers is refused") {
  for (const char* output :
       {"", "\n\n", "1", "1 2 3", "1 x", "1  2", "1 2x", "1 2\nand more"}) {
    CAPTURE(output);
    const auto numbers = parse_numbers(output, 2);
    REQUIRE_FALSE(numbers);
    CHECK(numbers.error().code == errc::internal);
    CHECK(numbers.error().message.find("expected 2 number(s)")
          != std::string::npos);
  }
}

TEST_CASE("the CPU's model is read from what the kernel says") {
  CHECK(cpu_model("processor\t: 0\nmodel name\t: AMD EPYC 7B13\n"
                  "model name\t: other\n")
        == "AMD EPYC 7B13");
  CHECK(cpu_model("processor : 0\nModel : Raspberry Pi 4\n")
        == "Raspberry Pi 4");
  CHECK(cpu_model("") == "unknown");
  CHECK(cpu_model("model name") == "unknown");
}

} // namespace weft::bench
