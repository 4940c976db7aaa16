# Finds Debian's C++ Actor Framework 0.17, which ships no CMake package, and
# defines CAF::core and CAF::io, the names that CAF exports from 0.18 on. Any
# other version is refused: 0.18 changed the API that runtime/caf/compat.hpp
# speaks.

find_path(CAF_INCLUDE_DIR caf/all.hpp)
mark_as_advanced(CAF_INCLUDE_DIR)
if(CAF_INCLUDE_DIR AND EXISTS "${CAF_INCLUDE_DIR}/caf/config.hpp")
  file(STRINGS "${CAF_INCLUDE_DIR}/caf/config.hpp" caf_version_line
       REGEX "^#define CAF_VERSION [0-9]+")
  if(caf_version_line MATCHES "CAF_VERSION ([0-9]+)")
    math(EXPR caf_major "${CMAKE_MATCH_1} / 10000")
    math(EXPR caf_minor "(${CMAKE_MATCH_1} / 100) % 100")
    math(EXPR caf_patch "${CMAKE_MATCH_1} % 100")
    set(CAF_VERSION "${caf_major}.${caf_minor}.${caf_patch}")
  endif()
endif()

set(caf_supported TRUE)
set(caf_reason "Install Debian's libcaf-dev (0.17.6).")
if(CAF_INCLUDE_DIR AND NOT CAF_VERSION VERSION_EQUAL 0.17.6)
  set(caf_supported FALSE)
  set(caf_found "${CAF_VERSION}")
  if(NOT caf_found)
    set(caf_found "a version that its caf/config.hpp does not tell")
  endif()
  # No semicolon: CMake would take the reason for a list.
  set(caf_reason "weft needs CAF 0.17.6 (Debian's libcaf-dev) and found \
${caf_found} in ${CAF_INCLUDE_DIR}. Set CAF_INCLUDE_DIR to the right one.")
endif()

find_package(Threads QUIET)
foreach(component core io)
  find_library(CAF_${component}_LIBRARY NAMES caf_${component})
  mark_as_advanced(CAF_${component}_LIBRARY)
  if(CAF_${component}_LIBRARY)
    set(CAF_${component}_FOUND TRUE)
  endif()
endforeach()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_INCLUDE_DIR CAF_core_LIBRARY caf_supported
  VERSION_VAR CAF_VERSION HANDLE_COMPONENTS
  REASON_FAILURE_MESSAGE "${caf_reason}")

if(CAF_FOUND)
  foreach(component core io)
    if(CAF_${component}_FOUND AND NOT TARGET CAF::${component})
      add_library(CAF::${component} UNKNOWN IMPORTED)
      set_target_properties(CAF::${component} PROPERTIES
        IMPORTED_LOCATION "${CAF_${component}_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
    endif()
  endforeach()
  set_property(TARGET CAF::core APPEND PROPERTY
               INTERFACE_LINK_LIBRARIES Threads::Threads)
  if(TARGET CAF::io)
    set_property(TARGET CAF::io APPEND PROPERTY
                 INTERFACE_LINK_LIBRARIES CAF::core)
  endif()
endif()
