#include "runtime/module/loader.hpp"

#include "runtime/base/text.hpp"
#include "runtime/base/version.hpp"
#include "runtime/caf/error.hpp"
#include "runtime/module/descriptor_check.hpp"
#include "runtime/module/module.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <dlfcn.h>
#include <filesystem>
#include <fstream>
#include <mutex>

namespace weft::modules {

namespace {

namespace fs = std::filesystem;

/// All modules announced in this process. Filled by static initializers, so it
/// must exist before any of them and outlive all: never destroyed.
struct announced_modules {
  struct entry {
    const weft_module_descriptor* descriptor;
    /// The program or library that the descriptor is in.
    fs::path file;
    /// False: it came with the program.
    bool loaded;
  };

  std::mutex mutex;
  std::vector<entry> entries;
  bool loading = false;
  /// Libraries whose static constructors threw. Each leaves the dynamic linker
  /// locked by the thread that loaded it.
  std::size_t constructors_thrown = 0;

  static announced_modules& instance() {
    static auto* const all = new announced_modules;
    return *all;
  }

  std::vector<entry> snapshot() {
    const std::lock_guard lock{mutex};
    return entries;
  }

  void set_loading(bool now) {
    const std::lock_guard lock{mutex};
    loading = now;
  }

  void count_thrown() {
    const std::lock_guard lock{mutex};
    ++constructors_thrown;
  }

