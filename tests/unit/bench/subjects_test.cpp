#include "apps/bench/heat/heat_runs.hpp"
#include "apps/bench/machine.hpp"
#include "apps/bench/numbers.hpp"
#include "apps/bench/programs.hpp"
#include "apps/bench/subject.hpp"

#include <doctest/doctest.h>

#include <set>

namespace weft::bench {

TEST_CASE("every figure has a name of its own, a unit and a question") {
  std::set<std::string_view> names;
  for (const auto* subject : subjects())
    for (const auto& experiment : subject->experiments) {
      CHECK_FALSE(experiment.figures.empty());
      for (const auto& figure : experiment.figures) {
        CHECK(names.insert(figure.name).second);
        CHECK_FALSE(figure.unit.empty());
        CHECK(figure.question.back() == '?');
      }
    }
  CHECK(names.size() == 8 + 17 + 10);
}

TEST_CASE("the smoke test does every experiment, but less of it") {
  for (const auto* subject : subjects())
    for (const auto& experiment : subject->experiments) {
      CAPTURE(experiment.name);
      CHECK(experiment.smoke_count > 0);
      CHECK(experiment.smoke_count * 10 <= experiment.count);
      const bool can_run = experiment.measure != nullptr;
      CHECK(can_run);
    }
}

TEST_CASE("an experiment is found by its name, whatever its subject") {
  for (const auto* subject : subjects())
    for (const auto& experiment : subject->experiments)
      CHECK(find_experiment(experiment.name) == &experiment);
  CHECK(find_experiment("restarts") == nullptr);
}

TEST_CASE("experiments and relations name peers and figures that exist") {
  for (const auto* subject : subjects()) {
    std::set<std::string_view> peers;
    for (const auto& each : subject->peers)
      CHECK(peers.insert(each.key).second);
    std::set<std::string_view> figures;
    for (const auto& experiment : subject->experiments) {
      for (const auto peer : experiment.peers)
        CHECK(peers.contains(peer));
      for (const auto& figure : experiment.figures)
        figures.insert(figure.name);
    }
    for (const auto& relation : subject->relations) {
      CHECK(figures.contains(relation.better));
      CHECK(figures.contains(relation.worse));
    }
  }
}

TEST_CASE("heat's experiments say by their name what they compute") {
  const auto& plain = *find_experiment("heat_256");
  CHECK(problem_of(plain, {.count = 1}).rows == 256);
  CHECK(problem_of(plain, {.count = 1}).halo_depth == 1);
  const auto& deep = *find_experiment("heat_4096_deep");
  CHECK(problem_of(deep, {.count = 1}).rows == 4096);
  CHECK(problem_of(deep, {.count = 1}).halo_depth == 8);
  CHECK(problem_of(deep, {.count = 1, .smoke = true}).rows == 512);
}

TEST_CASE("a run has a number for each figure, and one for its result") {
  CHECK(numbers_of(*find_experiment("restart")) == 2);
  CHECK(numbers_of(*find_experiment("heat_256")) == 2);
  CHECK(numbers_of(*find_experiment("core_1k")) == 1);
}

TEST_CASE("a version is the first word that begins with a digit") {
  CHECK(first_number("mpiexec.openmpi (OpenRTE) 4.1.4\n\nReport bugs")
        == "4.1.4");
  CHECK(first_number("HYDRA build details:\n    Version:   4.0.2\n")
        == "4.0.2");
  CHECK(first_number("7.0.15 sha=0") == "7.0.15");
  CHECK(first_number("x86 h264").empty());
  CHECK(first_number("").empty());
}

TEST_CASE("numbers come back as they were written") {
  const auto line = format_numbers({1505536.25, 0.009744520183392787});
  CHECK(line == "1505536.25 0.009744520183392787");
  const auto back = parse_numbers("a warning\n" + line + "\n", 2);
  REQUIRE(back);
  CHECK(*back == std::vector<double>{1505536.25, 0.009744520183392787});
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
