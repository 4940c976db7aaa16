#include "config/load.hpp"
#include "tests/unit/config/support.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <random>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace weft::config::testing {

namespace {

void run_target(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                         text.size());
}

std::filesystem::path corpus() {
  const auto* source = std::getenv("WEFT_SOURCE_DIR");
  REQUIRE_MESSAGE(source, "run by ctest, or with WEFT_SOURCE_DIR set");
  return std::filesystem::path{source} / "tests/fuzz/corpus/config";
}

std::vector<std::string> corpus_texts() {
  std::vector<std::string> texts;
  for (const auto& entry : std::filesystem::directory_iterator(corpus())) {
    std::ifstream file{entry.path(), std::ios::binary};
    texts.emplace_back(std::istreambuf_iterator<char>{file},
                       std::istreambuf_iterator<char>{});
  }
  return texts;
}

std::string mutated(std::string text, std::mt19937_64& random) {
  static const std::vector<std::string> words{
      "*a",  "&a ",     "{index}", "${NODE}", "replicate: 3", "- ",  "[",
      "]",   "{",       "}",       ": ",      "\n",           "\"",  "<<: *a",
      "!!x", "include", "? ",      "|\n",     "---\n",        "\t",  "#",
      "'",   "%",       "\xC3",    "0x1F",    ".inf",         "~\n", ">-\n"};
  const auto below = [&](std::size_t limit) { return random() % limit; };
  const auto changes = 1 + below(8);
  for (std::size_t i = 0; i < changes && !text.empty(); ++i) {
    const auto at = below(text.size());
    const auto length = std::min(below(40), text.size() - at);
    switch (below(5)) {
    case 0:
      text[at] = static_cast<char>(random());
      break;
    case 1:
      text.erase(at, length);
      break;
    case 2:
      text.insert(at, words[below(words.size())]);
      break;
    case 3:
      text.insert(below(text.size()), text.substr(at, length));
      break;
    default:
      text[at] = static_cast<char>(text[at] ^ (1 << below(8)));
      break;
    }
  }
  return text;
}

} // namespace

TEST_CASE("every file of the corpus is loaded or refused with places") {
  const auto texts = corpus_texts();
  CHECK(texts.size() >= 10);
  for (const auto& text : texts)
    run_target(text);
}

TEST_CASE("no mutation of a good file makes the loader fail") {
  const auto* given = std::getenv("WEFT_TEST_SEED");
  const auto seed =
      given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  MESSAGE("seed ", seed, "; replay with WEFT_TEST_SEED=", seed);
  std::mt19937_64 random{seed};
  const auto texts = corpus_texts();
  REQUIRE(!texts.empty());
  std::size_t refused = 0;
  for (int i = 0; i < 2000; ++i) {
    const auto text = mutated(texts[random() % texts.size()], random);
    run_target(text);
    refused += !load_text(text, "c.yaml", {}).ok();
  }
  // Most mutations of YAML are mistakes; none noticed would be one, too.
  CHECK(refused > 1000);
}

TEST_CASE("hostile repetitions are refused") {
  const auto repeated = [](std::string_view part) {
    std::string text;
    while (text.size() + part.size() <= (1u << 20))
      text += part;
    return text;
  };
  for (const auto* part :
       {"[",       "{",     "- ",        "? ",  "a: ",          "&a ",
        "*a ",     "!!x ",  "- - - a\n", "'",   "\"",           "|\n",
        ">",       "%\n",   "#",         "a\n", ": ",           "a: {",
        "[a, ",    "---\n", "...\n",     "${",  "a: &a [*a]\n", "{a: b}",
        "\xC3\xBC"}) {
    CAPTURE(part);
    CHECK(!load_text(repeated(part), "c.yaml", {}).ok());
  }
}

TEST_CASE("a long key costs no more than its length") {
  const std::string key((3u << 20), 'k');
  const auto all = problems_of(with_node("? " + key + "\n: 1\n"));
  REQUIRE(!all.empty());
  CHECK(all[0].size() < 1000);
}

} // namespace weft::config::testing
