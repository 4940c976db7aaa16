# How weft is compiled: options for every target, and the functions
# weft_layer, weft_library and weft_tests that all CMakeLists.txt use.

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}")

set(WEFT_SANITIZE "" CACHE STRING
    "Sanitizers for every target: address,undefined or thread")
option(WEFT_BATCHES
       "Compile sources in batches: half the time for all, more for one" OFF)

add_library(weft_options INTERFACE)
target_compile_options(weft_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror)
# What Asio and Beast can do without templates is compiled once.
target_compile_definitions(weft_options INTERFACE
  BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
target_include_directories(weft_options INTERFACE
  "${PROJECT_SOURCE_DIR}" "${PROJECT_SOURCE_DIR}/runtime/include")
if(WEFT_SANITIZE)
  set(sanitize "-fsanitize=${WEFT_SANITIZE}" -fno-omit-frame-pointer)
  if(WEFT_SANITIZE MATCHES undefined)
    # Where CAF is, not what is checked at every use of a pointer: a quarter of
    # the build, and AddressSanitizer sees most of it. CAF's
    # init_fun_factory.hpp binds null references.
    list(APPEND sanitize -fno-sanitize=null,alignment,object-size,vptr
         -fno-sanitize-recover=all)
  endif()
  add_compile_options(${sanitize})
  add_link_options(${sanitize})
  if(WEFT_SANITIZE MATCHES thread)
    # Boost.Asio's fences: tsan does not see them and may report too much.
    add_compile_options(-Wno-tsan)
  endif()
endif()

if(WEFT_BATCHES)
  # Names in anonymous namespaces must differ within a target for this. GCC 12
  # sees uninitialised memory where it inlines across the files of a batch.
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 100)
  add_compile_options(-Wno-subobject-linkage -Wno-maybe-uninitialized)
endif()

find_program(WEFT_CCACHE ccache)
if(WEFT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # Without this sloppiness ccache gives up on every file with a precompiled
  # header.
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_ctime,include_file_mtime
      "${WEFT_CCACHE}")
  add_compile_options(-fpch-preprocess)
endif()
find_program(WEFT_MOLD mold)
if(WEFT_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

# Where others are optimised, what runs seldom is optimised less, and tests
# that wait not at all, nor do they carry what a debugger wants: it is built in
# a quarter less time, or half.
set(weft_as_is -O0 -g0)
function(weft_optimise target)
  target_compile_options(${target} PRIVATE
    "$<$<CONFIG:RelWithDebInfo>:${ARGN}>")
endfunction()

# weft_precompile(TARGET [OPTION...])
# The precompiled header: CAF's core, which every CAF source includes. The
# options, -O2 if there are none, are for a build that is optimised; each set of
# them has a header of its own.
function(weft_precompile target)
  weft_precompile_header(${target} precompiled <caf/all.hpp> CAF::core ${ARGN})
endfunction()

# weft_precompile_header(TARGET NAME HEADER LINK [OPTION...])
# The same of another header, which LINK brings; NAME is its name for all.
function(weft_precompile_header target name header link)
  set(options "")
  if(CMAKE_BUILD_TYPE STREQUAL RelWithDebInfo)
    set(options ${ARGN})
  endif()
  string(JOIN "" made weft_ ${name} ${options})
  if(NOT TARGET ${made})
    file(WRITE "${PROJECT_BINARY_DIR}/${made}.cpp" "")
    add_library(${made} OBJECT "${PROJECT_BINARY_DIR}/${made}.cpp")
    target_link_libraries(${made} PRIVATE weft_options ${link})
    target_precompile_headers(${made} PRIVATE ${header})
    target_compile_options(${made} PRIVATE ${options})
  endif()
  target_compile_options(${target} PRIVATE ${options})
  target_precompile_headers(${target} REUSE_FROM ${made})
endfunction()

# For a target that computes: what is instrumented and not optimised at all
# would take its tests minutes.
function(weft_computes target)
  if(WEFT_SANITIZE)
    target_compile_options(${target} PRIVATE -O1)
  endif()
endfunction()

# weft_layer(NAME [CAF] [COMPUTES] [SELDOM] FOLDERS folder... [BUT folder...]
#            LINK target...)
# An object library weft_NAME of all sources directly in or below the folders,
# but those folders that are layers of their own.
# CAF marks a layer whose sources include CAF, for the precompiled header;
# SELDOM one that no message, tuple or cell passes on its way.
function(weft_layer name)
  cmake_parse_arguments(PARSE_ARGV 1 layer "CAF;COMPUTES;SELDOM" "" "FOLDERS;BUT;LINK")
  list(TRANSFORM layer_FOLDERS PREPEND "${PROJECT_SOURCE_DIR}/")
  list(TRANSFORM layer_FOLDERS APPEND "/*.cpp")
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${layer_FOLDERS})
  foreach(folder ${layer_BUT})
    list(FILTER sources EXCLUDE REGEX "^${PROJECT_SOURCE_DIR}/${folder}/")
  endforeach()
  if(sources)
    add_library(weft_${name} OBJECT ${sources})
    target_link_libraries(weft_${name} PUBLIC weft_options ${layer_LINK})
    set(level "")
    if(layer_SELDOM)
      set(level -O1)
    endif()
    if(layer_CAF)
      weft_precompile(weft_${name} ${level})
    else()
      if(level)
        weft_optimise(weft_${name} ${level})
      endif()
      if(WEFT_SANITIZE MATCHES undefined)
        target_compile_options(weft_${name} PRIVATE -fsanitize=null,alignment)
      endif()
    endif()
    if(layer_COMPUTES)
      weft_computes(weft_${name})
    endif()
    set_property(GLOBAL APPEND PROPERTY weft_layers weft_${name})
  else()
    add_library(weft_${name} INTERFACE)
    target_link_libraries(weft_${name} INTERFACE weft_options ${layer_LINK})
  endif()
endfunction()

# The shared library that the program, the tests and every module link, so
# that there is one copy of each registry in a process.
function(weft_library)
  get_property(layers GLOBAL PROPERTY weft_layers)
  add_library(weft SHARED)
  set_source_files_properties("${PROJECT_SOURCE_DIR}/runtime/base/version.cpp"
    PROPERTIES COMPILE_DEFINITIONS "WEFT_VERSION=\"${PROJECT_VERSION}\"")
  target_link_libraries(weft PRIVATE weft_options ${layers}
    PUBLIC CAF::io CAF::core fmt::fmt spdlog::spdlog tl::expected
           nlohmann_json::nlohmann_json
    PRIVATE ${CMAKE_DL_LIBS})
  target_include_directories(weft INTERFACE
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>"
    "$<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/runtime/include>"
    "$<INSTALL_INTERFACE:include/weft>" "$<INSTALL_INTERFACE:include>")
  target_compile_features(weft INTERFACE cxx_std_20)
  set_target_properties(weft PROPERTIES
    LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION}
    SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  add_library(weft::weft ALIAS weft)
endfunction()
