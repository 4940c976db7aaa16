#include "actors/space/space_doors.hpp"

namespace weft::actors {

namespace {

/// Calls of all users of the process have distinct numbers.
std::atomic<spaces::call_number> last_number{0};

/// About what another call has begun.
bool follows_another(const spaces::any_call& what) {
  return std::holds_alternative<spaces::call::stop>(what)
         || std::holds_alternative<spaces::call::fetch>(what);
}

/// Claims and watches: what they leave behind is known to a shard by the way
/// that it came, so all of it goes the way that reaches every shard.
bool outlives_its_answer(const spaces::any_call& what) {
  const auto outlives = [](const auto& call) {
    if constexpr (requires { call.claim_lease; })
      return call.claim_lease.has_value();
    else if constexpr (
        requires { call.claim; } || requires { call.until; })
      return true;
    else
      return std::is_same_v<std::decay_t<decltype(call)>, spaces::call::watch>;
  };
  return std::visit(outlives, what);
}

/// Calls to different doors that are answered together.
class dispatch {
public:
  dispatch(const space_doors& to, const space_user& by,
           std::shared_ptr<answer_port> answers)
      : doors_{to}, user_{by}, answers_{std::move(answers)} {}

  ~dispatch() {
    for (auto& [shard, calls] : by_shard_)
      post(shard, std::move(calls));
    if (elsewhere_.calls.empty())
      return;
    if (const auto client = doors_.client->get())
      post(client, std::move(elsewhere_));
  }

  void add(local_call call) {
    const bool only = doors_.where.shards() == 1;
    if (follows_another(call.what))
      return add_to(only ? std::optional<std::size_t>{0} : std::nullopt,
                    std::move(call));
    const auto target = doors_.where.target_of(call.what, call.shard);
    if (!target)
      return answers_->answer(call.index, {target.error(), {}, {}});
    const bool straight = only || !outlives_its_answer(call.what);
    add_to(straight ? *target : std::nullopt, std::move(call));
  }

private:
  void add_to(std::optional<std::size_t> shard, local_call call) {
    const auto* slot = shard ? doors_.local[*shard].get() : nullptr;
    const auto actor = slot ? slot->get() : space_shard_actor{};
    auto& calls = actor ? calls_to(actor) : elsewhere_;
    calls.user = user_.id;
    calls.holder = user_.holder;
    calls.to = answers_;
    calls.calls.push_back(std::move(call));
  }

  local_calls& calls_to(const space_shard_actor& actor) {
    for (auto& [shard, calls] : by_shard_)
      if (shard == actor)
        return calls;
    return by_shard_.emplace_back(actor, local_calls{}).second;
  }

  const space_doors& doors_;
  const space_user& user_;
  std::shared_ptr<answer_port> answers_;
  std::vector<std::pair<space_shard_actor, local_calls>> by_shard_;
  local_calls elsewhere_;
};

} // namespace

spaces::call_number submit(const space_doors& to, const space_user& by,
                           std::vector<space_request> requests,
                           answer_port::done done) {
  const auto count = requests.size();
  const auto first = last_number.fetch_add(count) + 1;
  std::vector<bool> changing;
  changing.reserve(count);
  for (const auto& each : requests)
    changing.push_back(spaces::changes_something(each.what));
  auto answers =
      std::make_shared<answer_port>(std::move(changing), std::move(done));
  dispatch out{to, by, answers};
  answers.reset();
  for (std::uint32_t i = 0; i < count; ++i)
    out.add({first + i, std::move(requests[i].what), requests[i].shard, i});
  return first;
}

void leave(const space_doors& of, const space_user& who) {
  const local_calls bye{
      who.id,
      {},
      {{last_number.fetch_add(1) + 1, spaces::call::leave{}, {}, 0}},
      nullptr};
  for (const auto& each : of.local)
    if (const auto shard = each ? each->get() : space_shard_actor{})
      post(shard, bye);
  if (const auto client = of.client->get())
    post(client, bye);
}

} // namespace weft::actors
