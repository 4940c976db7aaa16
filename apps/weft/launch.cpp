#include "apps/weft/launch.hpp"

#include "apps/weft/command.hpp"
#include "transport/certificates.hpp"

#include <chrono>
#include <filesystem>
#include <unistd.h>

namespace weft::apps {

namespace {

/// Certificates of a run directory live as long as the cluster may run.
constexpr std::chrono::hours own_certificates_lifetime{24 * 365};

bool makes_own_certificates(const config::cluster_options& cluster) {
  return !cluster.security.insecure && cluster.security.tls.ca.empty();
}

result<void> make_certificates(const launcher::run_paths& paths,
                               const std::string& cluster,
                               const std::vector<std::string>& nodes) {
  const auto now = std::chrono::system_clock::now();
  auto written = transport::write_certificates(
      paths.tls(), cluster, nodes,
      transport::valid_for(now, own_certificates_lifetime));
  if (!written)
    return pass_on(written);
  return {};
}

} // namespace

result<launcher::launch_options>
launch_options_of(const config::cluster_options& cluster,
                  const cluster_file& file, const std::string& run_directory) {
  auto options =
      launcher::make_launch_options(cluster, file.path, file.overrides);
  if (!options)
    return options;
  if (!run_directory.empty())
    options->run_dir = std::filesystem::absolute(run_directory).string();
  options->colour = shows_colour(STDERR_FILENO);
  if (makes_own_certificates(cluster))
    options->prepare = [name = cluster.cluster, nodes = options->nodes](
                           const launcher::run_paths& paths) {
      return make_certificates(paths, name, nodes);
    };
  return options;
}

} // namespace weft::apps
