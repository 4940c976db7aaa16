// Functions that become tuples, jobs that evaluate them on every node or on
// one, and an actor that is seen in the log and the metrics.
#include <weft/weft.hpp>

namespace {

using namespace std::chrono_literals;
using namespace weft::spaces;

weft::result<tuple> square(weft::context here, int x) {
  if (x < 0)
    return weft::fail(weft::errc::invalid_argument, "negative");
  return tuple_of("square", x, x * x, here.cluster().node);
}

nlohmann::json take_text(weft::job& job, const weft::space& from,
                         const pattern& what) {
  const auto got = job.require(from.take(what, 30s));
  return got ? nlohmann::json((*got)[3].as_text()) : nlohmann::json{};
}

/// Where each square was made, and how the wrong one failed.
nlohmann::json evaluate(weft::job& job) {
  const auto results = job.require(job.context().space("results"));
  auto made = nlohmann::json::array();
  int x = 0;
  for (const auto& node : job.context().cluster().nodes) {
    const weft::active_tuple active{
        "evaluator.square", {{"x", ++x}}, "results", "", node};
    job.require(job.context().eval(job.self(), active));
    made.push_back(
        take_text(job, results, pattern_of("square", x, x * x, match::any{})));
  }
  const weft::active_tuple wrong{
      "evaluator.square", {{"x", -1}}, "results", "wrong", ""};
  job.require(job.context().eval(job.self(), wrong));
  made.push_back(take_text(job, results,
                           pattern_of("eval failed", "wrong", match::any{},
                                      match::any{}, match::any{})));
  const weft::active_tuple refused{
      "evaluator.square", {{"y", 1}}, "results", "", ""};
  const auto answer = job.context().eval(job.self(), refused);
  made.push_back(answer ? "" : weft::to_string(answer.error().code));
  return made;
}

/// What a node says to an evaluation: "started", or why it was refused.
std::string ask(weft::job& job, const std::string& node) {
  const weft::active_tuple active{
      "evaluator.square", {{"x", 2}}, "results", "", node};
  const auto answer = job.context().eval(job.self(), active);
  return answer ? "started" : weft::to_string(answer.error());
}

caf::behavior witness(caf::event_based_actor*, weft::context here,
                      const std::string& mark) {
  here.log().info("a witness starts", {{"mark", mark}});
  auto starts = here.metrics().make_counter(
      "witness_starts_total", "Starts of witnesses.", {{"mark", mark}});
  if (starts)
    starts->add();
  return {[](weft::start_atom) {}};
}

} // namespace

WEFT_MODULE(evaluator) {
  module.active("square", square, weft::parameter("x"));
  module.job("evaluate", evaluate);
  module.job("ask", ask, weft::parameter("node"));
  module.actor("witness", witness, weft::parameter("mark"));
}
