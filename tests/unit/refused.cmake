# Sources that must not compile, each with the words that the compiler must say
# in its first line. The syntax is checked only, without a build, and once.
if(WEFT_SANITIZE)
  return()
endif()
foreach(area caf module)
  file(GLOB refused_sources CONFIGURE_DEPENDS
       "${CMAKE_CURRENT_LIST_DIR}/${area}/refused/*.cpp")
  foreach(source ${refused_sources})
    get_filename_component(name "${source}" NAME_WE)
    file(STRINGS "${source}" words LIMIT_COUNT 1)
    string(REGEX REPLACE "^// Refused: " "" words "${words}")
    add_test(NAME unit.${area}.refused_${name}
             COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 -fsyntax-only
                     "-I${PROJECT_SOURCE_DIR}"
                     "-I${PROJECT_SOURCE_DIR}/runtime/include" "${source}")
    set_tests_properties(unit.${area}.refused_${name} PROPERTIES
      LABELS unit TIMEOUT 300
      PASS_REGULAR_EXPRESSION "static assertion failed: ${words}")
  endforeach()
endforeach()
