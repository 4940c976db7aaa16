# Registers the tidy checks: each script here is one test of the label tidy.

find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)

foreach(check layers headers tests_registered format size words shell messages
              snippets)
  add_test(NAME tidy.${check}
           COMMAND Python3::Interpreter
                   "${CMAKE_CURRENT_LIST_DIR}/${check}.py"
                   --root "${PROJECT_SOURCE_DIR}"
                   --build "${PROJECT_BINARY_DIR}")
  set_tests_properties(tidy.${check} PROPERTIES LABELS tidy TIMEOUT 600)
endforeach()
# It takes longest, and on every core what other tests leave.
set_tests_properties(tidy.headers PROPERTIES COST 1000 TIMEOUT 1500)

add_test(NAME tidy.selftest
         COMMAND Python3::Interpreter
                 "${CMAKE_CURRENT_LIST_DIR}/test_tidy.py")
add_test(NAME tidy.scripts
         COMMAND Python3::Interpreter
                 "${CMAKE_CURRENT_LIST_DIR}/test_scripts.py")
add_test(NAME tidy.find_caf
         COMMAND Python3::Interpreter
                 "${CMAKE_CURRENT_LIST_DIR}/test_find_caf.py")
set_tests_properties(tidy.selftest tidy.scripts tidy.find_caf PROPERTIES
  LABELS tidy TIMEOUT 300)
