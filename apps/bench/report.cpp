#include "apps/bench/report.hpp"

#include "apps/weft/text_table.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>

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
  auto peers = nlohmann::json::object();
  for (const auto& each : figure.peers)
    peers[std::string{each.of->key}] = {{"summary", to_json(each.numbers)},
                                        {"ratio", ratio_of(figure, each)}};
  return {{"unit", figure.what->unit},
          {"better", to_string(figure.what->better)},
          {"question", figure.what->question},
          {"weft", to_json(figure.weft)},
          {"peers", std::move(peers)}};
}

nlohmann::json relations_json(const report& all) {
  auto relations = nlohmann::json::object();
  for (const auto& each : relations_of(all)) {
    auto& object = relations[std::string{each.what->name}];
    if (object.is_null())
      object = {{"question", each.what->question},
                {"weft", nullptr},
                {"peers", nlohmann::json::object()}};
    if (each.to)
      object["peers"][std::string{each.to->key}] = each.times;
    else
      object["weft"] = each.times;
  }
  return relations;
}

nlohmann::json peers_json(const report& all) {
  auto peers = nlohmann::json::object();
  for (const auto& each : all.peers)
    peers[std::string{each.kind->key}] = {
        {"title", each.kind->title},
        {"version", text_or_null(each.version)},
        {"advice", text_or_null(each.advice)}};
  return peers;
}

std::string spread(const summary& of) {
  return fmt::format("{} [{} .. {}]", format_value(of.median),
                     format_value(of.min), format_value(of.max));
}

std::string heading(const report& all) {
  auto text = fmt::format(
      "weft {}{}, CAF {}, scheduler {} with {} threads, at most {} messages "
      "a turn\n",
      all.weft_version,
      all.commit.empty() ? "" : fmt::format(" ({})", all.commit),
      all.caf_version, all.scheduler.policy, all.scheduler.threads,
      all.scheduler.max_throughput);
  const auto& where = all.machine;
  text += fmt::format("{}, {} of {} cores, {}, load {:.1f} at the start\n",
                      where.cpu, where.cores_usable, where.cores, where.kernel,
                      where.load);
  return text;
}

const peer_figure* find_peer(const compared_figure& in, const peer_kind* kind) {
  const auto found = std::ranges::find(in.peers, kind, &peer_figure::of);
  return found == in.peers.end() ? nullptr : &*found;
}

std::string figures_text(const report& all) {
  std::vector<std::vector<std::string>> rows{{"FIGURE", "UNIT", "WEFT"}};
  for (const auto& peer : all.peers)
    if (!peer.version.empty()) {
      auto title = fmt::format("{} {}", peer.kind->title, peer.version);
      std::ranges::transform(title, title.begin(), [](unsigned char letter) {
        return static_cast<char>(std::toupper(letter));
      });
      rows.front().push_back(std::move(title));
      rows.front().push_back("RATIO");
    }
  for (const auto& each : all.figures) {
    auto& row = rows.emplace_back();
    row = {std::string{each.what->name}, std::string{each.what->unit},
           spread(each.weft)};
    for (const auto& peer : all.peers) {
      if (peer.version.empty())
        continue;
      const auto* theirs = find_peer(each, peer.kind);
      row.push_back(theirs ? spread(theirs->numbers) : "-");
      row.push_back(theirs ? format_value(ratio_of(each, *theirs)) : "-");
    }
  }
  return apps::text_table(rows);
}

std::string relations_text(const report& all) {
  std::vector<std::vector<std::string>> rows{{"RELATION", "TO", "TIMES", ""}};
  for (const auto& each : relations_of(all))
    rows.push_back({std::string{each.what->name},
                    std::string{each.to ? each.to->title : "weft"},
                    format_value(each.times),
                    std::string{each.what->question}});
  return rows.size() > 1 ? "\n" + apps::text_table(rows) : std::string{};
}

std::string notes(const report& all) {
  auto text =
      fmt::format("Median [min .. max] of {} run(s){} in {:.0f} s.", all.runs,
                  all.smoke ? " of the smoke test, too short to "
                              "mean anything,"
                            : "",
                  all.seconds);
  const bool compared = std::ranges::any_of(
      all.peers, [](const auto& peer) { return !peer.version.empty(); });
  if (compared)
    text += fmt::format(" A ratio above 1 means that weft is better{}{}",
                        all.of->note.empty() ? "." : ";\n", all.of->note);
  text += "\n";
  if (all.machine.load > 0.5 * all.machine.cores_usable)
    text += "Other programs kept this machine busy: run it again on a quiet "
            "one before you rely on it.\n";
  for (const auto& peer : all.peers)
    if (!peer.advice.empty())
      text += peer.advice + "\n";
  return text;
}

const compared_figure* find_figure(const report& in, std::string_view name) {
  const auto found = std::ranges::find_if(
      in.figures, [name](const auto& each) { return each.what->name == name; });
  return found == in.figures.end() ? nullptr : &*found;
}

} // namespace

double ratio_of(const compared_figure& figure, const peer_figure& peer) {
  return advantage(figure.what->better, figure.weft.median,
                   peer.numbers.median);
}

std::vector<measured_relation> relations_of(const report& all) {
  std::vector<measured_relation> measured;
  for (const auto& each : all.of->relations) {
    const auto* better = find_figure(all, each.better);
    const auto* worse = find_figure(all, each.worse);
    if (!better || !worse)
      continue;
    const auto times = [&](const summary& of) {
      return advantage(better->what->better, better->weft.median, of.median);
    };
    if (!each.of_peers)
      measured.push_back({&each, nullptr, times(worse->weft)});
    else
      for (const auto& peer : worse->peers)
        measured.push_back({&each, peer.of, times(peer.numbers)});
  }
  return measured;
}

std::string format_value(double value) {
  if (value >= 1000)
    return with_thousands(fmt::format("{:.0f}", value));
  return value >= 100 ? fmt::format("{:.1f}", value)
                      : fmt::format("{:.2f}", value);
}

nlohmann::json to_json(const report& all) {
  auto figures = nlohmann::json::object();
  for (const auto& each : all.figures)
    figures[std::string{each.what->name}] = figure_json(each);
  const auto& where = all.machine;
  return {{"ok", true},
          {"subject", all.of->name},
          {"machine",
           {{"cpu", where.cpu},
            {"cores", where.cores},
            {"cores_usable", where.cores_usable},
            {"kernel", where.kernel},
            {"load", where.load}}},
          {"weft", all.weft_version},
          {"commit", text_or_null(all.commit)},
          {"caf", all.caf_version},
          {"scheduler",
           {{"policy", all.scheduler.policy},
            {"threads", all.scheduler.threads},
            {"max_throughput", all.scheduler.max_throughput}}},
          {"peers", peers_json(all)},
          {"runs", all.runs},
          {"smoke", all.smoke},
          {"seconds", all.seconds},
          {"figures", std::move(figures)},
          {"relations", relations_json(all)}};
}

std::string to_text(const report& all) {
  return heading(all) + "\n" + figures_text(all) + relations_text(all) + "\n"
         + notes(all);
}

} // namespace weft::bench
