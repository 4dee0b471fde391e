// How the check of an exercise speaks: which case, what was expected, what came, and what that
// usually means. The lesson ends at the first thing that is wrong: a teacher shows one at a time.
#pragma once

#include <Eigen/Core>
#include <string>
#include <vector>

#include "catch.hpp"

namespace teacher {

using Eigen::MatrixXd;

/// A wrong answer that people give: what it would be in this case, and what to ask them.
template <class Value>
struct Slip {
  Value would_be;
  std::string question;
};

/// |got - expected| <= tolerance, in every entry where they are matrices. `where` says the case in
/// the reader's words, as in "mean 1, scale 2". The first slip that `got` equals, to the same
/// tolerance, is named; where a slip's answer is right it says nothing.
void expect(const std::string& where, double got, double expected, double tolerance,
            const std::vector<Slip<double>>& slips = {});
void expect(const std::string& where, const MatrixXd& got, const MatrixXd& expected,
            double tolerance, const std::vector<Slip<MatrixXd>>& slips = {});

/// Whatever else must hold; `question` is for when it does not.
void expect_that(const std::string& where, bool holds, const std::string& question);

/// The score of an open exercise, printed and kept: as low, or as high, as the goal.
void score_at_most(const std::string& what, double score, double goal);
void score_at_least(const std::string& what, double score, double goal);

/// A number of the question, as it is written there, and what it is; right to its last digit, or
/// `within`. For the hidden test case "[.told]", which the stub passes.
void told(const std::string& written, double value, double within = 0);

}  // namespace teacher
