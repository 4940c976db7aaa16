# Real processes from cluster files; each script is a test of its own. One at a
# time: a cluster takes every core when it starts.

foreach(name crasher evaluator)
  weft_add_module(${name} integration/${name}.cpp)
  target_link_libraries(${name} PRIVATE weft_options)
  weft_test_module(${name})
endforeach()

foreach(name cluster bad_input commands node heat byzantine registry space
        space_transfer evaluation factory observability footprint)
  add_test(NAME integration.${name}
           COMMAND "${Python3_EXECUTABLE}" -B
                   "${CMAKE_CURRENT_SOURCE_DIR}/integration/${name}_test.py")
  set_tests_properties(integration.${name} PROPERTIES
    LABELS integration TIMEOUT 600 RESOURCE_LOCK cluster
    ENVIRONMENT "WEFT_BINARY_DIR=${PROJECT_BINARY_DIR}")
endforeach()
# It measures.
set(resident_mb_max 30)
if(CMAKE_BUILD_TYPE STREQUAL Debug)
  set(resident_mb_max 80)
endif()
set_tests_properties(integration.footprint PROPERTIES RUN_SERIAL ON
  ENVIRONMENT "WEFT_BINARY_DIR=${PROJECT_BINARY_DIR};WEFT_RESIDENT_MB_MAX=${resident_mb_max}")

add_test(NAME integration.scaffold
         COMMAND "${CMAKE_CURRENT_SOURCE_DIR}/integration/scaffold/run.sh"
                 "${PROJECT_BINARY_DIR}")
set_tests_properties(integration.scaffold PROPERTIES
  LABELS integration TIMEOUT 600 RESOURCE_LOCK cluster)
