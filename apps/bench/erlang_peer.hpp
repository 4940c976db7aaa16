#pragma once

#include "apps/bench/children.hpp"
#include "apps/bench/experiments.hpp"
#include "apps/bench/temporary_folder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::bench {

/// What to say where Erlang is missing.
inline constexpr const char* erlang_advice =
    "Erlang/OTP is not installed, so nothing is compared; install it with: "
    "apt install erlang-base";

/// Runs the experiments in Erlang/OTP. Every run has an epmd of its own on a
/// free port of loopback, and nothing of it is left behind: its processes end
/// with the run, its files are in the temporary folder.
class erlang_peer {
public:
  /// Looks for escript, erl and epmd in PATH and writes the script into
  /// `folder`, which must outlive the object. Empty when one of them is
  /// missing; fails as `children::run` when Erlang does not run.
  static result<std::optional<erlang_peer>>
  find(children& running, const temporary_folder& folder);

  /// The release of OTP, e.g. "25".
  const std::string& version() const noexcept { return version_; }

  /// One run; returns a number for each figure. Fails as `children::run`.
  result<std::vector<double>> run(children& running, const experiment& what,
                                  std::uint64_t count,
                                  std::chrono::nanoseconds limit) const;

private:
  result<std::unique_ptr<child>> start_epmd(children& running,
                                            std::uint16_t port) const;
  launcher::command escript(std::vector<std::string> arguments,
                            std::uint16_t epmd_port) const;

  std::string escript_;
  std::string epmd_;
  std::string folder_;
  std::string script_;
  std::string version_;
};

} // namespace weft::bench
