#pragma once

#include "runtime/base/result.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace weft::heat {

/// A file that appears under its name when it is complete, and not at all
/// before. Errors are `io`, and name the file.
class file_writer {
public:
  static result<file_writer> open(const std::string& path);

  file_writer(file_writer&&) noexcept = default;
  file_writer& operator=(file_writer&&) noexcept = default;
  ~file_writer();

  result<void> write(const void* bytes, std::size_t count);
  result<void> commit();

  const std::string& path() const { return path_; }
  std::FILE* stream() { return file_.get(); }

private:
  struct closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };

  file_writer(std::string path, std::string temporary, std::FILE* file)
      : path_{std::move(path)}, temporary_{std::move(temporary)}, file_{file} {}

  tl::unexpected<failure> problem(const char* what) const;

  std::string path_;
  std::string temporary_;
  std::unique_ptr<std::FILE, closer> file_;
};

} // namespace weft::heat
