#include "apps/byzantine/command/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <string_view>
#include <vector>

namespace weft::byzantine {

namespace {

using nlohmann::json;

std::string_view short_name(algorithm what) {
  return what == algorithm::oral ? "om" : "sm";
}

std::string_view to_string(lie what) {
  switch (what) {
  case lie::retreat:
    return "retreat";
  case lie::attack:
    return "attack";
  case lie::nothing:
    return "nothing";
  }
  return "unknown";
}

json decisions_json(const outcome& how) {
  auto made = json::object();
  for (const auto& [who, decided] : how.decisions)
    made[std::to_string(who)] = to_string(decided);
  return made;
}

json plan_json(const plan& what) {
  return {{"generals", what.generals},
          {"m", what.traitors_max},
          {"algorithm", short_name(what.algorithm)}};
}

/// "OM(1) among 4 generals".
std::string title(const plan& what) {
  return fmt::format("{}({}) among {} generals",
                     what.algorithm == algorithm::oral ? "OM" : "SM",
                     what.traitors_max, what.generals);
}

std::string counted(std::uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string traitors_text(const std::set<general_id>& traitors) {
  return fmt::format("traitor{} {}", traitors.size() == 1 ? "" : "s",
                     fmt::join(traitors, ", "));
}

std::string role(const plan& what, const std::set<general_id>& lost,
                 general_id who) {
  std::string text = what.is_traitor(who) ? "traitor" : "loyal";
  if (who == commander)
    text += " commander";
  if (lost.contains(who))
    text += ", lost";
  return text;
}

std::string table(const plan& what, const std::set<general_id>& lost,
                  const outcome& how) {
  auto text = fmt::format("{:<9}{:<23}{}\n", "general", "role", "decides");
  for (general_id who = 0; who < what.generals; ++who) {
    const auto decided = how.decisions.find(who);
    text += fmt::format(
        "{:<9}{:<23}{}\n", who, role(what, lost, who),
        decided == how.decisions.end() ? "-" : to_string(decided->second));
  }
  return text;
}

/// What loyal lieutenants decide: "attack: 1, 2; retreat: 3".
std::string camps(const plan& what, const std::set<general_id>& lost,
                  const outcome& how) {
  std::vector<std::string> both;
  for (auto value : {order::attack, order::retreat}) {
    std::vector<general_id> camp;
    for (const auto& [who, decided] : how.decisions)
      if (who != commander && decided == value && !what.is_traitor(who)
          && !lost.contains(who))
        camp.push_back(who);
    if (!camp.empty())
      both.push_back(
          fmt::format("{}: {}", to_string(value), fmt::join(camp, ", ")));
  }
  return both.empty() ? "there are none"
                      : fmt::format("{}", fmt::join(both, "; "));
}

std::string conditions(const plan& what, const std::set<general_id>& lost,
                       const outcome& how) {
  const auto state = [](bool holds) { return holds ? "holds" : "broken"; };
  const auto commands =
      what.is_traitor(commander) || lost.contains(commander)
          ? std::string{"there is none"}
          : fmt::format("he ordered {}", to_string(what.commanded));
  return fmt::format("IC1, loyal lieutenants decide alike: {} ({})\n"
                     "IC2, they obey a loyal commander: {} ({})\n",
                     state(how.agreement), camps(what, lost, how),
                     state(how.obedience), commands);
}

/// Why the conditions need not hold, and what to do.
std::string advice(const plan& what, const campaign_result& came) {
  std::string text;
  auto faulty = what.traitors;
  faulty.insert(came.lost.begin(), came.lost.end());
  if (faulty.size() > what.traitors_max)
    text += fmt::format("{} generals are faulty, and m = {} withstands no "
                        "more than {}\n",
                        faulty.size(), what.traitors_max, what.traitors_max);
  if (came.overdue_rounds > 0)
    text += fmt::format("{} ended at the deadline, as not all generals were "
                        "done; if none was lost: --deadline 1min\n",
                        counted(came.overdue_rounds, "round"));
  if (!came.trouble.empty())
    text += came.trouble + "\n";
  return text;
}

std::string sentence(const search_result& found) {
  if (found.exhaustive)
    return fmt::format("{}: both orders, every set of traitors, every lie",
                       counted(found.runs, "run"));
  return fmt::format("{} with lies drawn at random, which prove nothing",
                     counted(found.runs, "run"));
}

} // namespace

std::uint64_t loyal_messages(const plan& what) {
  if (what.algorithm == algorithm::oral)
    return oral_messages(what.generals, what.traitors_max);
  const std::uint64_t lieutenants = what.generals - 1;
  return what.traitors_max == 0 ? lieutenants : lieutenants * lieutenants;
}

json to_json(const plan& what, const campaign_result& came) {
  auto made = plan_json(what);
  made.update({{"ok", came.how.holds()},
               {"order", to_string(what.commanded)},
               {"strategy", to_string(what.strategy)},
               {"traitors", what.traitors},
               {"seed", what.seed},
               {"instance", fmt::format("{:016x}", what.instance)},
               {"decisions", decisions_json(came.how)},
               {"messages", came.how.messages},
               {"ic1", came.how.agreement},
               {"ic2", came.how.obedience},
               {"rejected_signatures", came.how.rejected_signatures},
               {"rounds", came.how.rounds},
               {"lost", came.lost},
               {"overdue_rounds", came.overdue_rounds},
               {"seconds", came.seconds}});
  if (!came.trouble.empty())
    made["trouble"] = came.trouble;
  return made;
}

std::string to_text(const plan& what, const campaign_result& came) {
  auto text = title(what);
  if (!what.traitors.empty())
    text += fmt::format(", {} ({})", traitors_text(what.traitors),
                        to_string(what.strategy));
  text += "\n\n" + table(what, came.lost, came.how);
  text += fmt::format(
      "\n{}, {} ({} when all are loyal)", counted(came.how.rounds, "round"),
      counted(came.how.messages, "message"), loyal_messages(what));
  if (what.algorithm == algorithm::written)
    text += fmt::format(", {} rejected",
                        counted(came.how.rejected_signatures, "signature"));
  text += "\n" + conditions(what, came.lost, came.how);
  return text + advice(what, came);
}

json to_json(const plan& what, const search_result& found) {
  auto made = plan_json(what);
  made.update({{"ok", true},
               {"violation", nullptr},
               {"runs", found.runs},
               {"exhaustive", found.exhaustive}});
  if (!found.found)
    return made;
  auto lies = json::object();
  for (const auto& [who, told] : found.found->lies) {
    auto& list = lies[std::to_string(who)] = json::array();
    for (auto one : told)
      list.push_back(to_string(one));
  }
  made["violation"] = {{"traitors", found.found->traitors},
                       {"order", to_string(found.found->commanded)},
                       {"lies", lies},
                       {"decisions", decisions_json(found.found->how)},
                       {"ic1", found.found->how.agreement},
                       {"ic2", found.found->how.obedience}};
  return made;
}

std::string to_text(const plan& what, const search_result& found) {
  if (!found.found)
    return fmt::format("{}: no violation\n{}\n", title(what), sentence(found));
  auto shown = what;
  shown.traitors = found.found->traitors;
  shown.commanded = found.found->commanded;
  auto text = fmt::format("{}: a violation, with {}\n\n", title(what),
                          traitors_text(shown.traitors));
  for (const auto& [who, told] : found.found->lies) {
    std::vector<std::string_view> words;
    for (auto one : told)
      words.push_back(to_string(one));
    text += fmt::format("traitor {} says, in turn: {}\n", who,
                        fmt::join(words, ", "));
  }
  text += "\n" + table(shown, {}, found.found->how) + "\n";
  return text + conditions(shown, {}, found.found->how)
         + fmt::format("found after {}\n", counted(found.runs, "run"));
}

} // namespace weft::byzantine
