# Writes SOURCE, which defines weft::bench::commit, if the commit of the Git
# work tree at ROOT is another than last time. Without Git it is empty.
cmake_minimum_required(VERSION 3.25)
set(commit "")
find_program(GIT git)
if(GIT)
  execute_process(
    COMMAND "${GIT}" -C "${ROOT}" describe --always --abbrev=12 --exclude=*
            --dirty=+
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE
    RESULT_VARIABLE failed ERROR_QUIET)
  if(failed)
    set(commit "")
  endif()
endif()
file(CONFIGURE OUTPUT "${SOURCE}" @ONLY CONTENT
"#include \"apps/bench/commit.hpp\"

const char* const weft::bench::commit = \"@commit@\";
")
