# Source files of the benchmarks that the build writes.

# weft_bench_text(TARGET VARIABLE FILE HEADER)
# Adds a source file that defines weft::bench::VARIABLE, which HEADER declares,
# as the text of FILE.
function(weft_bench_text target variable file header)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
  file(READ "${file}" text)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/bench/${variable}.cpp")
  file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT
"#include \"@header@\"

const char* const weft::bench::@variable@ = R\"weft_text(@text@)weft_text\";
")
  target_sources(${target} PRIVATE "${source}")
endfunction()

# weft_bench_commit(TARGET)
# Adds a source file with the commit that is built, looked up at each build.
function(weft_bench_commit target)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/bench/commit.cpp")
  add_custom_target(${target}_commit
    BYPRODUCTS "${source}"
    COMMAND "${CMAKE_COMMAND}" "-DROOT=${PROJECT_SOURCE_DIR}"
            "-DSOURCE=${source}" -P "${PROJECT_SOURCE_DIR}/apps/bench/commit.cmake"
    COMMENT "" VERBATIM)
  add_dependencies(${target} ${target}_commit)
  target_sources(${target} PRIVATE "${source}")
endfunction()
