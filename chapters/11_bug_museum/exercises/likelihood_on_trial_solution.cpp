// Several pixels and images, small logits and huge ones of both signs: against a sum over pixels of
// log sigmoid(+-logit), in a form that does not overflow.
#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <functional>

using Likelihood =
    std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& x, const Eigen::MatrixXd& logits)>;

bool likelihood_on_trial(const Likelihood& log_prob) {
  Eigen::MatrixXd x(3, 4), logits(3, 4);
  x << 1, 0, 1, 0, 0, 0, 1, 1, 1, 1, 0, 1;
  logits << 0.7, -1.2, 800, -800, 2, 0.3, -0.4, 900, -3, 1.5, 0.1, -700;
  Eigen::RowVectorXd right = Eigen::RowVectorXd::Zero(4);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    const double in_favour = x(i) == 1 ? logits(i) : -logits(i);
    right(i / 3) += std::min(0.0, in_favour) - std::log1p(std::exp(-std::abs(in_favour)));
  }
  const Eigen::RowVectorXd said = log_prob(x, logits);
  return said.size() == 4 && ((said - right).array().abs() < 1e-6).all();
}
