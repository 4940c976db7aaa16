# How the heat kernels are compiled: each file for its own instructions, chosen
# among when the program runs; and nowhere a product and a sum in one rounding,
# so that all of them give the same bits.
set(kernel_flags -O2 -ffp-contract=off)
set(kernels apps/heat/core/sweep)
set_source_files_properties(${kernels}_portable.cpp
  PROPERTIES COMPILE_OPTIONS "${kernel_flags}")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
  set_source_files_properties(${kernels}_avx2.cpp
    PROPERTIES COMPILE_OPTIONS "${kernel_flags};-mavx2")
  # GCC 12 finds its own intrinsics uninitialised.
  set_source_files_properties(${kernels}_avx512.cpp PROPERTIES
    COMPILE_OPTIONS "${kernel_flags};-mavx512f;-Wno-maybe-uninitialized")
endif()
set_source_files_properties(apps/heat/core/whole_grid.cpp
  PROPERTIES COMPILE_OPTIONS -ffp-contract=off)
