// An autoencoder with tied weights: one d x D matrix W is the encoder, and turned over it is the
// decoder, so that z = W x and the picture drawn is W^T z. Over n pictures the error is
//
//   J(W) = (1/n) sum over n of  || t_n - W^T W x_n ||^2
//
// Write its gradient dJ/dW, d x D like W. The targets t need not be the pictures x. Start at the
// picture drawn, and go back by the chain rule:                             eq:autoencoder-gradient
//
// One column a sample: x and t are D x n.
#include <Eigen/Core>
#include <cmath>

Eigen::MatrixXd tied_weights_gradient(const Eigen::MatrixXd& w, const Eigen::MatrixXd& x,
                                      const Eigen::MatrixXd& t) {
  // --- Your turn ---
  (void)x, (void)t;
  return Eigen::MatrixXd::Constant(w.rows(), w.cols(), NAN);
}
