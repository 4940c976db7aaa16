#include "runtime/base/file_lock.hpp"
#include "tests/unit/base/temporary_folder.hpp"

#include <doctest/doctest.h>

namespace weft {

using test::temporary_folder;

TEST_CASE("a file is locked by one at a time, until its descriptor closes") {
  const temporary_folder folder;
  const auto path = folder.path + "/lock";
  CHECK_FALSE(is_locked(path));
  auto first = lock_file(path);
  REQUIRE(first);
  REQUIRE(*first);
  CHECK(is_locked(path));
  const auto second = lock_file(path);
  REQUIRE(second);
  CHECK_FALSE(*second);
  first->reset();
  CHECK_FALSE(is_locked(path));
  const auto third = lock_file(path);
  REQUIRE(third);
  CHECK(*third);
}

TEST_CASE("what cannot be locked says why") {
  const temporary_folder folder;
  const auto absent = lock_file(folder.path + "/none/lock");
  REQUIRE_FALSE(absent);
  CHECK(absent.error().code == errc::not_found);
  const auto at_folder = lock_file(folder.path);
  REQUIRE_FALSE(at_folder);
  CHECK(at_folder.error().code == errc::io);
  CHECK(at_folder.error().message.find("cannot open") != std::string::npos);
}

} // namespace weft
