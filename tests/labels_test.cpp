// Every equation of the library is checked somewhere: each `@label` has a test with its tag.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "check.hpp"

using namespace elbo;

namespace {

// The equation labels that follow `mark` in the C++ files of a folder. By hand: the compiler needs
// longer for <regex> than for any other test.
std::set<std::string> found(const std::filesystem::path& folder, const std::string& mark) {
  std::set<std::string> labels;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    const std::filesystem::path extension = entry.path().extension();
    if (extension != ".hpp" && extension != ".cpp") continue;
    std::ifstream file(entry.path());
    const std::string text(std::istreambuf_iterator<char>(file), {});
    for (std::size_t at = text.find(mark + "eq:"); at != std::string::npos;
         at = text.find(mark + "eq:", at + 1)) {
      const std::size_t begin = at + mark.size();
      const std::size_t end =
          text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-:", begin);
      labels.insert(text.substr(begin, end - begin));
    }
  }
  return labels;
}

}  // namespace

TEST_CASE("every label in src is the tag of a test", "[labels]") {
  const std::filesystem::path root = ELBO_SOURCE_DIR;
  const std::set<std::string> labels = found(root / "src", "@label ");
  const std::set<std::string> tags = found(root / "tests", "[");
  CHECK(labels.size() > 40);
  for (const std::string& label : labels) {
    INFO("label " << label);
    CHECK(tags.contains(label));
  }
}
