#pragma once

#include "runtime/base/result.hpp"
#include "runtime/module/type_registry.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weft::modules {

/// Finds the modules that a cluster file lists and lets them register. A
/// shared library stays loaded until the process ends: its code may be in use
/// by any actor. Called while a node starts, by one thread at a time; loading
/// runs the library's static constructors.

/// The names of the modules linked into the program, in alphabetical order.
std::vector<std::string> linked_modules();

/// What a `modules:` entry stands for: with a slash or the ending ".so" the
/// path of a shared library, else a module linked into the program. The
/// failures say what to do: `not_found` (no such module, file or WEFT_MODULE),
/// `unsupported` (another weft, CAF, compiler or sanitizer),
/// `invalid_argument` (wrong registrations), `internal` (it threw), `io`.
/// A library may define several modules. After a static constructor threw, the
/// dynamic linker stays locked by this thread: say so and end the process.
result<std::vector<module_definition>> load_module(const std::string& entry);

/// The module that comes with the program: loaded whether a file names it or
/// not, where it is linked in.
inline constexpr std::string_view own_module = "weft";

/// Why one of the entries was not loaded.
struct load_failure {
  /// Its place among the entries; their number for `own_module`.
  std::size_t entry = 0;
  failure why;
};

/// Loads all entries and `own_module` into a registry; every failure of all of
/// them. What comes behind a library whose static constructor threw is not
/// loaded, which the failure says.
std::vector<load_failure> load_modules(const std::vector<std::string>& entries,
                                       type_registry& into);

} // namespace weft::modules
