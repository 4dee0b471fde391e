// One coin is no work to list: toss all, then turn coin i and see what that alone costs. The luck
// of the others is paid only where they meddle. The second toss leans the other way from the first.
#include <Eigen/Core>
#include <functional>

using Cost = std::function<double(const Eigen::VectorXd& z)>;

Eigen::VectorXd eight_coins(const Eigen::VectorXd& logits, const Eigen::MatrixXd& u,
                            const Cost& f) {
  const Eigen::ArrayXd p = 1 / (1 + (-logits.array()).exp());
  Eigen::VectorXd slope = Eigen::VectorXd::Zero(logits.size());
  const Eigen::ArrayXd first = u.col(0);
  for (const Eigen::ArrayXd& toss : {first, Eigen::ArrayXd(1 - first)}) {
    const Eigen::VectorXd z = (toss < p).cast<double>();
    const double cost = f(z);
    for (int i = 0; i < z.size(); ++i) {
      Eigen::VectorXd turned = z;
      turned(i) = 1 - z(i);
      const double one_less_zero = (turned(i) - z(i)) * (f(turned) - cost);
      slope(i) += p(i) * (1 - p(i)) * one_less_zero / 2;
    }
  }
  return slope;
}
