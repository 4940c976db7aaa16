# The shared libraries that the loader's tests load, one mistake each.
file(GLOB module_libraries CONFIGURE_DEPENDS
     "${CMAKE_CURRENT_LIST_DIR}/*.cpp")
foreach(source ${module_libraries})
  get_filename_component(name "${source}" NAME_WE)
  add_library(module_${name} MODULE "${source}")
  target_link_libraries(module_${name} PRIVATE weft weft_options)
  weft_test_module(module_${name})
  set_target_properties(module_${name} PROPERTIES OUTPUT_NAME ${name}
    LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/modules")
  add_dependencies(unit_module module_${name})
endforeach()
