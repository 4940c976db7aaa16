#include "actors/registry/registry_core.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <random>
#include <set>

namespace weft::actors {

namespace {

using entry = registry_core::entry;

result<entry> add(registry_core& core, std::string name,
                  registry_core::party holder) {
  return core.add({std::move(name), "hello.greeter", "n1", holder, 0});
}

std::vector<std::string> names_of(const result<std::vector<entry>>& listed) {
  std::vector<std::string> names;
  for (const auto& found : listed.value())
    names.push_back(found.name);
  return names;
}

} // namespace

TEST_CASE("of two actors that ask for a name, the first gets it") {
  registry_core core;
  const auto first = add(core, "hello/a", 1);
  REQUIRE(first);
  CHECK(first->revision == 1);
  const auto second = add(core, "hello/a", 2);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == errc::already_exists);
  CHECK(second.error().message
        == "the name hello/a is held by another actor on node n1 since "
           "revision 1");
  CHECK_FALSE(core.knows(2));
}

TEST_CASE("asking again for a name one holds gets the first answer") {
  registry_core core;
  const auto first = add(core, "hello/a", 1);
  CHECK(core.watch({""}, 9) == 1u);
  core.take_notices();
  CHECK(add(core, "hello/a", 1) == first);
  CHECK(core.take_notices().empty());
}

TEST_CASE("names that are no names are refused, and so are their look-ups") {
  registry_core core;
  std::string long_name = "a";
  while (long_name.size() <= 200)
    long_name += "/a";
  using namespace std::string_view_literals;
  for (const auto bad : {""sv, "/"sv, "a//b"sv, "a/"sv, "/a"sv, "a b"sv, ".a"sv,
                         std::string_view{long_name}}) {
    const std::string name{bad};
    CAPTURE(name);
    const auto added = add(core, name, 1);
    REQUIRE_FALSE(added);
    CHECK(added.error().code == errc::invalid_argument);
    CHECK(core.find(name).error().code == errc::invalid_argument);
    CHECK(added.error().message.size() < 400);
  }
  CHECK(core.size() == 0);
  CHECK_FALSE(core.knows(1));
  CHECK(add(core, long_name.substr(0, 199), 1));
  CHECK(core.add({"a", "no type", "n1", 1, 0}).error().code
        == errc::invalid_argument);
  CHECK(core.add({"a", "", "no/node", 1, 0}).error().code
        == errc::invalid_argument);
}

