// A softmax whose logits are log pi_k + log N(x_i; ...). What all sources share cancels, so the
// largest logit may go before exp sees it; D log sigma_k is not shared, and stays.
#include <Eigen/Core>

Eigen::MatrixXd em_responsibilities(const Eigen::VectorXd& shares, const Eigen::MatrixXd& means,
                                    const Eigen::VectorXd& scales, const Eigen::MatrixXd& x) {
  Eigen::MatrixXd r(shares.size(), x.cols());
  for (Eigen::Index i = 0; i < x.cols(); ++i) {
    const Eigen::ArrayXd distance = (means.colwise() - x.col(i)).colwise().squaredNorm();
    const Eigen::ArrayXd logit = shares.array().log() - x.rows() * scales.array().log() -
                                 0.5 * distance / scales.array().square();
    const Eigen::ArrayXd weight = (logit - logit.maxCoeff()).exp();
    r.col(i) = weight / weight.sum();
  }
  return r;
}
