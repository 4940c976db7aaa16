#include "transport/openssl_handle.hpp"

#include <openssl/err.h>

namespace weft::transport {

std::string take_openssl_error() {
  const auto code = ERR_get_error();
  ERR_clear_error();
  const char* text = code == 0 ? nullptr : ERR_reason_error_string(code);
  return text == nullptr ? "unknown error" : text;
}

} // namespace weft::transport
