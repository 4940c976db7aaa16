#include <cstdlib>
#include <weft/weft.hpp>

namespace {

weft_module_descriptor make_descriptor() {
  weft_module_descriptor announced{weft::modules::descriptor_magic,
                                   sizeof(weft_module_descriptor),
                                   "other_form",
                                   weft::modules::header_version,
                                   weft::modules::this_abi(),
                                   [](void*) { std::abort(); }};
  announced.magic = 1;
  return announced;
}

const weft_module_descriptor descriptor = make_descriptor();
const weft::modules::announcement announcement{descriptor};

} // namespace
