// Measures one section of ./book bench and writes OUT/SECTION.json.
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "elbo/files.hpp"
#include "elbo/options.hpp"
#include "sections.hpp"

namespace {

using Section = std::function<void(const bench::Run&)>;

const std::vector<std::string> names = {"epoch", "memory", "scaling", "evidence", "quality"};

const std::map<std::string, Section> sections = {{"epoch",
                                                  [](const bench::Run& run) {
                                                    bench::machine(run);
                                                    bench::products(run);
                                                    bench::epoch(run);
                                                  }},
                                                 {"memory", bench::memory},
                                                 {"scaling", bench::scaling},
                                                 {"evidence", bench::evidence},
                                                 {"quality", bench::quality}};

int run(int argc, char** argv) {
  elbo::Options options("bench", "Speed, memory and scaling, a section a run.");
  std::string section = names.front();
  int images = 60000;
  options.add("--section", section, "what to measure", names);
  options.add("--images", images, "training images of an epoch, fewer for a trial", {200, 60000});
  if (!options.parse(argc, argv)) return 0;

  const elbo::CommonOptions& common = options.common;
  elbo::make_output_folder(common.out);
  elbo::Threads threads(common.threads);
  bench::Results results(!common.json);
  sections.at(section)({results, threads, common.data, images, common.seed, common.quick});
  elbo::write_file(common.out / (section + ".json"), results.json());
  if (common.json) std::cout << results.json() << std::flush;
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  return elbo::run_chapter("bench", [&] { return run(argc, argv); });
}
