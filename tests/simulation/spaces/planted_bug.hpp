#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace weft::spaces::simulation {

/// A mistake that the simulated cluster makes, about once in four times that
/// it could: each is one that the sessions, the shards or the clients would
/// make if something in them were left out.
enum class bug : std::uint8_t {
  none,
  /// Frames that come again or too early are carried out.
  no_order,
  /// A frame is acknowledged, but never carried out.
  frame_swallowed,
  /// What was not acknowledged is not sent again.
  never_resent,
  /// Frames of an earlier session count for the present one.
  old_session_accepted,
  /// A shard that has begun a session anew says that it goes on.
  wrongly_known,
  /// A session that is to go on is begun where it is not known.
  begun_anew,
  /// Nothing ends with a session: what it waits for and claims stays.
  session_never_ends,
  /// A later answer gets lost.
  late_reply_lost,
  /// A call that was lost is made again under another number.
  repeated_call,
  /// What may have been done is reported as not done.
  unknown_as_failed,
  /// A wait goes on though it was stopped.
  stop_ignored,
  /// What a user that is gone holds stays.
  leave_ignored,
  /// A tuple is taken when it is offered, not when the offer is.
  offer_takes,
  /// A tuple that was taken is there again.
  take_stays,
  /// A claim hides nothing.
  claim_not_hidden,
  /// What a claim came to is not written.
  confirm_loses_writes,
  /// A swap takes and does not write.
  swap_loses_write,
  /// Nothing is answered though there is something.
  empty_answer,
  /// The youngest is taken in place of the oldest.
  youngest_first,
  /// Claims of a shard are valid in the shard that follows it.
  claims_outlive_shard,
};

inline constexpr std::array bug_names{
    std::string_view{"none"},
    std::string_view{"no_order"},
    std::string_view{"frame_swallowed"},
    std::string_view{"never_resent"},
    std::string_view{"old_session_accepted"},
    std::string_view{"wrongly_known"},
    std::string_view{"begun_anew"},
    std::string_view{"session_never_ends"},
    std::string_view{"late_reply_lost"},
    std::string_view{"repeated_call"},
    std::string_view{"unknown_as_failed"},
    std::string_view{"stop_ignored"},
    std::string_view{"leave_ignored"},
    std::string_view{"offer_takes"},
    std::string_view{"take_stays"},
    std::string_view{"claim_not_hidden"},
    std::string_view{"confirm_loses_writes"},
    std::string_view{"swap_loses_write"},
    std::string_view{"empty_answer"},
    std::string_view{"youngest_first"},
    std::string_view{"claims_outlive_shard"},
};

inline std::string_view to_string(bug what) {
  return bug_names.at(static_cast<std::size_t>(what));
}

} // namespace weft::spaces::simulation
