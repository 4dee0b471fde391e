// The slope in the network's output is 2 u sqrt(alpha_bar) (eps_hat - eps), one column a sample; a
// matrix product with what the network saw adds the samples up.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd noise_loss_gradient(const Eigen::MatrixXd& x0, const Eigen::MatrixXd& eps,
                                    const Eigen::RowVectorXd& alpha_bar,
                                    const Eigen::RowVectorXd& weight, const Eigen::MatrixXd& W) {
  const Eigen::RowVectorXd signal = alpha_bar.cwiseSqrt();
  const Eigen::RowVectorXd noise = (1 - alpha_bar.array()).sqrt();
  const Eigen::MatrixXd xt = x0 * signal.asDiagonal() + eps * noise.asDiagonal();

  Eigen::MatrixXd seen(W.cols(), x0.cols());
  seen << xt, (2 * (signal.array() / noise.array()).log()).matrix(),
      Eigen::RowVectorXd::Ones(x0.cols());
  const Eigen::MatrixXd guess = xt * noise.asDiagonal() + W * seen * signal.asDiagonal();
  const Eigen::RowVectorXd slope = 2 * weight.cwiseProduct(signal);
  return (guess - eps) * slope.asDiagonal() * seen.transpose();
}
