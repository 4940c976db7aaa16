# Every fuzz target as a test of the label fuzz, with a driver in libFuzzer's
# place: its corpus, and then some seconds of mutations.

find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

add_library(weft_fuzz_replay STATIC fuzz/replay.cpp)
target_link_libraries(weft_fuzz_replay PUBLIC weft_options)
add_custom_target(tests_fuzz)

# weft_fuzz_program(NAME [LAYERS layer...])
# Builds fuzz_NAME from NAME_fuzz.cpp; LAYERS as in weft_tests.
function(weft_fuzz_program name)
  cmake_parse_arguments(PARSE_ARGV 1 program "" "" "LAYERS")
  set(tested weft)
  if(program_LAYERS)
    list(TRANSFORM program_LAYERS PREPEND weft_ OUTPUT_VARIABLE tested)
  endif()
  add_executable(fuzz_${name} fuzz/${name}_fuzz.cpp)
  target_link_libraries(fuzz_${name} PRIVATE ${tested} weft_fuzz_replay)
  set_target_properties(fuzz_${name} PROPERTIES
    RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
  add_dependencies(tests_fuzz fuzz_${name})
endfunction()

# weft_fuzz_test(NAME MUTATIONS [LAYERS layer...])
# The corpus is the folder corpus/NAME, the dictionary NAME.dict if there is.
function(weft_fuzz_test name mutations)
  weft_fuzz_program(${name} ${ARGN})
  set(dictionary "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/${name}.dict")
  if(NOT EXISTS "${dictionary}")
    set(dictionary "")
  endif()
  add_test(NAME fuzz.${name}
           COMMAND fuzz_${name}
                   "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/${name}"
                   ${mutations} ${dictionary})
  set_tests_properties(fuzz.${name} PROPERTIES LABELS fuzz TIMEOUT 120)
endfunction()

weft_fuzz_test(config 1000 LAYERS base config)
weft_fuzz_test(spaces 50000 LAYERS base spaces)
weft_fuzz_test(greeting 200000)
weft_fuzz_test(basp 20000)
weft_fuzz_test(http 8000 LAYERS base http)

# That the driver finds what there is to find, keeps it, and fails.
weft_fuzz_program(planted LAYERS base)
add_test(NAME fuzz.planted
         COMMAND "${Python3_EXECUTABLE}" -B
                 "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/planted_test.py"
                 $<TARGET_FILE:fuzz_planted>
                 "${CMAKE_CURRENT_SOURCE_DIR}/fuzz/corpus/greeting")
set_tests_properties(fuzz.planted PROPERTIES LABELS fuzz TIMEOUT 120)
