#include <stdexcept>
#include <weft/weft.hpp>

namespace {

struct table {
  table() { throw std::runtime_error("no table"); }
};

const table built_when_loaded;

} // namespace

WEFT_MODULE(throws_in_constructor) {}