  std::size_t thrown() {
    const std::lock_guard lock{mutex};
    return constructors_thrown;
  }
};

fs::path file_of(const void* address) {
  Dl_info info;
  if (dladdr(address, &info) == 0 || !info.dli_fname)
    return {};
  std::error_code ignored;
  auto real = fs::canonical(info.dli_fname, ignored);
  return ignored ? fs::path{info.dli_fname} : real;
}

/// The text of a dlopen error after its leading file name.
std::string dl_text(const char* text) {
  return text ? text : "the dynamic linker gives no reason";
}

bool is_elf(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  char magic[4]{};
  in.read(magic, sizeof magic);
  return in
         && std::string_view{magic, 4}
                == "\x7f"
                   "ELF";
}

result<fs::path> check_file(const std::string& entry) {
  std::error_code error;
  const auto status = fs::status(entry, error);
  if (!fs::exists(status))
    return fail(errc::not_found,
                fmt::format("module {}: no such file ({}); build it, or mend "
                            "the path under modules:",
                            entry, fs::absolute(entry).string()));
  if (!fs::is_regular_file(status))
    return fail(
        errc::invalid_argument,
        fmt::format("module {}: expected a shared library, got a {}", entry,
                    fs::is_directory(status) ? "directory" : "special file"));
  if (!is_elf(entry))
    return fail(errc::invalid_argument,
                fmt::format("module {}: expected a shared library, got a file "
                            "without an ELF header; name the .so that the "
                            "build made",
                            entry));
  auto real = fs::canonical(entry, error);
  if (error)
    return fail(errc::io, fmt::format("module {}: {}", entry, error.message()));
  return real;
}

failure cannot_open(const std::string& entry, const std::string& why) {
  if (why.find("undefined symbol") != std::string::npos)
    return {errc::unsupported,
            fmt::format("module {}: it needs a function that neither weft {} "
                        "nor its own libraries have ({}); rebuild it against "
                        "this weft",
                        entry, version(), why)};
  if (why.find("cannot open shared object") != std::string::npos)
    return {errc::not_found,
            fmt::format("module {}: a library that it needs is missing ({}); "
                        "install it, or rebuild the module against weft {}",
                        entry, why, version())};
  return {errc::invalid_argument,
          fmt::format("module {}: expected a shared library for this machine "
                      "({})",
                      entry, why)};
}

/// dlopen, which glibc declares as never throwing: a static constructor of the
/// library can, and only a call through a plain pointer lets us catch that.
void* open_or_throw(const char* file) {
  void* (*volatile open)(const char*, int) = &dlopen;
  return open(file, RTLD_NOW | RTLD_LOCAL);
}

result<void> open_library(const std::string& entry, const fs::path& file) {
  auto& all = announced_modules::instance();
  all.set_loading(true);
  result<void> outcome;
  try {
    if (!open_or_throw(file.c_str()))
      outcome = tl::unexpected(cannot_open(entry, dl_text(dlerror())));
  } catch (...) {
    all.count_thrown();
    outcome =
        fail(errc::internal,
             fmt::format(
                 "module {}: a static constructor failed: {}; "
                 "mend the module",
                 entry,
                 describe_exit(describe_exception(std::current_exception()))));
  }
  all.set_loading(false);
  return outcome;
}

result<module_definition> enter(const weft_module_descriptor& descriptor,
                                const std::string& file) {
  const auto label = file.empty() ? "module " : "module " + file + ": ";
  if (const auto why = find_mismatch(descriptor, this_abi(), version()))
    return fail(errc::unsupported, label + "it " + *why);
  module_registration registration{descriptor.name};
  try {
    descriptor.enter(&registration);
  } catch (...) {
    return fail(errc::internal,
                fmt::format("{}WEFT_MODULE({}) failed: {}; mend the module",
                            label, descriptor.name,
                            describe_exit(
                                describe_exception(std::current_exception()))));
  }
  auto definition = std::move(registration).finish();
  if (!definition)
    return fail(definition.error().code,
                file.empty() ? definition.error().message
                             : label + definition.error().message);
  definition->file = file;
  return definition;
}

result<std::vector<module_definition>> load_library(const std::string& entry) {
  const auto file = check_file(entry);
  if (!file)
    return tl::unexpected(file.error());
  if (auto opened = open_library(entry, *file); !opened)
    return pass_on(opened);
  std::vector<module_definition> found;
  for (const auto& each : announced_modules::instance().snapshot()) {
    if (each.file != *file)
      continue;
    auto definition = enter(*each.descriptor, entry);
    if (!definition)
      return pass_on(definition);
    found.push_back(std::move(*definition));
  }
  if (found.empty())
    return fail(errc::not_found,
                fmt::format("module {}: the library has no WEFT_MODULE; add "
                            "WEFT_MODULE(name) {{ ... }} to one of its "
                            "sources, or name another library",
                            entry));
  return found;
}

result<std::vector<module_definition>> load_linked(const std::string& name) {
  for (const auto& each : announced_modules::instance().snapshot()) {
    if (each.loaded || each.descriptor->name != name)
      continue;
    auto definition = enter(*each.descriptor, "");
    if (!definition)
      return pass_on(definition);
    std::vector<module_definition> found;
    found.push_back(std::move(*definition));
    return found;
  }
  const auto names = linked_modules();
  const auto near = nearest_spelling(name, names);
  const auto there = names.empty() ? std::string{"none"}
                                   : fmt::format("{}", fmt::join(names, ", "));
  return fail(errc::not_found,
              fmt::format("module {}: no module of this name is linked into "
                          "the program ({}); {}for a shared library write its "
                          "path, such as ./lib{}.so",
                          name, there,
                          near ? "did you mean " + *near + "? " : "", name));
}

} // namespace

std::vector<std::string> linked_modules() {
  std::vector<std::string> names;
  for (const auto& each : announced_modules::instance().snapshot())
    if (!each.loaded && each.descriptor->magic == descriptor_magic)
      names.emplace_back(each.descriptor->name);
  std::ranges::sort(names);
  return names;
}

result<std::vector<module_definition>> load_module(const std::string& entry) {
  const bool is_path =
      entry.find('/') != std::string::npos || entry.ends_with(".so");
  return is_path ? load_library(entry) : load_linked(entry);
}

std::vector<load_failure> load_modules(const std::vector<std::string>& entries,
                                       type_registry& into) {
  auto wanted = entries;
  const std::string own{own_module};
  if (std::ranges::count(entries, own) == 0
      && std::ranges::count(linked_modules(), own) > 0)
    wanted.push_back(own);
  auto& all = announced_modules::instance();
  const auto thrown_before = all.thrown();
  std::vector<load_failure> failures;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    auto loaded = load_module(wanted[i]);
    if (!loaded) {
      failures.push_back({i, std::move(loaded.error())});
      if (all.thrown() == thrown_before)
        continue;
      if (i + 1 < entries.size())
        failures.back().why.message +=
            "; the modules behind it were not loaded";
      break;
    }
    for (auto& definition : *loaded)
      if (auto added = into.add(std::move(definition)); !added)
        failures.push_back({i, std::move(added.error())});
  }
  return failures;
}

} // namespace weft::modules

extern "C" void weft_announce_module(const weft_module_descriptor* descriptor) {
  using namespace weft::modules;
  auto& all = announced_modules::instance();
  auto file = file_of(descriptor);
  const std::lock_guard lock{all.mutex};
  all.entries.push_back({descriptor, std::move(file), all.loading});
}
