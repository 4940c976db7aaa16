# cmake --install: the library, the program, the headers that users include
# and the package behind find_package(weft), with weft_add_module.
# weft_install() is called once all targets exist.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
include(WeftModule)

# Modules carry the version of the headers they were compiled with; a second
# place that says it must not drift from the project's.
file(STRINGS "${PROJECT_SOURCE_DIR}/runtime/module/abi.hpp" weft_header_version
     REGEX "header_version\\[\\] = ")
if(NOT weft_header_version MATCHES "\"${PROJECT_VERSION}\"")
  message(FATAL_ERROR "header_version in runtime/module/abi.hpp differs from "
    "the project's version ${PROJECT_VERSION}: set it to the same")
endif()

# The folders whose headers weft/weft.hpp brings in.
set(weft_public_folders
  runtime/base runtime/caf runtime/observe runtime/module runtime/supervision
  config actors spaces)

function(weft_install)
  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/weft")
  install(TARGETS weft EXPORT weftTargets
          LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
  if(TARGET weft_program)
    install(TARGETS weft_program
            RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  endif()
  foreach(folder ${weft_public_folders})
    install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}/"
            DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/weft/${folder}"
            FILES_MATCHING PATTERN "*.hpp")
  endforeach()
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/runtime/include/weft/"
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/weft"
          FILES_MATCHING PATTERN "*.hpp")

  install(EXPORT weftTargets NAMESPACE weft:: DESTINATION "${package}")
  configure_package_config_file(
    "${PROJECT_SOURCE_DIR}/runtime/cmake/weftConfig.cmake.in"
    "${PROJECT_BINARY_DIR}/weftConfig.cmake" INSTALL_DESTINATION "${package}")
  # Before 1.0 a minor version may change what modules see.
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/weftConfigVersion.cmake"
    COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/weftConfig.cmake"
                "${PROJECT_BINARY_DIR}/weftConfigVersion.cmake"
                "${PROJECT_SOURCE_DIR}/runtime/cmake/FindCAF.cmake"
                "${PROJECT_SOURCE_DIR}/runtime/cmake/WeftModule.cmake"
          DESTINATION "${package}")
endfunction()
