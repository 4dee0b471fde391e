// Claims about a bug's damage, in the words that all exhibits share. Every comparison with the
// right program is image by image, so that easy and hard images cancel.
#pragma once

#include <string>
#include <vector>

#include "elbo/statistics.hpp"
#include "sections.hpp"

namespace chapter {

// Nats. Right programs of other seeds differ by one or two of them after a full run, by more after
// a quick one.
constexpr double luck = 8;

class Court {
 public:
  Court(const Run& run, const std::vector<Verdict>& verdicts) : run_(run), verdicts_(verdicts) {}

  /// The verdict on an exhibit; null where it was not visited.
  const Verdict* on(const std::string& name) const {
    for (const Verdict& v : verdicts_) {
      if (v.exhibit->card.name == name) return &v;
    }
    return nullptr;
  }
  const Verdict& like(const Verdict& v) const { return *on(v.exhibit->like); }

  /// The right program's value less this one's.
  static elbo::Average lost(const std::vector<double>& right, const std::vector<double>& wrong) {
    std::vector<double> difference(right);
    for (std::size_t i = 0; i < wrong.size(); ++i) difference[i] -= wrong[i];
    return elbo::Average(difference);
  }

  /// By more than so many nats beyond 5 standard errors. False if the bug were harmless.
  void costs(const Verdict& v, double nats, const std::string& words) const {
    const elbo::Average lost_bound = lost(like(v).elbo, v.elbo);
    claim_at_least(v, words + ": true ELBO lost, less 5 standard errors", nats,
                   lost_bound.mean - 5 * lost_bound.standard_error);
  }
  void costs_evidence(const Verdict& v, double nats, const std::string& words) const {
    const elbo::Average lost_evidence = lost(like(v).evidence, v.evidence);
    claim_at_least(v, words + ": log p(x) lost, less 5 standard errors", nats,
                   lost_evidence.mean - 5 * lost_evidence.standard_error);
  }
  /// Little damage, plainly said. False if it were more than any luck explains.
  void hardly_costs(const Verdict& v, const std::string& words) const {
    claim_at_most(v, words + ": log p(x) lost", luck, lost(like(v).evidence, v.evidence).mean);
  }
  /// Its log lies above log p(x), where no lower bound can be. False if it logged one.
  void breaks(const Verdict& v) const {
    claim_at_least(v, v.exhibit->card.name + ": its \"bound\" is above log p(x)",
                   elbo::Average(v.evidence).mean, v.logged);
  }
  /// The log says so many nats more than the right program with the same parameters. False if the
  /// bug were in the training alone.
  void boasts(const Verdict& v, double nats) const {
    claim_at_least(v, v.exhibit->card.name + ": its log is above the right one's of the same model",
                   nats, v.logged - v.corrected);
  }
  void understates(const Verdict& v, double nats) const {
    claim_at_least(v, v.exhibit->card.name + ": its log is below the right one's of the same model",
                   nats, v.corrected - v.logged);
  }

  void claim_at_least(const Verdict& v, const std::string& words, double bound, double got) const {
    run_.report.claim_at_least(v.exhibit->card.label, words, bound, got);
  }
  void claim_at_most(const Verdict& v, const std::string& words, double bound, double got) const {
    run_.report.claim_at_most(v.exhibit->card.label, words, bound, got);
  }
  void claim(const Verdict& v, const std::string& words, double expected, double got,
             double tolerance) const {
    run_.report.claim(v.exhibit->card.label, words, expected, got, tolerance);
  }

 private:
  const Run& run_;
  const std::vector<Verdict>& verdicts_;
};

}  // namespace chapter
