#pragma once

#include "apps/byzantine/core/general_core.hpp"
#include "spaces/space_types.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace weft::byzantine {

/// What a general does next. Whoever drives it carries it out and tells what
/// came of it; then comes the next step.
namespace campaign {

/// Write these, each batch to one recipient and so to one shard, and tell
/// `posted` when all of them are in the space, or never will be.
struct post {
  std::vector<std::vector<spaces::new_tuple>> batches;
};

/// Wait at this barrier; then `gathered` or `time_up`.
struct wait {
  std::string barrier;
  std::string participant;
  std::size_t parties = 0;
  spaces::duration timeout = spaces::duration::zero();
};

/// Take what is there of this general's mail, up to a limit; then `heard`.
struct collect {
  spaces::pattern mail;
  std::size_t limit = 0;
};

/// All rounds are over.
struct finish {};

} // namespace campaign

using campaign_step = std::variant<campaign::post, campaign::wait,
                                   campaign::collect, campaign::finish>;

struct campaign_options {
  /// The longest that a round takes; what has not come by then is missing.
  spaces::duration deadline = std::chrono::seconds{10};
  /// Tuples of one write and of one answer, at least 1.
  std::size_t batch = 1000;
};

/// One general's run in a tuple space, as a row of steps. All generals arrive
/// at a barrier when what they have to say in a round is in the space, so that
/// a round takes no longer than the slowest of them; a general that does not
/// arrive costs the others the deadline. Not thread-safe.
class campaign_core {
public:
  using time_point = spaces::time_point;

  /// `what` is checked. `keys` are needed for signed messages, `betrayal`
  /// makes a traitor.
  campaign_core(plan what, general_id self, const key_ring* keys,
                std::unique_ptr<treason> betrayal,
                const campaign_options& options = {});
  campaign_core(const campaign_core&) = delete;
  campaign_core& operator=(const campaign_core&) = delete;

  campaign_step begin(time_point now);
  campaign_step posted(time_point now);
  campaign_step gathered();
  campaign_step time_up();
  /// Of the last `collect`: all, if they are fewer than its limit. What is no
  /// mail is left out.
  campaign_step heard(std::span<const spaces::tuple> mail, time_point now);

  const general_core& general() const { return general_; }
  const plan& what() const { return plan_; }
  /// Messages sent.
  std::uint64_t messages() const { return messages_; }
  /// Rounds that ended at their deadline because somebody had not arrived.
  std::uint32_t overdue_rounds() const { return overdue_rounds_; }

private:
  campaign_step send(std::vector<relay> relays, time_point now);
  campaign_step arrive(time_point now) const;
  campaign_step next_mail() const;

  plan plan_;
  general_id self_;
  campaign_options options_;
  general_core general_;
  time_point round_end_;
  std::uint64_t messages_ = 0;
  std::uint64_t heard_ = 0;
  std::uint32_t overdue_rounds_ = 0;
};

} // namespace weft::byzantine
