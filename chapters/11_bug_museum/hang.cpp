// The wall: every exhibit beside what it says of itself and what is true of it.
#include <algorithm>
#include <cmath>
#include <cstdio>

#include "elbo/picture.hpp"
#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {
namespace {

// A number for the terminal; what ran away is given by its size alone.
std::string nats(double value) {
  char text[32];
  std::snprintf(text, sizeof(text), std::abs(value) < 99999 ? "%.1f" : "%.0e", value);
  return text;
}

void print(const Run& run, const std::vector<Verdict>& verdicts) {
  const auto line = [&](const std::string& name, const std::string& logged, const std::string& elbo,
                        const std::string& evidence, const std::string& caught_by) {
    char text[300];
    std::snprintf(text, sizeof(text), "%-20s  %9s  %9s  %9s  %s", name.c_str(), logged.c_str(),
                  elbo.c_str(), evidence.c_str(), caught_by.c_str());
    run.report.say(text);
  };
  run.report.say("");
  line("nats a test image", "its log", "true ELBO", "log p(x)", "caught by the test");
  for (const Verdict& v : verdicts) {
    line(v.exhibit->card.name, nats(v.logged), nats(elbo::Average(v.elbo).mean),
         nats(elbo::Average(v.evidence).mean), v.exhibit->card.caught_by);
  }
}

// The place of an exhibit in the catalogue.
double number_of(const std::string& name) {
  const std::vector<Exhibit>& all = exhibits();
  const auto at =
      std::find_if(all.begin(), all.end(), [&](const Exhibit& e) { return e.card.name == name; });
  return static_cast<double>(at - all.begin());
}

}  // namespace

void describe(std::ostream& out, const Card& card) {
  out << card.name << '\n';
  if (!card.wrong.empty()) out << "  wrong      " << card.wrong << '\n';
  out << "  right      " << card.right << '\n'
      << "  looks like " << card.symptom << '\n'
      << "  caught by  \"" << card.caught_by << "\"\n\n";
}

void hang(const Run& run, const std::vector<Verdict>& verdicts) {
  print(run, verdicts);
  elbo::Table table(
      {"exhibit", "like", "log", "elbo", "elbo_se", "log_evidence", "log_evidence_se", "steps"});
  elbo::Matrix<float> samples(run.model.pixels,
                              samples_shown * static_cast<Index>(verdicts.size()));
  Index filled = 0;
  for (const Verdict& v : verdicts) {
    const elbo::Average bound(v.elbo), evidence(v.evidence);
    table.add({number_of(v.exhibit->card.name), number_of(v.exhibit->like), v.logged, bound.mean,
               bound.standard_error, evidence.mean, evidence.standard_error,
               static_cast<double>(v.steps)});
    samples.middleCols(filled, samples_shown) = v.samples;
    filled += samples_shown;

    std::string name = v.exhibit->card.name;
    std::replace(name.begin(), name.end(), '-', '_');
    run.report.result(name + "_log", v.logged);
    run.report.result(name + "_elbo", bound.mean);
    run.report.result(name + "_elbo_se", bound.standard_error);
    run.report.result(name + "_log_evidence", evidence.mean);
    run.report.result(name + "_log_evidence_se", evidence.standard_error);
  }
  run.report.csv("museum", table);
  run.report.sheet("museum_samples", samples, run.grey.test.rows, run.grey.test.cols,
                   samples_shown);
}

}  // namespace chapter
