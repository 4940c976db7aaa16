#include <stdexcept>
#include <weft/weft.hpp>

WEFT_MODULE(throws_in_body) {
  throw std::runtime_error("no licence");
}
