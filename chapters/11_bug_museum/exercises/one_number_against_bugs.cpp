// One number against fourteen bugs. In this little VAE all is known: the code z has the prior
// N(0, 1), and an image has four grey pixels, each N(z, 1) given z, independently. A program
//
//     logged(x, mean, log_variance, draw)
//
// prints a bound in nats for the image x (4 numbers), if the encoder says
// N(mean, exp(log_variance)). Its noise is its own: draw = 0, 1, 2 ... are independent repetitions.
// A right program prints the bound of one draw or that of FIVE, and you are not told which. On
// average the first is the ELBO and the second lies above it                   eq:museum-correct
//
// Write a diagnostic: a number that is not negative, near 0 for a program that is right and far
// from 0 for one that is wrong. You choose the images, the encoder's answers and how many draws.
//
// The check holds it to four right programs, takes three times the largest of their numbers for a
// threshold, and counts the bugs above it: ten of the museum's and four relatives. Score to beat:
// 12 of 14. The rule that a bound is never above log p(x) finds 8.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Program =
    std::function<double(const Eigen::VectorXd& x, double mean, double log_variance, int draw)>;

double one_number_against_bugs(const Program& logged) {
  // --- Your turn ---
  (void)logged;
  return NAN;
}
