/// Runs a fuzz target without libFuzzer, which needs clang: over every file of
/// its corpus, and then over mutations of them, the same for the same seed.
///
///   fuzz_NAME CORPUS MUTATIONS [DICTIONARY]
///
/// The seed is printed, and `WEFT_TEST_SEED` repeats it. The input that a
/// target fails on is kept beside the program, as `fuzz_NAME.input`.

#include "tests/support/sanitized.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/common_interface_defs.h>
#endif

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace {

/// What the target is running on, for whoever finds the process dying.
std::string input;
std::string kept_in;

/// Calls only what a signal handler may.
void keep_input() {
  const int file =
      open(kept_in.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  std::size_t kept = 0;
  while (file >= 0 && kept < input.size()) {
    const auto bytes = write(file, input.data() + kept, input.size() - kept);
    if (bytes <= 0)
      break;
    kept += static_cast<std::size_t>(bytes);
  }
  for (const std::string_view text :
       {std::string_view{"the input is kept in "}, std::string_view{kept_in},
        std::string_view{"\n"}})
    static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

void on_signal(int) {
  keep_input();
  _exit(1);
}

void watch_for_death() {
  std::signal(SIGABRT, on_signal);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(keep_input);
#else
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL})
    std::signal(number, on_signal);
#endif
}

void run_target(std::string bytes) {
  input = std::move(bytes);
  // On the heap and no longer than it is, so that a sanitizer sees a read
  // beyond its end.
  const std::vector<std::uint8_t> data{input.begin(), input.end()};
  LLVMFuzzerTestOneInput(data.data(), data.size());
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// In the order of their names, so that a seed means the same everywhere.
std::vector<std::string> read_corpus(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator{folder})
    paths.push_back(entry.path());
  std::ranges::sort(paths);
  std::vector<std::string> inputs;
  for (const auto& path : paths)
    inputs.push_back(content_of(path));
  return inputs;
}

/// The text between the quotes of a line of a dictionary, where a backslash
/// stands before a quote, another backslash, or x and two hexadecimal digits.
std::string unescaped(std::string_view quoted) {
  std::string text;
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] != '\\' || i + 1 == quoted.size()) {
      text += quoted[i];
    } else if (quoted[i + 1] == 'x' && i + 3 < quoted.size()) {
      unsigned value = 0;
      std::from_chars(&quoted[i + 2], &quoted[i + 2] + 2, value, 16);
      text += static_cast<char>(value);
      i += 3;
    } else {
      text += quoted[++i];
    }
  }
  return text;
}

/// The words of a libFuzzer dictionary: a line each, in quotes.
std::vector<std::string> read_dictionary(const std::filesystem::path& path) {
  std::vector<std::string> words;
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);) {
    const auto first = line.find('"');
    const auto last = line.rfind('"');
    if (!line.starts_with('#') && first < last)
      words.push_back(unescaped(
          std::string_view{line}.substr(first + 1, last - first - 1)));
  }
  return words;
}

/// Makes inputs from those of a corpus and the words of a dictionary.
class mutator {
public:
  mutator(std::vector<std::string> corpus, std::vector<std::string> words,
          std::uint64_t seed)
      : corpus_{std::move(corpus)}, words_{std::move(words)}, random_{seed} {}

  std::string next() {
    constexpr std::size_t changes_max = 8;
    auto bytes = any_of(corpus_);
    for (auto left = 1 + below(changes_max); left > 0; --left)
      change(bytes);
    return bytes;
  }

private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  const std::string& any_of(const std::vector<std::string>& from) {
    return from[below(from.size())];
  }

  std::string slice_of(const std::string& bytes) {
    constexpr std::size_t slice_bytes_max = 40;
    const auto at = below(bytes.size() + 1);
    return bytes.substr(at, below(slice_bytes_max));
  }

  void change(std::string& bytes) {
    const auto at = below(bytes.size() + 1);
    if (at == bytes.size()) {
      bytes += static_cast<char>(random_());
      return;
    }
    switch (below(7)) {
    case 0:
      bytes[at] = static_cast<char>(random_());
      break;
    case 1:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << below(8)));
      break;
    case 2:
      bytes.erase(at, slice_of(bytes).size());
      break;
    case 3:
      bytes.insert(at, slice_of(bytes));
      break;
    case 4:
      bytes.insert(at, slice_of(any_of(corpus_)));
      break;
    case 5:
      bytes.insert(at, words_.empty() ? slice_of(bytes) : any_of(words_));
      break;
    default:
      bytes.resize(at);
      break;
    }
  }

  std::vector<std::string> corpus_;
  std::vector<std::string> words_;
  std::mt19937_64 random_;
};

std::uint64_t seed_of_run() {
  const auto* given = std::getenv("WEFT_TEST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

} // namespace

int main(int count, char** arguments) {
  if (count < 3 || count > 4) {
    std::fprintf(stderr, "usage: %s CORPUS MUTATIONS [DICTIONARY]\n",
                 arguments[0]);
    return 2;
  }
  const auto corpus = read_corpus(arguments[1]);
  const auto words =
      count == 4 ? read_dictionary(arguments[3]) : std::vector<std::string>{};
  if (corpus.empty() || (count == 4 && words.empty())) {
    std::fprintf(stderr, "expected files in %s and words in %s, got none\n",
                 arguments[1], count == 4 ? arguments[3] : "no dictionary");
    return 1;
  }
  const auto seed = seed_of_run();
  const auto mutations =
      weft::test::fewer_if_sanitized(std::strtoull(arguments[2], nullptr, 10));
  std::printf("%zu files and %llu mutations, WEFT_TEST_SEED=%llu\n",
              corpus.size(), static_cast<unsigned long long>(mutations),
              static_cast<unsigned long long>(seed));
  std::fflush(stdout);
  kept_in = std::string{arguments[0]} + ".input";
  watch_for_death();
  for (const auto& bytes : corpus)
    run_target(bytes);
  mutator made{corpus, words, seed};
  for (std::uint64_t i = 0; i < mutations; ++i)
    run_target(made.next());
  return 0;
}
