#include <weft/weft.hpp>

namespace weft {

void function_of_another_version();

} // namespace weft

WEFT_MODULE(undefined_symbol) {
  weft::function_of_another_version();
}
