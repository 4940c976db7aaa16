#include "transport/resolve.hpp"

#include "transport/thread.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>

#include <atomic>
#include <cstring>
#include <netdb.h>
#include <optional>
#include <system_error>

namespace weft::transport {

namespace {

namespace asio = boost::asio;

constexpr int lookups_max = 16;
std::atomic<int> lookups{0};

/// The address that the host's text is, without a look-up.
std::optional<tcp_endpoints> literal(const config::endpoint& where) {
  boost::system::error_code error;
  const auto address = asio::ip::make_address(where.host, error);
  if (error)
    return std::nullopt;
  return tcp_endpoints{{address, where.port}};
}

result<tcp_endpoints> look_up(const config::endpoint& where) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = ::getaddrinfo(where.host.c_str(), nullptr, &hints, &found);
  if (error != 0)
    return fail(errc::not_found,
                "the host name " + where.host
                    + " has no address: " + ::gai_strerror(error));
  tcp_endpoints endpoints;
  for (auto* each = found; each != nullptr; each = each->ai_next) {
    asio::ip::tcp::endpoint endpoint;
    if (each->ai_addrlen > endpoint.capacity())
      continue;
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    endpoint.resize(each->ai_addrlen);
    endpoint.port(where.port);
    endpoints.push_back(endpoint);
  }
  ::freeaddrinfo(found);
  if (endpoints.empty())
    return fail(errc::not_found,
                "the host name " + where.host + " has no address for TCP");
  return endpoints;
}

} // namespace

result<tcp_endpoints> resolve_now(const config::endpoint& where) {
  if (auto known = literal(where))
    return *known;
  return look_up(where);
}

void resolve(const std::shared_ptr<asio::io_context>& io,
             const config::endpoint& where,
             std::function<void(result<tcp_endpoints>)> done) {
  auto answer = [io, done = std::move(done)](result<tcp_endpoints> found) {
    asio::post(*io, [done, found = std::move(found)] { done(found); });
  };
  if (auto known = literal(where))
    return answer(*known);
  if (lookups.fetch_add(1) >= lookups_max) {
    lookups.fetch_sub(1);
    return answer(fail(errc::exhausted,
                       "too many host names are being looked up: give an "
                       "address in place of "
                           + where.host));
  }
  try {
    start_thread([where, answer] {
      answer(look_up(where));
      lookups.fetch_sub(1);
    }).detach();
  } catch (const std::system_error& error) {
    lookups.fetch_sub(1);
    answer(fail(errc::exhausted,
                std::string{"cannot start a thread to look up a host name: "}
                    + error.what()));
  }
}

} // namespace weft::transport
