#include "spaces/carrier.hpp"

#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <map>

namespace weft::spaces {

namespace {

std::string tuples_text(std::uint64_t count) {
  return fmt::format("{} tuple{}", count, count == 1 ? "" : "s");
}

failure unexpected_answer() {
  return {errc::internal, "the space gave an answer of another kind"};
}

/// The failure that the answer is, or that it is no answer to the call.
failure failure_in(const any_reply& what) {
  const auto* why = std::get_if<failure>(&what);
  return why ? *why : unexpected_answer();
}

} // namespace

std::vector<std::pair<std::uint32_t, std::vector<new_tuple>>>
by_shard(std::vector<new_tuple> tuples, const routing& where) {
  std::map<std::uint32_t, std::vector<new_tuple>> sorted;
  for (auto& each : tuples) {
    const auto shard = static_cast<std::uint32_t>(where.shard_for(each.what));
    sorted[shard].push_back(std::move(each));
  }
  return {std::make_move_iterator(sorted.begin()),
          std::make_move_iterator(sorted.end())};
}

carrier::carrier(carry_form form, pattern what, const routing& source,
                 routing target)
    : form_{form}, what_{std::move(what)}, target_{std::move(target)} {
  const auto only = source.shard_for(what_);
  shard_ = static_cast<std::uint32_t>(only.value_or(0));
  last_shard_ = static_cast<std::uint32_t>(only.value_or(source.shards() - 1));
}

std::optional<carry_step> carrier::next_step() {
  if (done_)
    return std::nullopt;
  switch (phase_) {
  case phase::fetch:
    return fetch_step();
  case phase::write:
    return carry_step{true, call::write{batches_.front().tuples},
                      batches_.front().shard};
  case phase::confirm:
    return carry_step{false, call::confirm{claim_, {}}, shard_};
  case phase::put_back:
    break;
  }
  return put_back_step();
}

carry_step carrier::fetch_step() {
  if (form_ == carry_form::move)
    return {false,
            call::carry{what_, until_.value_or(~std::uint64_t{0}), claim_lease},
            shard_};
  if (list_ != 0)
    return {false, call::next_part{list_}, shard_};
  return {false, call::list{what_}, shard_};
}

/// What the target has refused. Where a part of it went there already, the
/// rest is written anew in the step that removes all.
carry_step carrier::put_back_step() {
  if (written_ == 0)
    return {false, call::release{claim_}, shard_};
  call::confirm rest{claim_, {}};
  for (auto& each : batches_)
    std::move(each.tuples.begin(), each.tuples.end(),
              std::back_inserter(rest.writes));
  batches_.clear();
  return {false, std::move(rest), shard_};
}

void carrier::on_answer(any_reply what) {
  switch (phase_) {
  case phase::fetch:
    return on_fetched(std::move(what));
  case phase::write:
    return on_written(what);
  case phase::confirm:
  case phase::put_back:
    return on_confirmed(what);
  }
}

void carrier::on_fetched(any_reply what) {
  auto* part = std::get_if<reply::carried>(&what);
  if (!part)
    return end(failure_in(what));
  claim_ = part->claim;
  list_ = part->list_number;
  more_ = part->more;
  if (!until_)
    until_ = part->end;
  written_ = 0;
  for (auto& [shard, tuples] : by_shard(std::move(part->tuples), target_))
    batches_.push_back({shard, std::move(tuples)});
  if (batches_.empty())
    return next_part();
  phase_ = phase::write;
}

void carrier::on_written(const any_reply& what) {
  if (!std::holds_alternative<reply::written>(what)) {
    why_ = failure_in(what);
    phase_ = phase::put_back;
    if (form_ == carry_form::copy)
      on_confirmed(reply::done{});
    return;
  }
  written_ += batches_.front().tuples.size();
  batches_.pop_front();
  if (!batches_.empty())
    return;
  if (form_ == carry_form::move) {
    phase_ = phase::confirm;
    return;
  }
  carried_ += written_;
  next_part();
}

void carrier::on_confirmed(const any_reply& what) {
  if (const auto* why = std::get_if<failure>(&what)) {
    if (written_ == 0)
      return end(*why_);
    return end({why->code, fmt::format("{}{}; {} may be in both spaces",
                                       why_ ? why_->message + "; " : "",
                                       why->message, tuples_text(written_))});
  }
  carried_ += written_;
  if (why_)
    return end(*why_);
  next_part();
}

void carrier::next_part() {
  phase_ = phase::fetch;
  if (more_)
    return;
  until_.reset();
  if (shard_ == last_shard_) {
    done_ = true;
    outcome_ = carried_;
    return;
  }
  ++shard_;
}

void carrier::end(const failure& why) {
  done_ = true;
  outcome_ =
      fail(why.code,
           fmt::format("{}; {} {} before", why.message, tuples_text(carried_),
                       form_ == carry_form::move ? "moved" : "copied"));
}

} // namespace weft::spaces
