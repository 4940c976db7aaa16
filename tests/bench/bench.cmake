# The benchmarks: unit tests of what they are made of, and their smoke tests.
weft_tests(unit bench CAF LINK weft_commands)

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)
foreach(script bench_actors bench_spaces bench_heat interrupt)
  add_test(NAME bench.${script}
    COMMAND Python3::Interpreter
            "${CMAKE_CURRENT_SOURCE_DIR}/bench/${script}_test.py"
            $<TARGET_FILE:weft_program>)
  set_tests_properties(bench.${script} PROPERTIES LABELS bench TIMEOUT 300
    RESOURCE_LOCK cluster)
endforeach()
if(NOT TARGET tests_bench)
  add_custom_target(tests_bench)
endif()
add_dependencies(tests_bench weft_program)

# Regions of the heat application without actors; built when asked for.
add_executable(bench_heat_regions EXCLUDE_FROM_ALL bench/heat_regions.cpp)
target_link_libraries(bench_heat_regions PRIVATE
  weft_options weft_base weft_heat_core weft_heat_machine weft_heat_output
  CLI11::CLI11 Threads::Threads)
set_target_properties(bench_heat_regions PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")

# Measures the core of a space alone; not built unless asked for.
add_executable(bench_spaces EXCLUDE_FROM_ALL bench/spaces.cpp
  "${PROJECT_SOURCE_DIR}/apps/bench/spaces/space_load.cpp")
target_link_libraries(bench_spaces PRIVATE weft_base weft_spaces
                      weft_options)

# Events a second of a torus alone; not built unless asked for.
add_executable(bench_torus_kernel EXCLUDE_FROM_ALL bench/torus_kernel.cpp)
target_link_libraries(bench_torus_kernel PRIVATE weft_base weft_torus_core
                      weft_options)
set_target_properties(bench_torus_kernel PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