TEST_CASE("a misspelt name is answered with the nearest of its segment") {
  registry_core core;
  for (int i = 0; i < 3000; ++i)
    add(core, "hello/greeter-" + std::to_string(10'000 + i), 1);
  add(core, "other/thing", 1);
  add(core, "hello/counter", 1);
  CHECK(core.find("hello/conuter").error()
        == failure{errc::not_found, "no actor is registered as hello/conuter; "
                                    "did you mean hello/counter?"});
  CHECK(core.find("other/counter").error().message
        == "no actor is registered as other/counter");
}

TEST_CASE("a name given back is free, but not by somebody who lost it") {
  registry_core core;
  add(core, "a", 1);
  CHECK_FALSE(core.remove("a", 2));
  CHECK(core.remove("a", 1));
  CHECK_FALSE(core.remove("a", 1));
  CHECK_FALSE(core.knows(1));
  REQUIRE(add(core, "a", 2));
  CHECK_FALSE(core.remove("a", 1));
  CHECK(core.find("a")->holder == 2);
}

TEST_CASE("an actor's end frees all its names but not those of a successor") {
  registry_core core;
  add(core, "a", 1);
  add(core, "b", 1);
  add(core, "c", 1);
  core.remove("b", 1);
  add(core, "b", 2);
  core.ended(1);
  CHECK(names_of(core.list("")) == std::vector<std::string>{"b"});
  CHECK(core.find("b")->holder == 2);
  core.ended(1);
  CHECK(core.size() == 1);
}

TEST_CASE("a watcher gets what is present and then each change once") {
  registry_core core;
  add(core, "hello/a", 1);
  add(core, "other", 1);
  CHECK(core.watch({"hello/"}, 7) == 1u);
  CHECK(core.watch({"hello/a"}, 7) == 1u);
  auto told = core.take_notices();
  REQUIRE(told.size() == 2);
  CHECK(told[0].what.name == "hello/a");
  CHECK(told[0].added);
  core.ended(1);
  add(core, "hello/b", 2);
  told = core.take_notices();
  REQUIRE(told.size() == 2);
  CHECK(told[0].what.name == "hello/a");
  CHECK_FALSE(told[0].added);
  CHECK(told[0].what.revision == 3);
  CHECK(told[1].what.name == "hello/b");
  CHECK(told[1].what.revision == 5);
}

TEST_CASE("a watcher's end ends its watches, also when it holds names") {
  registry_core core;
  CHECK(core.watch({""}, 1) == 0u);
  CHECK(core.watch({"a"}, 2) == 0u);
  add(core, "a", 1);
  core.take_notices();
  core.ended(1);
  const auto told = core.take_notices();
  REQUIRE(told.size() == 1);
  CHECK(told[0].watcher == 2);
  CHECK_FALSE(core.knows(1));
}

TEST_CASE("one name is watched without those that begin like it") {
  registry_core core;
  add(core, "hello/a", 1);
  add(core, "hello/a-1", 1);
  CHECK(core.watch({"hello/a", true}, 7) == 1u);
  CHECK(core.watch({"hello/b", true}, 7) == 0u);
  CHECK(core.watch({"hello/", true}, 7).error().code == errc::invalid_argument);
  add(core, "hello/b", 1);
  add(core, "hello/b-1", 1);
  const auto told = core.take_notices();
  REQUIRE(told.size() == 2);
  CHECK(told[0].what.name == "hello/a");
  CHECK(told[1].what.name == "hello/b");
  // The same text as a prefix is another watch.
  CHECK_FALSE(core.unwatch({"hello/a"}, 7));
  CHECK(core.unwatch({"hello/a", true}, 7));
  CHECK(core.knows(7));
  CHECK(core.unwatch({"hello/b", true}, 7));
  CHECK_FALSE(core.knows(7));
}

TEST_CASE("each limit is answered with exhausted and names itself") {
  registry_core core{{2, 1, 1}};
  add(core, "a", 1);
  add(core, "b", 1);
  CHECK(add(core, "c", 3).error()
        == failure{errc::exhausted, "cannot register c: the registry is full, "
                                    "its limit is 2 names"});
  CHECK(add(core, "a", 1));
  CHECK_FALSE(core.knows(3));
  CHECK(core.watch({"x"}, 7));
  CHECK(core.watch({"x"}, 7));
  CHECK(core.watch({"y"}, 7).error().code == errc::exhausted);
  CHECK(core.list("a"));
  CHECK(core.list("").error().code == errc::exhausted);
  core.ended(7);
  CHECK(core.watch({"y"}, 8));
}

TEST_CASE("names of spaces and services have a tenant, and others none") {
  CHECK(tenant_of_name("space/lab/heat/grid/0") == "lab");
  CHECK(tenant_of_name("service/acme/shop/till") == "acme");
  CHECK(tenant_of_name("space/lab/") == "lab");
  for (const auto* none : {"", "space", "space/", "space/la", "spaces/lab/x",
                           "hello/greeter-3", "hello/space/lab/x"})
    CHECK_MESSAGE(!tenant_of_name(none), none);
}

TEST_CASE("nobody is told of another tenant's names") {
  registry_core core;
  const auto lab_only = [](std::string_view tenant) { return tenant == "lab"; };
  add(core, "space/acme/a/secret/0", 1);
  add(core, "space/lab/a/grid/0", 1);
  add(core, "hello/a", 1);
  CHECK(names_of(core.list("", lab_only))
        == std::vector<std::string>{"hello/a", "space/lab/a/grid/0"});
  CHECK(names_of(core.list("space/")) == std::vector<std::string>{});
  CHECK(core.watch({"space/"}, 7, lab_only) == 1u);
  CHECK(core.watch({"space/"}, 8) == 0u);
  add(core, "space/acme/a/secret/1", 1);
  add(core, "space/lab/a/grid/1", 1);
  core.ended(1);
  std::vector<std::string> told;
  for (const auto& notice : core.take_notices()) {
    CHECK(notice.watcher == 7);
    told.push_back((notice.added ? "+" : "-") + notice.what.name);
  }
  CHECK(told
        == std::vector<std::string>{
            "+space/lab/a/grid/0", "+space/lab/a/grid/1", "-space/lab/a/grid/0",
            "-space/lab/a/grid/1"});
}

TEST_CASE("a misspelt name does not give away another tenant's") {
  registry_core core;
  add(core, "space/acme/a/grid/0", 1);
  CHECK(core.find("space/lab/a/grid/0").error().message
        == "no actor is registered as space/lab/a/grid/0");
  add(core, "space/lab/a/grid/1", 1);
  CHECK(core.find("space/lab/a/grid/0").error().message
        == "no actor is registered as space/lab/a/grid/0; did you mean "
           "space/lab/a/grid/1?");
}

TEST_CASE("a prefix may end anywhere in a name, and nowhere else") {
  for (const auto* good : {"", "h", "hello", "hello/", "hello/gr"})
    CHECK_MESSAGE(check_registry_prefix(good), good);
  for (const auto* bad : {"/", "a//", "a b", "hello/*"})
    CHECK_MESSAGE(!check_registry_prefix(bad), bad);
}

namespace {

/// What the registry promises, written as a scan of one vector.
struct naive_registry {
  struct held {
    std::string name;
    registry_core::party holder;
  };
  std::vector<held> all;

  auto at(const std::string& name) {
    return std::find_if(all.begin(), all.end(),
                        [&](const held& one) { return one.name == name; });
  }
};

/// What a watcher knows from its notices alone.
struct mirror {
  watched_names what;
  std::map<std::string, registry_core::party> known;
};

void check_same(const registry_core& core, naive_registry& model,
                const std::map<registry_core::party, mirror>& mirrors) {
  REQUIRE(core.size() == model.all.size());
  for (const auto& one : model.all)
    REQUIRE(core.find(one.name)->holder == one.holder);
  for (const auto& [watcher, seen] : mirrors) {
    std::map<std::string, registry_core::party> expected;
    for (const auto& one : model.all)
      if (seen.what.exact ? one.name == seen.what.prefix
                          : one.name.starts_with(seen.what.prefix))
        expected[one.name] = one.holder;
    REQUIRE(seen.known == expected);
  }
}

} // namespace

TEST_CASE("random histories agree with a naive model, watchers included") {
  const auto seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random{seed};
  const auto below = [&](std::uint32_t bound) { return random() % bound; };
  const std::vector<std::string> pool{"a",     "a/b",   "a/b/c", "ab",
                                      "b/one", "b/two", "c"};
  const std::vector<std::string> prefixes{"", "a", "a/", "b/t", "c"};
  registry_core core;
  naive_registry model;
  std::map<registry_core::party, mirror> mirrors;
  std::uint64_t last_revision = 0;
  for (int step = 0; step < 20'000; ++step) {
    const auto& name = pool[below(pool.size())];
    const registry_core::party who = 1 + below(6);
    const auto present = model.at(name);
    switch (below(8)) {
    case 0: {
      const bool again = mirrors.contains(who);
      if (again)
        break;
      mirrors[who].what = {prefixes[below(prefixes.size())], false};
      if (below(2) == 0)
        mirrors[who].what = {pool[below(pool.size())], true};
      REQUIRE(core.watch(mirrors[who].what, who));
      break;
    }
    case 4:
      if (!mirrors.contains(who))
        break;
      REQUIRE(core.unwatch(mirrors[who].what, who));
      REQUIRE_FALSE(core.unwatch(mirrors[who].what, who));
      mirrors.erase(who);
      break;
    case 1:
      core.ended(who);
      std::erase_if(model.all,
                    [&](const auto& one) { return one.holder == who; });
      mirrors.erase(who);
      break;
    case 2:
    case 3: {
      const bool held = present != model.all.end() && present->holder == who;
      REQUIRE(core.remove(name, who) == held);
      if (held)
        model.all.erase(present);
      break;
    }
    default: {
      const auto added = core.add({name, "", "", who, 0});
      REQUIRE(added.has_value()
              == (present == model.all.end() || present->holder == who));
      if (present == model.all.end())
        model.all.push_back({name, who});
    }
    }
    for (const auto& notice : core.take_notices()) {
      auto& known = mirrors.at(notice.watcher).known;
      if (notice.added)
        REQUIRE(known.emplace(notice.what.name, notice.what.holder).second);
      else
        REQUIRE(known.erase(notice.what.name) == 1);
      last_revision = std::max(last_revision, notice.what.revision);
    }
    check_same(core, model, mirrors);
  }
  CHECK(last_revision > 1000);
}

} // namespace weft::actors
