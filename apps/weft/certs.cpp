#include "apps/weft/cluster_file.hpp"
#include "apps/weft/command.hpp"
#include "runtime/base/json_text.hpp"
#include "transport/certificates.hpp"

#include <fmt/core.h>

#include <filesystem>
#include <memory>

namespace weft::apps {

namespace {

struct certificate_choice {
  std::string directory = "certs";
  int days = 365;
  bool json = false;
};

result<std::vector<std::string>>
write_all(const config::cluster_options& cluster,
          const certificate_choice& choice) {
  std::error_code code;
  std::filesystem::create_directories(choice.directory, code);
  if (code)
    return fail(errc::io, fmt::format("cannot make the folder {}: {}; set "
                                      "--output to a folder that you can write",
                                      choice.directory, code.message()));
  std::vector<std::string> nodes;
  for (const auto& node : cluster.nodes)
    nodes.push_back(node.name);
  return transport::write_certificates(
      choice.directory, cluster.cluster, nodes,
      transport::valid_for(std::chrono::system_clock::now(),
                           std::chrono::hours{24} * choice.days));
}

/// The value of `security.tls`, whose files are relative to the cluster file.
nlohmann::json tls_of(const cluster_file& file,
                      const certificate_choice& choice) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto from = fs::absolute(file.path, ignored).parent_path();
  const auto folder = fs::relative(choice.directory, from, ignored);
  const auto path = [&folder](const char* name) {
    return (folder / name).lexically_normal().string();
  };
  return {{"ca", path("ca.pem")},
          {"cert", path("{node}.pem")},
          {"key", path("{node}.key")}};
}

/// Lines to paste at the end of the file, or into its section.
std::string lines_to_paste(const config::security_options& now,
                           const nlohmann::json& tls) {
  const auto value =
      fmt::format("{{ca: {}, cert: {}, key: {}}}", json_text(tls["ca"]),
                  json_text(tls["cert"]), json_text(tls["key"]));
  auto others = now;
  others.tls = {};
  others.insecure = false;
  if (others != config::security_options{})
    return fmt::format("and set below its security:\n  tls: {}\n", value);
  return fmt::format("and {}:\nsecurity: {{tls: {}}}\n",
                     now == config::security_options{}
                         ? "add to it"
                         : "put in place of its security",
                     value);
}

int make_certificates(const cluster_file& file,
                      const certificate_choice& choice) {
  const auto cluster = open_cluster_file(file, checks::without_certificates);
  if (!cluster)
    return report_mistakes(cluster.error(), choice.json);
  const auto written = write_all(*cluster, choice);
  if (!written)
    return report(written.error(), choice.json);
  const auto tls = tls_of(file, choice);
  if (choice.json) {
    print_json({{"ok", true}, {"files", *written}, {"tls", tls}});
    return success;
  }
  for (const auto& path : *written)
    fmt::print("{}\n", path);
  fmt::print("Copy ca.pem and each node's own .pem and .key to its machine, to "
             "the same place beside the cluster file (ca.key stays here), {}",
             lines_to_paste(cluster->security, tls));
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
  command->add_flag("--json", choice->json, "One JSON object");
  command->footer("Example: weft certs cluster.yaml --output certs");
  run_when_chosen(*command, exit,
                  [file, choice] { return make_certificates(*file, *choice); });
}

} // namespace weft::apps
