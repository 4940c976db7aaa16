#include "apps/bench/spaces/redis_load.hpp"

/// In place of redis_load.cpp where hiredis is missing when weft is built.
namespace weft::bench {

bool has_redis_client() {
  return false;
}

run_numbers measure_redis(std::string_view, const run_settings&) {
  return fail(errc::unsupported, "this weft was built without hiredis");
}

} // namespace weft::bench
