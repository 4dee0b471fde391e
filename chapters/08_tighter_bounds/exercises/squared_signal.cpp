// An estimate of the squared signal |E g|^2 from R gradients g of the same image, each made with
// noise of its own: the square of the numerator of the ratio in         eq:iwae-encoder-signal
//
// gradients is P x R, one column a gradient of P parameters.
//
// What is seen: fed with pure noise, whose expectation is 0, this function reports a signal. The
// larger the network, the stronger the signal; with fewer gradients it is stronger still. The
// encoder's ratio, plotted against the number of samples, then does not sink as it should. The
// average over many calls should be |E g|^2 exactly. Find what is wrong and mend it.
#include <Eigen/Core>

double squared_signal(const Eigen::MatrixXd& gradients) {
  const Eigen::VectorXd mean = gradients.rowwise().mean();
  return mean.squaredNorm();
}
