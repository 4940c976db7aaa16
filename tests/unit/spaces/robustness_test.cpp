#include "tests/unit/spaces/support.hpp"

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size);

namespace weft::spaces {

TEST_CASE("every file of the corpus is read or refused") {
  const auto* source = std::getenv("WEFT_SOURCE_DIR");
  REQUIRE_MESSAGE(source, "run by ctest, or with WEFT_SOURCE_DIR set");
  const auto folder =
      std::filesystem::path{source} / "tests/fuzz/corpus/spaces";
  int files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file{entry.path(), std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()),
                           text.size());
    ++files;
  }
  CHECK(files >= 10);
}

} // namespace weft::spaces
