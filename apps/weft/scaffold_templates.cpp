#include "apps/weft/scaffold_templates.hpp"

namespace weft::apps {

namespace {

constexpr std::string_view cmake_lists = R"(cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)

find_package(weft REQUIRED)
add_compile_options(-Wall -Wextra)

# lib@NAME@.so, which cluster.yaml names under modules:
weft_add_module(@NAME@ @NAME@.cpp)

enable_testing()
add_executable(@NAME@_test @NAME@_test.cpp)
target_link_libraries(@NAME@_test PRIVATE weft::weft)
add_test(NAME @NAME@ COMMAND @NAME@_test $<TARGET_FILE:@NAME@>)
)";

constexpr std::string_view interface_header = R"(#pragma once

#include <weft/weft.hpp>

#include <cstdint>

// Adds up numbers. Whoever sends to an adder includes this file.
using adder_actor = weft::typed_actor<
    // A number -> the sum of all numbers so far.
    std::int64_t(weft::work_atom, std::int64_t)>;
)";

constexpr std::string_view module_source = R"(#include "@NAME@.hpp"

#include <string>

namespace {

using namespace std::chrono_literals;

struct sum {
  std::int64_t value = 0;
};

// Its arguments come from `args:` in cluster.yaml.
adder_actor::behavior_type adder(adder_actor::stateful_pointer<sum> self,
                                 std::int64_t start) {
  self->state.value = start;
  return {[self](weft::work_atom, std::int64_t number) {
    return self->state.value += number;
  }};
}

// Has every adder, on whichever node it is, add the numbers from 1 to `last`.
nlohmann::json run_count(weft::job& job, int adders, std::int64_t last) {
  std::int64_t total = 0;
  for (int i = 1; i <= adders; ++i) {
    const auto name = "@NAME@/adder-" + std::to_string(i);
    const auto adder = job.require(job.wait_for<adder_actor>(name, 10s));
    std::int64_t sum = 0;
    for (std::int64_t number = 1; number <= last; ++number)
      sum = job.require(
          job.ask<std::int64_t>(adder, 2s, weft::work_atom_v, number));
    total += sum;
    job.progress(i, adders, name);
  }
  return {{"adders", adders}, {"total", total}};
}

} // namespace

WEFT_MODULE(@NAME@) {
  module.actor("adder", adder, weft::parameter("start", 0));
  module.job("count", run_count, weft::parameter("adders"),
             weft::parameter("last", 100));
}
)";

constexpr std::string_view test_source = R"(#include "@NAME@.hpp"

#include <weft/testing.hpp>

#include <cstdlib>
#include <iostream>

// The argument is the module's path; see CMakeLists.txt.
int main(int argc, char** argv) {
  int failed = 0;
  const auto check = [&failed](bool good, const char* what) {
    std::cout << (good ? "ok      " : "FAILED  ") << what << '\n';
    failed += !good;
  };
  try {
    weft::testing::test_node node{{argv + 1, argv + argc}};

    const auto adder = node.spawn<adder_actor>("@NAME@.adder", {{"start", 5}});
    check(node.ask<std::int64_t>(adder, weft::work_atom_v, std::int64_t{3}) == 8,
          "an adder begins with its start");
    check(node.ask<std::int64_t>(adder, weft::work_atom_v, std::int64_t{2})
              == 10,
          "an adder keeps its sum");
    check(!node.mistakes("@NAME@.adder", {{"start", "five"}}).empty(),
          "a start must be a number");

    node.name(node.spawn<adder_actor>("@NAME@.adder"), "@NAME@/adder-1");
    node.name(node.spawn<adder_actor>("@NAME@.adder"), "@NAME@/adder-2");
    const auto counted = node.run("@NAME@.count", {{"adders", 2}, {"last", 4}});
    check(counted["total"] == 20, "the job adds up what all adders say");
  } catch (const std::exception& error) {
    check(false, error.what());
  }
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
)";

constexpr std::string_view cluster_yaml =
    R"(# Two nodes on this machine and an adder on each.
cluster: @NAME@
modules: [build/lib@NAME@.so]

nodes:
  - name: n{index}
    replicate: 2
    listen: 127.0.0.1:0

actors:
  - name: adder-{index}
    replicate: 2
    type: @NAME@.adder
    node: n{index}
    args: {start: 0}

jobs:
  - name: count
    type: @NAME@.count
    timeout: 1min
    args: {adders: 2, last: 100}
)";

constexpr std::string_view readme = R"(# @NAME@

An application on weft: an actor type (`@NAME@.adder`) and a job
(`@NAME@.count`) in one module, and a cluster of two nodes to run them on.

```
cmake -S . -B build
cmake --build build
ctest --test-dir build --output-on-failure
weft check cluster.yaml
weft run cluster.yaml --job count
```

If weft is not installed under /usr or /usr/local, say where it is with
`-DCMAKE_PREFIX_PATH=/where/weft/is` in the first command.

| file | what |
|---|---|
| `@NAME@.hpp` | the messages that an adder understands |
| `@NAME@.cpp` | the adder, the job, and their registration by name |
| `@NAME@_test.cpp` | loads the module and talks to its actors |
| `cluster.yaml` | which nodes there are and what runs on them |
)";

constexpr std::string_view ignore_file = R"(/build/
/run/
)";

constexpr scaffold_template templates[] = {
    {"CMakeLists.txt", cmake_lists}, {"@NAME@.hpp", interface_header},
    {"@NAME@.cpp", module_source},   {"@NAME@_test.cpp", test_source},
    {"cluster.yaml", cluster_yaml},  {"README.md", readme},
    {".gitignore", ignore_file},
};

} // namespace

std::span<const scaffold_template> scaffold_templates() {
  return templates;
}

} // namespace weft::apps
