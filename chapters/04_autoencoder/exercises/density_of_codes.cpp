// A plain autoencoder does not say where its codes are. State it afterwards. You get its codes of
// some training pictures, `codes`, d x n, and give back the logarithm of a density at each column
// of `points`, d x m. The result is 1 x m, in nats. Who has a good density can also draw from it,
// and meets no holes.
//
// It is tried on two toy sets of codes, a ring and streaks, of d = 2 numbers each: you get 400, and
// are judged by 2000 more that you are not shown. Your gain is the mean of your log-density over
// these, less that of the normal that the page fits to `codes`:                     eq:holes-fitted
//
// The score to beat: the smaller of the two gains is at least 1.2 nats a code.
//
// And it must be a density: its integral is 1, it is finite everywhere, if ever so small, and what
// it says of one point hangs on no other point.
#include <Eigen/Core>
#include <cmath>

Eigen::RowVectorXd density_of_codes(const Eigen::MatrixXd& codes, const Eigen::MatrixXd& points) {
  // --- Your turn ---
  (void)codes;
  return Eigen::RowVectorXd::Constant(points.cols(), NAN);
}
