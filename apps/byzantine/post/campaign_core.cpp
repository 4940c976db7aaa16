#include "apps/byzantine/post/campaign_core.hpp"

#include "apps/byzantine/post/relay_tuple.hpp"
#include "runtime/base/assert.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace weft::byzantine {

namespace {

/// Mail that a general reads in a round; a run has no more, and who writes
/// without end must not keep it from deciding.
constexpr std::uint64_t mail_max = messages_max;

using batch = std::vector<spaces::new_tuple>;

std::vector<batch> batches_of(const std::vector<relay>& relays,
                              general_id sender, std::size_t batch_max,
                              spaces::duration lease) {
  std::map<general_id, batch> open;
  std::vector<batch> full;
  for (const auto& one : relays) {
    auto& to = open[one.to];
    to.push_back({to_tuple(one, sender), lease});
    if (to.size() == batch_max)
      full.push_back(std::exchange(to, {}));
  }
  for (auto& [to, rest] : open)
    if (!rest.empty())
      full.push_back(std::move(rest));
  return full;
}

} // namespace

campaign_core::campaign_core(plan what, general_id self, const key_ring* keys,
                             std::unique_ptr<treason> betrayal,
                             const campaign_options& options)
    : plan_(std::move(what)), self_(self), options_(options),
      general_(plan_, self, keys, std::move(betrayal)) {
  WEFT_ASSERT(options.batch > 0);
}

campaign_step campaign_core::begin(time_point now) {
  return send(general_.start(), now);
}

campaign_step campaign_core::send(std::vector<relay> relays, time_point now) {
  round_end_ = now + options_.deadline;
  messages_ += relays.size();
  if (relays.empty())
    return arrive(now);
  // What nobody takes, as its recipient is gone, goes by itself in the end.
  const auto rounds_left = plan_.rounds() - general_.round() + 2;
  const auto lease = std::min<spaces::duration>(rounds_left * options_.deadline,
                                                spaces::lease_max);
  return campaign::post{batches_of(relays, self_, options_.batch, lease)};
}

campaign_step campaign_core::arrive(time_point now) const {
  return campaign::wait{
      .barrier =
          fmt::format("byzantine/{:016x}/{}", plan_.instance, general_.round()),
      .participant = fmt::format("general {}", self_),
      .parties = plan_.generals,
      .timeout = std::max(round_end_ - now, spaces::duration::zero())};
}

campaign_step campaign_core::posted(time_point now) {
  return arrive(now);
}

campaign_step campaign_core::next_mail() const {
  return campaign::collect{mail_for(plan_.instance, self_), options_.batch};
}

campaign_step campaign_core::gathered() {
  return next_mail();
}

campaign_step campaign_core::time_up() {
  ++overdue_rounds_;
  return next_mail();
}

campaign_step campaign_core::heard(std::span<const spaces::tuple> mail,
                                   time_point now) {
  for (const auto& one : mail)
    if (auto message = from_tuple(one))
      general_.receive(message->from, *message);
  heard_ += mail.size();
  if (mail.size() >= options_.batch && heard_ < mail_max)
    return next_mail();
  heard_ = 0;
  auto relays = general_.end_round();
  if (general_.finished())
    return campaign::finish{};
  return send(std::move(relays), now);
}

} // namespace weft::byzantine
