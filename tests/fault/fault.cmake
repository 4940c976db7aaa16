# Processes are killed; what the others saw goes to the checkers.

weft_add_module(space_users fault/space_users.cpp fault/space_workload.cpp
                fault/history_recorder.cpp)
target_link_libraries(space_users PRIVATE weft_options)
weft_test_module(space_users)

add_executable(judge_spaces fault/judge_spaces.cpp)
target_link_libraries(judge_spaces PRIVATE weft_base weft_test_checkers
                      weft_options CLI11::CLI11 nlohmann_json::nlohmann_json)
weft_optimise(judge_spaces -O1)
set_target_properties(judge_spaces PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")

add_test(NAME fault.spaces
         COMMAND "${Python3_EXECUTABLE}" -B
                 "${CMAKE_CURRENT_SOURCE_DIR}/fault/spaces_test.py")
set_tests_properties(fault.spaces PROPERTIES
  LABELS fault TIMEOUT 300 RESOURCE_LOCK cluster
  ENVIRONMENT "WEFT_BINARY_DIR=${PROJECT_BINARY_DIR}")
