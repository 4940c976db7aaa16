#include "apps/bench/heat/mpi_peer.hpp"

#include "apps/bench/heat/heat_mpi_c.hpp"
#include "apps/bench/heat/heat_runs.hpp"
#include "apps/bench/programs.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace weft::bench {

namespace {

constexpr std::chrono::seconds mpi_start_max{60};

/// One implementation of MPI.
struct mpi_kind {
  /// What the names of its programs end with.
  const char* suffix;
  const char* advice;
  /// Of mpiexec: more processes than cores, and a user who may be root in a
  /// container.
  std::vector<std::string> options;
};

mpi_kind mpich() {
  return {"mpich",
          "MPICH is not installed, so nothing is compared with it; install it "
          "with: apt install mpich libmpich-dev",
          {}};
}

mpi_kind openmpi() {
  return {"openmpi",
          "Open MPI is not installed, so nothing is compared with it; install "
          "it with: apt install openmpi-bin libopenmpi-dev",
          {"--oversubscribe", "--allow-run-as-root"}};
}

class mpi_peer : public peer {
public:
  static result<peer_search> find(mpi_kind kind, children& running,
                                  const temporary_folder& folder);

  const std::string& version() const noexcept override { return version_; }
  run_numbers run(const experiment& what, const run_size& size) override;

private:
  mpi_peer(mpi_kind kind, children& running, std::string folder)
      : kind_{std::move(kind)}, children_{running}, folder_{std::move(folder)} {
  }

  result<void> compile(const std::string& compiler,
                       const temporary_folder& folder);
  launcher::command with_folder(std::string program,
                                std::vector<std::string> arguments) const;

  mpi_kind kind_;
  children& children_;
  std::string folder_;
  std::string executor_;
  std::string program_;
  std::string version_;
};

result<peer_search> mpi_peer::find(mpi_kind kind, children& running,
                                   const temporary_folder& folder) {
  const auto compiler = find_program(fmt::format("mpicc.{}", kind.suffix));
  const auto executor = find_program(fmt::format("mpiexec.{}", kind.suffix));
  if (compiler.empty() || executor.empty())
    return peer_search{nullptr, kind.advice};
  std::unique_ptr<mpi_peer> made{
      new mpi_peer{std::move(kind), running, folder.path()}};
  made->executor_ = executor;
  auto said =
      running.run("MPI's version", made->with_folder(executor, {"--version"}),
                  mpi_start_max);
  if (!said)
    return pass_on(said);
  made->version_ = first_number(*said);
  if (auto compiled = made->compile(compiler, folder); !compiled)
    return pass_on(compiled);
  return peer_search{std::move(made), {}};
}

/// Its sessions leave files while they run.
launcher::command
mpi_peer::with_folder(std::string program,
                      std::vector<std::string> arguments) const {
  return {std::move(program),
          std::move(arguments),
          {{"HOME", folder_}, {"TMPDIR", folder_}}};
}

result<void> mpi_peer::compile(const std::string& compiler,
                               const temporary_folder& folder) {
  const auto source = folder.write("heat_mpi.c", heat_mpi_c);
  if (!source)
    return tl::unexpected(source.error());
  program_ = fmt::format("{}/heat_mpi_{}", folder_, kind_.suffix);
  auto compiled =
      children_.run(compiler,
                    with_folder(compiler, {"-O3", "-std=gnu11", "-o", program_,
                                           *source, "-lm"}),
                    mpi_start_max);
  if (!compiled)
    return pass_on(compiled);
  return {};
}

run_numbers numbers_in(const std::string& output) {
  const auto line = nlohmann::json::parse(output, nullptr, false);
  if (line.is_discarded() || !line.contains("mlups")
      || !line.contains("final_change"))
    return fail(errc::internal,
                fmt::format("expected one line of JSON, got \"{}\"",
                            output.substr(0, 200)));
  return std::vector{line["mlups"].at(0).get<double>(),
                     line["final_change"].get<double>()};
}

run_numbers mpi_peer::run(const experiment& what, const run_size& size) {
  const auto problem = problem_of(what, size);
  auto arguments = kind_.options;
  const auto rows = std::to_string(problem.rows);
  for (const auto& word :
       {std::string{"-n"}, std::to_string(heat_workers), program_, rows, rows,
        std::to_string(size.count), std::to_string(problem.halo_depth),
        std::string{"1"}})
    arguments.push_back(word);
  auto output = children_.run(fmt::format("{} with MPI", what.name),
                              with_folder(executor_, std::move(arguments)),
                              process_time_max);
  if (!output)
    return pass_on(output);
  return numbers_in(*output);
}

} // namespace

const peer_kind mpich_kind{
    "mpich", "MPICH", [](children& running, const temporary_folder& folder) {
      return mpi_peer::find(mpich(), running, folder);
    }};

const peer_kind openmpi_kind{
    "openmpi", "Open MPI",
    [](children& running, const temporary_folder& folder) {
      return mpi_peer::find(openmpi(), running, folder);
    }};

} // namespace weft::bench
