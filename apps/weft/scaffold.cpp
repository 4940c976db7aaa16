#include "apps/weft/scaffold.hpp"

#include "apps/weft/scaffold_templates.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>

namespace weft::apps {

namespace {

constexpr std::size_t name_size_max = 40;

/// Targets of every CMake project, and the package that it uses.
constexpr std::array<std::string_view, 9> taken = {
    "all",     "clean",         "depend", "edit_cache", "help",
    "install", "rebuild_cache", "test",   "weft"};

/// The module's name is one of C++ too.
constexpr auto keywords = std::to_array<std::string_view>(
    {"alignas",       "alignof",     "and",
     "and_eq",        "asm",         "auto",
     "bitand",        "bitor",       "bool",
     "break",         "case",        "catch",
     "char",          "char16_t",    "char32_t",
     "char8_t",       "class",       "co_await",
     "co_return",     "co_yield",    "compl",
     "concept",       "const",       "const_cast",
     "consteval",     "constexpr",   "constinit",
     "continue",      "decltype",    "default",
     "delete",        "do",          "double",
     "dynamic_cast",  "else",        "enum",
     "explicit",      "export",      "extern",
     "false",         "float",       "for",
     "friend",        "goto",        "if",
     "inline",        "int",         "long",
     "mutable",       "namespace",   "new",
     "noexcept",      "not",         "not_eq",
     "nullptr",       "operator",    "or",
     "or_eq",         "private",     "protected",
     "public",        "register",    "reinterpret_cast",
     "requires",      "return",      "short",
     "signed",        "sizeof",      "static",
     "static_assert", "static_cast", "struct",
     "switch",        "template",    "this",
     "thread_local",  "throw",       "true",
     "try",           "typedef",     "typeid",
     "typename",      "union",       "unsigned",
     "using",         "virtual",     "void",
     "volatile",      "wchar_t",     "while",
     "xor",           "xor_eq"});

bool is_project_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= name_size_max && name[0] >= 'a'
         && name[0] <= 'z' && std::ranges::all_of(name, allowed);
}

std::string filled(std::string_view text, std::string_view name) {
  constexpr std::string_view mark = "@NAME@";
  std::string out;
  for (;;) {
    const auto at = text.find(mark);
    out += text.substr(0, at);
    if (at == std::string_view::npos)
      return out;
    out += name;
    text.remove_prefix(at + mark.size());
  }
}

} // namespace

result<std::map<std::string, std::string>> scaffold(std::string_view name) {
  if (!is_project_name(name))
    return fail(errc::invalid_argument,
                fmt::format("\"{}\" is no name for a project: use 1 to {} of "
                            "a-z, 0-9 and _, beginning with a letter",
                            name, name_size_max));
  if (std::ranges::find(taken, name) != taken.end())
    return fail(errc::invalid_argument,
                fmt::format("{} is a name that CMake or weft uses itself; "
                            "choose another, such as my_{}",
                            name, name));
  if (std::ranges::find(keywords, name) != keywords.end())
    return fail(errc::invalid_argument,
                fmt::format("{} is a keyword of C++; choose another name, such "
                            "as my_{}",
                            name, name));
  std::map<std::string, std::string> files;
  for (const auto& file : scaffold_templates())
    files.emplace(filled(file.path, name), filled(file.text, name));
  return files;
}

result<std::filesystem::path>
write_scaffold(const std::filesystem::path& parent, std::string_view name) {
  const auto files = scaffold(name);
  if (!files)
    return tl::unexpected(files.error());
  const auto folder = parent / name;
  std::error_code error;
  // Creating it is the check, so that two at once cannot both succeed.
  if (!std::filesystem::create_directory(folder, error)) {
    if (error && error != std::errc::file_exists)
      return fail(errc::io,
                  fmt::format("cannot make the folder {}: {}; go to a folder "
                              "that you can write",
                              folder.string(), error.message()));
    return fail(errc::already_exists,
                fmt::format("{} exists already; choose another name or remove "
                            "it",
                            folder.string()));
  }
  for (const auto& [path, text] : *files) {
    std::ofstream out{folder / path, std::ios::binary};
    out << text;
    out.close();
    if (!out)
      return fail(errc::io,
                  fmt::format("cannot write {}; make room, remove {} and "
                              "try again",
                              (folder / path).string(), folder.string()));
  }
  return folder;
}

} // namespace weft::apps
