#pragma once

#include "runtime/caf/compat.hpp"

#include <cstddef>
#include <cstdint>

/// What a module and the program that loads it agree on before any C++ type
/// passes between them: plain C, and its layout only ever grows at the end.
extern "C" {

/// What two builds must share so that one may use the other's C++ types.
struct weft_module_abi {
  /// As CAF writes it: 1706 is 0.17.6.
  std::uint32_t caf_version;
  /// 1: GCC, 2: Clang.
  std::uint32_t compiler;
  std::uint32_t compiler_major;
  /// libstdc++'s _GLIBCXX_USE_CXX11_ABI; 2 for another standard library.
  std::uint32_t string_abi;
  /// Bits: 1 address, 2 thread.
  std::uint32_t sanitizers;
};

/// What one WEFT_MODULE announces. All pointers are to static storage.
struct weft_module_descriptor {
  std::uint32_t magic;
  /// sizeof(weft_module_descriptor) of the module's build.
  std::uint32_t size;
  const char* name;
  /// Version of the weft headers that the module was compiled with.
  const char* weft_version;
  weft_module_abi abi;
  /// Fills a weft::module_registration; called only after all of the above
  /// has been found equal.
  void (*enter)(void* registration);
};

/// Makes a module known to the loader; called by the static initializer that
/// WEFT_MODULE defines. Thread-safe. Does not look into the descriptor.
void weft_announce_module(const weft_module_descriptor* descriptor);

} // extern "C"

namespace weft::modules {

inline constexpr std::uint32_t descriptor_magic = 0x57454654; // "WEFT"

/// Version of these headers, compiled into every module; the build refuses to
/// configure when it differs from the project's.
inline constexpr char header_version[] = "0.1.0";

/// The properties of the build that includes this header.
constexpr weft_module_abi this_abi() {
  weft_module_abi abi{caf_version_number, 1, __GNUC__, 2, 0};
#if defined(__clang__)
  abi.compiler = 2;
  abi.compiler_major = __clang_major__;
#endif
#if defined(_GLIBCXX_USE_CXX11_ABI)
  abi.string_abi = _GLIBCXX_USE_CXX11_ABI;
#endif
#if defined(__SANITIZE_ADDRESS__)
  abi.sanitizers |= 1;
#endif
#if defined(__SANITIZE_THREAD__)
  abi.sanitizers |= 2;
#endif
  return abi;
}

} // namespace weft::modules
