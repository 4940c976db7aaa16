# cmake --install: program, library, headers and the package weft::weft.
# Filled by weft_install once the targets exist.
