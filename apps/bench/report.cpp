#include "apps/bench/report.hpp"

#include "apps/weft/text_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cmath>

namespace weft::bench {

namespace {

std::string with_thousands(std::string digits) {
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0;
       at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

// Parentheses: braces would make an array of one.
nlohmann::json text_or_null(const std::string& text) {
  return text.empty() ? nlohmann::json() : nlohmann::json(text);
}

nlohmann::json figure_json(const compared_figure& figure) {
  const auto ratio = ratio_of(figure);
  return {
      {"unit", figure.what->unit},
      {"better", to_string(figure.what->better)},
      {"question", figure.what->question},
      {"weft", to_json(figure.weft)},
      {"erlang", figure.erlang ? to_json(*figure.erlang) : nlohmann::json()},
      {"ratio", ratio ? nlohmann::json(*ratio) : nlohmann::json()}};
}

std::string spread(const summary& of) {
  return fmt::format("{} [{} .. {}]", format_value(of.median),
                     format_value(of.min), format_value(of.max));
}

std::string heading(const actors_report& report) {
  auto text = fmt::format(
      "weft {}{}, CAF {}, scheduler {} with {} threads, at most {} messages "
      "a turn\n",
      report.weft_version,
      report.commit.empty() ? "" : fmt::format(" ({})", report.commit),
      report.caf_version, report.scheduler.policy, report.scheduler.threads,
      report.scheduler.max_throughput);
  const auto& where = report.machine;
  text += fmt::format("{}, {} of {} cores, {}, load {:.1f} at the start\n",
                      where.cpu, where.cores_usable, where.cores, where.kernel,
                      where.load);
  return text;
}

std::string notes(const actors_report& report) {
  auto text = fmt::format("Median [min .. max] of {} run(s){} in {:.0f} s.",
                          report.runs,
                          report.smoke ? " of the smoke test, too short to "
                                         "mean anything,"
                                       : "",
                          report.seconds);
  if (!report.erlang_version.empty())
    text += " A ratio above 1 means that weft is better;\nErlang's nodes talk "
            "plain TCP, its default.";
  text += "\n";
  if (report.machine.load > 0.5 * report.machine.cores_usable)
    text += "Other programs kept this machine busy: run it again on a quiet "
            "one before you rely on it.\n";
  if (!report.advice.empty())
    text += report.advice + "\n";
  return text;
}

} // namespace

std::optional<double> ratio_of(const compared_figure& figure) {
  if (!figure.erlang)
    return {};
  return advantage(figure.what->better, figure.weft.median,
                   figure.erlang->median);
}

std::string format_value(double value) {
  if (value >= 1000)
    return with_thousands(fmt::format("{:.0f}", value));
  return value >= 100 ? fmt::format("{:.1f}", value)
                      : fmt::format("{:.2f}", value);
}

nlohmann::json to_json(const actors_report& report) {
  auto figures = nlohmann::json::object();
  for (const auto& each : report.figures)
    figures[std::string{each.what->name}] = figure_json(each);
  const auto& where = report.machine;
  return {{"ok", true},
          {"subject", "actors"},
          {"machine",
           {{"cpu", where.cpu},
            {"cores", where.cores},
            {"cores_usable", where.cores_usable},
            {"kernel", where.kernel},
            {"load", where.load}}},
          {"weft", report.weft_version},
          {"commit", text_or_null(report.commit)},
          {"caf", report.caf_version},
          {"scheduler",
           {{"policy", report.scheduler.policy},
            {"threads", report.scheduler.threads},
            {"max_throughput", report.scheduler.max_throughput}}},
          {"erlang", text_or_null(report.erlang_version)},
          {"advice", text_or_null(report.advice)},
          {"runs", report.runs},
          {"smoke", report.smoke},
          {"seconds", report.seconds},
          {"figures", std::move(figures)}};
}

std::string to_text(const actors_report& report) {
  const bool compared = !report.erlang_version.empty();
  std::vector<std::vector<std::string>> rows{{"FIGURE", "UNIT", "WEFT"}};
  if (compared) {
    rows.front().push_back("ERLANG/OTP " + report.erlang_version);
    rows.front().push_back("RATIO");
  }
  for (const auto& each : report.figures) {
    auto& row = rows.emplace_back();
    row = {std::string{each.what->name}, std::string{each.what->unit},
           spread(each.weft)};
    if (!compared)
      continue;
    row.push_back(each.erlang ? spread(*each.erlang) : "-");
    const auto ratio = ratio_of(each);
    row.push_back(ratio ? format_value(*ratio) : "-");
  }
  return heading(report) + "\n" + apps::text_table(rows) + "\n" + notes(report);
}

} // namespace weft::bench
