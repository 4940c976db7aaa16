# weft_add_module(NAME source...)
# A shared library libNAME.so that a cluster file loads by its path under
# `modules:`. Link it to more libraries with target_link_libraries.
function(weft_add_module name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE weft::weft)
  # A missing function is found here and not when a node loads the module; a
  # sanitizer's functions come with the program.
  if(NOT WEFT_SANITIZE)
    target_link_options(${name} PRIVATE LINKER:--no-undefined)
  endif()
endfunction()
