#include "apps/heat/output/array_file.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <png.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace weft::heat::test {

namespace {

namespace fs = std::filesystem;

/// A folder of this process that goes with the test.
struct output_folder {
  output_folder()
      : path{fs::temp_directory_path()
             / ("weft-heat-output-" + std::to_string(getpid()))} {
    fs::create_directories(path);
  }
  ~output_folder() { fs::remove_all(path); }

  std::string file(const char* name) const { return path / name; }

  std::string content(const char* name) const {
    std::ifstream in{path / name, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
  }

  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator{path}, fs::directory_iterator{}));
  }

  fs::path path;
};

const std::vector<double> cells{100, 0.1, -0.0, 1e-300, 12.5, 1.0 / 3};

void write(const std::string& path) {
  auto file = open_array_file(path, {2, 3}, {});
  REQUIRE(file);
  for (std::size_t row = 0; row < 2; ++row)
    REQUIRE((*file)->add(std::span{cells}.subspan(3 * row, 3)));
  REQUIRE((*file)->finish());
}

} // namespace

TEST_CASE_FIXTURE(output_folder, "an npy file has NumPy's header and the cells "
                                 "as they are") {
  write(file("a.npy"));
  const auto bytes = content("a.npy");
  REQUIRE(bytes.size() == 128 + sizeof(double) * cells.size());
  CHECK(bytes.substr(0, 8) == std::string{"\x93NUMPY\x01\x00", 8});
  CHECK(bytes.substr(8, 2) == std::string{"\x76\x00", 2});
  CHECK(bytes.substr(10, 62)
        == "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }   ");
  CHECK(bytes[127] == '\n');
  CHECK(std::memcmp(bytes.data() + 128, cells.data(),
                    sizeof(double) * cells.size())
        == 0);
}

TEST_CASE_FIXTURE(output_folder, "a csv file has a line a row and numbers that "
                                 "read back") {
  write(file("a.csv"));
  CHECK(content("a.csv") == "100,0.1,-0\n1e-300,12.5,0.3333333333333333\n");
}

TEST_CASE_FIXTURE(output_folder, "a png file has a square of pixels a cell") {
  write(file("a.png"));
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  REQUIRE(png_image_begin_read_from_file(&image, file("a.png").c_str()));
  CHECK(image.width == 3 * 170);
  CHECK(image.height == 2 * 170);
  image.format = PNG_FORMAT_RGB;
  std::vector<png_byte> pixels(PNG_IMAGE_SIZE(image));
  REQUIRE(png_image_finish_read(&image, nullptr, pixels.data(), 0, nullptr));
  const auto at = [&](std::size_t row, std::size_t column) {
    const auto* pixel = &pixels[3 * (row * image.width + column)];
    return colour{pixel[0], pixel[1], pixel[2]};
  };
  CHECK(at(0, 0) == colour_of(1));
  CHECK(at(169, 169) == colour_of(1));
  CHECK(at(0, 170) == colour_of(0.001));
  CHECK(at(170, 0) == colour_of(0));
}

TEST_CASE_FIXTURE(output_folder, "a file that was not finished is not there") {
  for (const auto* name : {"a.npy", "a.csv", "a.png"}) {
    auto started = open_array_file(file(name), {2, 3}, {});
    REQUIRE(started);
    REQUIRE((*started)->add(std::span{cells}.first(3)));
  }
  CHECK(files() == 0);
}

TEST_CASE_FIXTURE(output_folder, "a file replaces one of its name") {
  write(file("a.csv"));
  write(file("a.csv"));
  CHECK(files() == 1);
}

TEST_CASE("other endings, and folders that are not there, are refused") {
  CHECK(open_array_file("a.txt", {2, 3}, {}).error().code
        == errc::invalid_argument);
  CHECK(open_array_file("/nowhere/at/all.npy", {2, 3}, {}).error().code
        == errc::io);
  CHECK(open_array_file("a.png", {3, 2'000'000}, {}).error().code
        == errc::invalid_argument);
}

} // namespace weft::heat::test
