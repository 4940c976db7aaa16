# What the launcher's tests launch in place of `weft node`.
add_executable(launcher_fake_node "${CMAKE_CURRENT_LIST_DIR}/fake_node.cpp")
target_link_libraries(launcher_fake_node PRIVATE weft weft_options)
set_target_properties(launcher_fake_node PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests")
add_dependencies(unit_launcher launcher_fake_node)
