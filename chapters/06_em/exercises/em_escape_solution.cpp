// A source that shares its cloud would hardly be missed; a point that nobody explains wants one. EM
// cannot carry the one to the other, since the way leads downhill. So lift it over, and stay if
// that pays.
#include <Eigen/Core>
#include <utility>

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::RowVectorXd;

struct Fit {
  MatrixXd means, r;     // r: the responsibilities, sources x n
  RowVectorXd log_prob;  // of each point, but for a constant
};

Fit climb(const MatrixXd& x, MatrixXd means) {
  MatrixXd r(means.cols(), x.cols());
  RowVectorXd log_prob;
  for (int turn = 0; turn < 40; ++turn) {
    for (Index k = 0; k < means.cols(); ++k) {
      r.row(k) = -0.5 * (x.colwise() - means.col(k)).colwise().squaredNorm();
    }
    const RowVectorXd top = r.colwise().maxCoeff();
    r.rowwise() -= top;
    r = r.array().exp();
    const RowVectorXd sum = r.colwise().sum();
    r.array().rowwise() /= sum.array();
    log_prob = top.array() + sum.array().log();
    means = x * r.transpose();
    means.array().rowwise() /= r.rowwise().sum().transpose().array() + 1e-300;
  }
  return {means, r, log_prob};
}

}  // namespace

Eigen::MatrixXd em_escape(const Eigen::MatrixXd& x, int sources) {
  Fit best = climb(x, x.leftCols(sources));
  for (;;) {
    // What the points lose in log p(x) without a source: the others have 1 - r of the density.
    const Eigen::VectorXd worth = -(1 - best.r.array()).max(1e-300).log().rowwise().sum();
    Index useless = 0, lonely = 0;
    worth.minCoeff(&useless);
    best.log_prob.minCoeff(&lonely);
    MatrixXd moved = best.means;
    moved.col(useless) = x.col(lonely);
    Fit next = climb(x, moved);
    if (next.log_prob.sum() < best.log_prob.sum() + 1e-6) return best.means;
    best = std::move(next);
  }
}
