#include <weft/weft.hpp>

WEFT_MODULE(good) {}
