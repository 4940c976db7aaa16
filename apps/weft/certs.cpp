#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "transport/certificates.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <memory>

namespace weft::apps {

namespace {

struct certificate_choice {
  std::string directory = "certs";
  int days = 365;
};

int make_certificates(const cluster_file& file,
                      const certificate_choice& choice) {
  const auto cluster = load_cluster_file(file, false);
  if (!cluster)
    return report(cluster.error(), false);
  std::error_code code;
  std::filesystem::create_directories(choice.directory, code);
  if (code)
    return report({errc::io, fmt::format("cannot make the folder {}: {}",
                                         choice.directory, code.message())},
                  false);
  std::vector<std::string> nodes;
  for (const auto& node : cluster->nodes)
    nodes.push_back(node.name);
  const auto written = transport::write_certificates(
      choice.directory, cluster->cluster, nodes,
      transport::valid_for(std::chrono::system_clock::now(),
                           std::chrono::hours{24} * choice.days));
  if (!written)
    return report(written.error(), false);
  for (const auto& path : *written)
    fmt::print("{}\n", path);
  fmt::print("Copy ca.pem and each node's own .pem and .key to its machine "
             "(ca.key stays here), and set:\n"
             "security: {{tls: {{ca: ca.pem, cert: \"{{node}}.pem\", key: "
             "\"{{node}}.key\"}}}}\n");
  return success;
}

} // namespace

void add_certs(CLI::App& app, int& exit) {
  auto* command = app.add_subcommand(
      "certs", "Make a private authority and a certificate for every node");
  auto file = add_cluster_file(*command);
  auto choice = std::make_shared<certificate_choice>();
  command
      ->add_option("--output", choice->directory,
                   "Folder for the files; an authority that is there is "
                   "used again")
      ->capture_default_str();
  command->add_option("--days", choice->days, "How long they are valid")
      ->check(CLI::Range(1, 3650))
      ->capture_default_str();
  command->footer("Example: weft certs cluster.yaml --output certs");
  run_when_chosen(*command, exit,
                  [file, choice] { return make_certificates(*file, *choice); });
}

} // namespace weft::apps
