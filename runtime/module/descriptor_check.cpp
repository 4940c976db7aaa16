#include "runtime/module/descriptor_check.hpp"

#include <fmt/format.h>

namespace weft::modules {

namespace {

std::string caf_text(const weft_module_abi& abi) {
  const auto version = abi.caf_version;
  return fmt::format("CAF {}.{}.{}", version / 10000, version / 100 % 100,
                     version % 100);
}

std::string compiler_text(const weft_module_abi& abi) {
  return fmt::format("{} {}", abi.compiler == 2 ? "Clang" : "GCC",
                     abi.compiler_major);
}

std::string string_text(const weft_module_abi& abi) {
  return abi.string_abi == 2
             ? "a standard library other than libstdc++"
             : fmt::format("_GLIBCXX_USE_CXX11_ABI={}", abi.string_abi);
}

std::string sanitizer_text(const weft_module_abi& abi) {
  switch (abi.sanitizers) {
  case 0:
    return "no sanitizer";
  case 1:
    return "AddressSanitizer";
  case 2:
    return "ThreadSanitizer";
  default:
    return "sanitizers";
  }
}

} // namespace

std::optional<std::string> find_mismatch(const weft_module_descriptor& module,
                                         const weft_module_abi& program,
                                         std::string_view version) {
  if (module.magic != descriptor_magic
      || module.size < sizeof(weft_module_descriptor))
    return fmt::format("announces itself in a form that weft {} does not "
                       "know; rebuild it against this weft",
                       version);
  const auto differ = [&](const std::string& theirs, const std::string& ours) {
    return fmt::format("was built with {}, but the program with {}; rebuild "
                       "the module against this weft",
                       theirs, ours);
  };
  if (module.weft_version != version)
    return differ(fmt::format("weft {}", module.weft_version),
                  fmt::format("weft {}", version));
  using describe = std::string (*)(const weft_module_abi&);
  for (const describe text :
       {&caf_text, &compiler_text, &string_text, &sanitizer_text})
    if (text(module.abi) != text(program))
      return differ(text(module.abi), text(program));
  return std::nullopt;
}

} // namespace weft::modules
