#include "actors/registry/registry_actor.hpp"
#include "actors/registry/registry_core.hpp"
#include "tests/unit/actors/actors_fixture.hpp"
#include "tests/unit/actors/foreign_actor.hpp"

#include <doctest/doctest.h>

using namespace std::chrono_literals;

namespace weft::actors {

namespace {

using service_entry = registry_core::entry;

service_info plain_service() {
  service_info made;
  made.kind = service_kind::service;
  made.lease_ms = 10'000;
  return made;
}

result<service_entry> add_service(registry_core& core, const std::string& name,
                                  registry_core::party holder,
                                  const service_info& what = plain_service(),
                                  registry_core::time now = {}) {
  return core.add(
      {name, "", "n1", holder, 0, std::make_shared<const service_info>(what)},
      now);
}

std::vector<std::string> found_names(const result<registry_core::page>& page) {
  std::vector<std::string> names;
  for (const auto& each : page.value().found)
    names.push_back(each.name);
  return names;
}

using name_list = std::vector<std::string>;

} // namespace

TEST_CASE("of two that register a service, one gets an error") {
  registry_core core;
  const auto first = add_service(core, "service/lab/a/till", 1);
  REQUIRE(first);
  CHECK(first->service->health == service_health::starting);
  CHECK(add_service(core, "service/lab/a/till", 2).error().code
        == errc::already_exists);
  CHECK(add_service(core, "service/lab/b/till", 2));
  CHECK(add_service(core, "service/acme/a/till", 2));
}

TEST_CASE("a service's name has a service, and no other name has one") {
  registry_core core;
  CHECK(core.add({"service/lab/a/till", "", "n1", 1, 0}).error().code
        == errc::invalid_argument);
  for (const auto* other :
       {"till", "space/lab/a/till", "service/lab/till", "service/lab/a/till/0"})
    CHECK_MESSAGE(add_service(core, other, 1).error().code
                      == errc::invalid_argument,
                  other);
  auto bad = plain_service();
  bad.lease_ms = 1;
  CHECK(add_service(core, "service/lab/a/till", 1, bad).error().code
        == errc::invalid_argument);
  CHECK(core.size() == 0);
  CHECK_FALSE(core.next_due());
}

TEST_CASE("who registers a service does not say how well it is") {
  registry_core core;
  auto boastful = plain_service();
  boastful.health = service_health::healthy;
  CHECK(add_service(core, "service/lab/a/till", 1, boastful)->service->health
        == service_health::starting);
}

TEST_CASE("watchers are told of a service's health when it changes") {
  registry_core core;
  add_service(core, "service/lab/a/till", 1);
  core.watch({service_prefix("lab")}, 7, [](auto) { return true; });
  core.take_notices();
  const auto healthy = core.renew("service/lab/a/till", 1, {}, 1s);
  REQUIRE(healthy);
  CHECK(healthy->service->health == service_health::healthy);
  core.renew("service/lab/a/till", 1, {}, 2s);
  CHECK(core.advance(8s).empty());
  const auto told = core.take_notices();
  REQUIRE(told.size() == 2);
  CHECK(told[0].what == *healthy);
  CHECK(told[0].what.revision == 2);
  CHECK(told[1].what.service->health == service_health::degraded);
  CHECK(told[1].what.revision == 3);
  CHECK(core.find("service/lab/a/till") == told[1].what);
}

TEST_CASE("a service that is silent for its lease is gone, and its holder") {
  registry_core core;
  add_service(core, "service/lab/a/till", 1);
  core.watch({""}, 7, [](auto) { return true; });
  core.take_notices();
  REQUIRE(core.next_due() == 5s);
  CHECK(core.advance(10s) == std::vector<registry_core::party>{1});
  const auto told = core.take_notices();
  REQUIRE(told.size() == 1);
  CHECK_FALSE(told[0].added);
  CHECK_FALSE(core.knows(1));
  CHECK_FALSE(core.next_due());
  CHECK(core.renew("service/lab/a/till", 1, {}, 10s).error().code
        == errc::not_found);
  CHECK(add_service(core, "service/lab/a/till", 2));
}

TEST_CASE("a lease ends with its name, and another one has its own") {
  registry_core core;
  add_service(core, "service/lab/a/till", 1);
  CHECK(core.remove("service/lab/a/till", 1));
  add_service(core, "service/lab/a/till", 2, plain_service(), 8s);
  CHECK(core.advance(12s).empty());
  core.ended(2);
  CHECK_FALSE(core.next_due());
}

TEST_CASE("only the holder's heartbeat counts, and only a known health") {
  registry_core core;
  add_service(core, "service/lab/a/till", 1);
  core.add({"hello/a", "", "n1", 1, 0});
  CHECK(core.renew("service/lab/a/till", 2, {}, 1s).error().code
        == errc::not_found);
  CHECK(core.renew("hello/a", 1, {}, 1s).error().code == errc::not_found);
  CHECK(core.renew("service/lab/a/none", 1, {}, 1s).error().code
        == errc::not_found);
  CHECK(core.renew("service/lab/a/till", 1,
                   {static_cast<service_health>(9), 0, 0}, 1s)
            .error()
            .code
        == errc::invalid_argument);
  CHECK(core.find("service/lab/a/till")->service->health
        == service_health::starting);
}

TEST_CASE("services are discovered within their tenant and namespace") {
  registry_core core;
  for (const auto* name : {"service/lab/a/x", "service/lab/a/y",
                           "service/lab/ab/x", "service/acme/a/x"})
    add_service(core, name, 1);
  core.add({"space/lab/a/x/0", "", "n1", 1, 0});
  CHECK(found_names(core.discover(service_prefix("lab"), {}, "", 10))
        == name_list{"service/lab/a/x", "service/lab/a/y", "service/lab/ab/x"});
  CHECK(found_names(core.discover(service_prefix("lab", "a"), {}, "", 10))
        == name_list{"service/lab/a/x", "service/lab/a/y"});
  CHECK(found_names(core.discover(service_prefix("la"), {}, "", 10)).empty());
}

TEST_CASE("pages are cut after filtering, and none is lost or comes twice") {
  registry_core core;
  name_list expected;
  for (int i = 100; i < 200; ++i) {
    auto what = plain_service();
    what.backend = i % 3 == 0 ? "redis" : "memory";
    const auto name = "service/lab/a/s" + std::to_string(i);
    add_service(core, name, 1, what);
    if (i % 3 == 0)
      expected.push_back(name);
  }
  service_filter wanted;
  wanted.backend = "redis";
  name_list got;
  std::string after;
  int pages = 0;
  do {
    const auto page =
        core.discover(service_prefix("lab", "a"), wanted, after, 10);
    const auto names = found_names(page);
    got.insert(got.end(), names.begin(), names.end());
    after = page->next;
    ++pages;
    CHECK(names.size() == (after.empty() ? expected.size() % 10 : 10));
    // What went meanwhile does not upset the order.
    core.remove(after, 1);
  } while (!after.empty());
  CHECK(got == expected);
  CHECK(pages == 4);
}

TEST_CASE("a page that is full to the last has no next one") {
  registry_core core;
  add_service(core, "service/lab/a/x", 1);
  add_service(core, "service/lab/a/y", 1);
  CHECK(core.discover(service_prefix("lab"), {}, "", 2)->next.empty());
  CHECK(core.discover(service_prefix("lab"), {}, "", 1)->next
        == "service/lab/a/x");
}

TEST_CASE("a page has bounds in services and bytes, and says them") {
  registry_options options;
  options.page_max = 3;
  options.page_bytes_max = 1'500;
  registry_core core{options};
  auto long_winded = plain_service();
  long_winded.address.assign(1'000, 'x');
  for (const auto* name :
       {"service/lab/a/1", "service/lab/a/2", "service/lab/a/3"})
    add_service(core, name, 1, long_winded);
  CHECK(found_names(core.discover(service_prefix("lab"), {}, "", 3))
        == name_list{"service/lab/a/1", "service/lab/a/2"});
  for (const std::size_t limit : {0, 4})
    CHECK(core.discover(service_prefix("lab"), {}, "", limit).error()
          == failure{errc::invalid_argument,
                     "expected a page of 1 to 3 services, got "
                         + std::to_string(limit)});
}

TEST_CASE("the health that is asked for is that of now") {
  registry_core core;
  add_service(core, "service/lab/a/x", 1);
  add_service(core, "service/lab/a/y", 2);
  core.renew("service/lab/a/x", 1, {}, 0s);
  service_filter wanted;
  wanted.health = {service_health::healthy};
  const auto prefix = service_prefix("lab");
  CHECK(found_names(core.discover(prefix, wanted, "", 10))
        == name_list{"service/lab/a/x"});
  core.advance(6s);
  CHECK(found_names(core.discover(prefix, wanted, "", 10)).empty());
}

namespace {

struct services_fixture : actors_fixture {
  foreign_node lab{system, 1};
  foreign_node acme{system, 2};
  caf::strong_actor_ptr of_lab = lab.make();
  caf::strong_actor_ptr of_acme = acme.make();
  registry_actor registry = spawn_registry(
      system, {}, [this](const caf::node_id& node, std::string_view tenant) {
        return (node == lab.id && tenant == "lab")
               || (node == acme.id && tenant == "acme");
      });
  const std::string name = service_name("lab", "a", "till");

  ~services_fixture() {
    end(registry);
    foreign_node::of(of_lab).received.clear();
    foreign_node::of(of_acme).received.clear();
  }

  template <class Reply, class Message>
  result<Reply> ask_as(const caf::strong_actor_ptr& who,
                       const Message& message) {
    foreign_node::ask(who, registry, message);
    drain();
    return foreign_node::answer<Reply>(who);
  }

  result<registration> add(const caf::strong_actor_ptr& who) {
    registration what{name, "", "n1", who};
    what.service = plain_service();
    return ask_as<registration>(who, register_name{what});
  }
};

} // namespace

TEST_CASE_FIXTURE(services_fixture,
                  "another tenant's services are neither found nor changed") {
  REQUIRE(add(of_lab));
  CHECK(add(of_acme).error().code == errc::permission_denied);
  for (const auto& actor : {of_lab, of_acme})
    CHECK(ask_as<registration>(of_acme, renew_service{name, actor, {}})
              .error()
              .code
          == errc::permission_denied);
  CHECK(ask_as<service_page>(of_acme, discover_services{"lab"}).error().code
        == errc::permission_denied);
  CHECK(
      ask_as<service_page>(of_acme, discover_services{"lab", "a"}).error().code
      == errc::permission_denied);
  CHECK(
      ask_as<service_page>(of_acme, discover_services{"acme"})->found.empty());
  CHECK(ask_as<service_page>(of_acme, discover_services{""}).error().code
        == errc::invalid_argument);
  CHECK(
      ask_as<service_page>(of_acme, discover_services{"acme/a/x"}).error().code
      == errc::invalid_argument);
}

TEST_CASE_FIXTURE(services_fixture,
                  "a service is registered, renewed and discovered") {
  REQUIRE(add(of_lab));
  const auto renewed =
      ask_as<registration>(of_lab, renew_service{name, of_lab, {}});
  REQUIRE(renewed);
  CHECK(renewed->service.health == service_health::healthy);
  const auto page = ask_as<service_page>(of_lab, discover_services{"lab"});
  REQUIRE(page);
  CHECK(page->found == std::vector{*renewed});
  CHECK(page->next.empty());
  // A list of names says nothing of services.
  const auto listed =
      ask_as<std::vector<registration>>(of_lab, list_names{"service/lab/"});
  REQUIRE(listed);
  REQUIRE(listed->size() == 1);
  CHECK(listed->front().service == service_info{});
}

TEST_CASE_FIXTURE(services_fixture,
                  "a lease that is over frees its holder and the name") {
  REQUIRE(add(of_lab));
  foreign_node::ask(of_lab, registry, watch_names{name, of_lab});
  drain();
  auto& received = foreign_node::of(of_lab).received;
  received.clear();
  for (int i = 0; i < 20; ++i)
    advance(500ms);
  REQUIRE(received.size() == 2);
  CHECK(received[0].get_as<name_event>(0).what.service.health
        == service_health::unhealthy);
  CHECK_FALSE(received[1].get_as<name_event>(0).added);
  received.clear();
  CHECK(
      ask_as<registration>(of_lab, renew_service{name, of_lab, {}}).error().code
      == errc::not_found);
  CHECK(add(of_lab));
}

} // namespace weft::actors
