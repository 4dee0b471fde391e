// Writing files so that a reader never finds half of one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace elbo {

/// Writes to a temporary file beside `path` and renames it into place: after a full disk or a kill,
/// `path` holds what it held before. Throws std::runtime_error in one line.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Makes the folder and proves that files can be written in it, so that a long run does not find
/// out at its end. Throws std::runtime_error in one line.
void make_output_folder(const std::filesystem::path& folder);

}  // namespace elbo
