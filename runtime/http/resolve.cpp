#include "runtime/http/resolve.hpp"

#include <fmt/format.h>

#include <atomic>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <system_error>
#include <thread>

namespace weft::http {

namespace {

std::atomic<std::size_t> lookups{0};

result<addresses> look_up(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), fmt::format("{}", port).c_str(),
                               &hints, &found);
  if (code != 0)
    return fail(errc::unavailable,
                fmt::format("the name \"{}\" has no address: {}", host,
                            gai_strerror(code)));
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found,
                                                                 freeaddrinfo};
  addresses all;
  for (const auto* each = found; each; each = each->ai_next) {
    socket_address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.length = each->ai_addrlen;
    all.push_back(address);
  }
  return all;
}

} // namespace

void resolve(const std::string& host, std::uint16_t port,
             std::function<void(result<addresses>)> done) {
  if (const auto literal = ip_address(host, port))
    return done(addresses{*literal});
  if (host == "localhost")
    return done(
        addresses{*ip_address("127.0.0.1", port), *ip_address("::1", port)});
  if (lookups.fetch_add(1) >= lookups_max) {
    --lookups;
    return done(fail(errc::exhausted,
                     fmt::format("{} look-ups of names are under way, \"{}\" "
                                 "would be one too many: try again later",
                                 lookups_max, host)));
  }
  try {
    std::thread{[host, port, done] {
      auto found = look_up(host, port);
      --lookups;
      done(std::move(found));
    }}.detach();
  } catch (const std::system_error& error) {
    --lookups;
    done(fail(errc::exhausted,
              fmt::format("the name \"{}\" cannot be looked up: {}", host,
                          error.what())));
  }
}

} // namespace weft::http
