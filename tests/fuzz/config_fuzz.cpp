/// Fuzz target of the cluster file's loader: for every input the loader
/// returns, its problems have places within the text, and options without
/// problems print, hash and load back as they were.

#include "config/load.hpp"
#include "config/print.hpp"
#include "runtime/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

using namespace weft::config;

load_options surroundings() {
  load_options options;
  options.environment =
      [](const std::string& name) -> std::optional<std::string> {
    if (name == "NODE")
      return "n1";
    return std::nullopt;
  };
  options.read = [](const std::string& path) -> weft::result<std::string> {
    if (path == "common.yaml")
      return "log: {level: debug}\n";
    return weft::fail(weft::errc::not_found, "expected a file, got none");
  };
  return options;
}

void check_problem(const problem& what) {
  WEFT_ASSERT(!to_string(what).empty());
  WEFT_ASSERT(what.where.line >= 1 && what.where.column >= 1);
  WEFT_ASSERT(what.message.starts_with("expected "));
  constexpr std::size_t message_bytes_max = 2000;
  WEFT_ASSERT(what.message.size() < message_bytes_max);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const auto loaded = load_text(text, "fuzz.yaml", surroundings());
  for (const auto& problem : loaded.problems)
    check_problem(problem);
  const auto json = to_json(loaded.options);
  WEFT_ASSERT(configuration_hash(loaded.options).size() == 16);
  if (!loaded.ok())
    return 0;
  const auto again = load_text(json.dump(), "again.yaml", {});
  // What stood for itself after $${ would be a variable now.
  if (json.dump().find("${") == std::string::npos)
    WEFT_ASSERT(again.ok() && again.options == loaded.options);
  return 0;
}
