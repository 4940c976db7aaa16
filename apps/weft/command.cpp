#include "apps/weft/command.hpp"

#include "runtime/base/json_text.hpp"
#include "runtime/launcher/log_relay.hpp"

#include <fmt/core.h>

#include <cstdlib>
#include <unistd.h>

namespace weft::apps {

int exit_code_of(const failure& what) {
  switch (what.code) {
  case errc::none:
    return success;
  case errc::invalid_argument:
  case errc::unsupported:
    return bad_usage;
  case errc::unavailable:
    return unreachable;
  case errc::timed_out:
    return timed_out;
  default:
    return work_failed;
  }
}

int report(const failure& what, bool json) {
  if (json)
    print_json({{"ok", false}, {"error", error_json(what)}});
  else
    fmt::print(stderr, "weft: {}\n", what.message);
  return exit_code_of(what);
}

int work_exit_code_of(const failure& what) {
  const int code = exit_code_of(what);
  return code == unreachable ? static_cast<int>(work_failed) : code;
}

int report_work(const failure& what, bool json) {
  report(what, json);
  return work_exit_code_of(what);
}

nlohmann::json error_json(const failure& what) {
  return {{"code", to_string(what.code)}, {"message", what.message}};
}

void print_json(const nlohmann::json& object) {
  fmt::print("{}\n", json_text(object));
}

bool shows_colour(int terminal) {
  return launcher::use_colour(std::getenv("NO_COLOR"), isatty(terminal) == 1);
}

void run_when_chosen(CLI::App& subcommand, int& exit, action work) {
  subcommand.callback([&exit, work = std::move(work)] { exit = work(); });
}

} // namespace weft::apps
