#include "config/source_files.hpp"

#include "runtime/base/assert.hpp"

#include <utility>

namespace weft::config {

std::uint32_t source_files::add(std::string name, std::string folder) {
  files_.push_back({std::move(name), std::move(folder)});
  return static_cast<std::uint32_t>(files_.size() - 1);
}

const std::string& source_files::name(place where) const {
  WEFT_ASSERT(where.file < files_.size());
  return files_[where.file].name;
}

const std::string& source_files::folder(place where) const {
  WEFT_ASSERT(where.file < files_.size());
  return files_[where.file].folder;
}

location source_files::locate(place where) const {
  return {name(where), static_cast<int>(where.line),
          static_cast<int>(where.column)};
}

} // namespace weft::config
