#pragma once

#include "transport/carrier_context.hpp"
#include "transport/opening.hpp"
#include "transport/resolve.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace weft::transport {

/// One call of `carrier::connect`: looks the host up, connects to one address
/// after the other, opens the connection, hands it to CAF, and begins again
/// when the peer is dialing us. Lives in the carrier's thread; `done` is
/// called exactly once.
class dial : public std::enable_shared_from_this<dial> {
public:
  struct request {
    config::endpoint where;
    std::string name;
    std::chrono::nanoseconds timeout{};
    std::function<void(result<peer>)> done;
  };

  /// `ended` is called with this dial just before `done`.
  dial(carrier_context& context, request asked,
       std::function<void(const std::shared_ptr<dial>&)> ended);

  void start();

  /// Ends it with `cancelled`, if it has not ended.
  void cancel();

  /// Drops the present attempt in favour of the peer's own connection and
  /// tries again later. False when CAF has this connection already.
  bool yield();

private:
  using tcp = boost::asio::ip::tcp;

  void on_resolved(result<tcp_endpoints> found);
  void attempt();
  void try_next_address();
  void on_connected(boost::system::error_code error);
  void on_opened(tl::expected<opened, refusal> outcome);
  void on_answer(result<basp_gateway::answer> answer, const std::string& name,
                 std::uint64_t token);
  void commit();
  void settle();
  void again();
  void fail_with(errc code, const std::string& why);
  void finish(result<peer> outcome);
  std::chrono::nanoseconds remaining() const;

  carrier_context& context_;
  request asked_;
  std::function<void(const std::shared_ptr<dial>&)> ended_;
  std::chrono::steady_clock::time_point deadline_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer pause_;
  tcp_endpoints addresses_;
  std::size_t next_address_ = 0;
  std::uint32_t attempts_ = 0;
  std::optional<tcp::socket> socket_;
  std::shared_ptr<opening> opening_;
  bool committed_ = false;
  /// Of the connection that CAF has while it has not answered.
  std::uint64_t handed_over_ = 0;
  std::string stage_;
};

} // namespace weft::transport
