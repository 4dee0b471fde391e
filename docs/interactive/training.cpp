// Chapter 5's training, in the page: see Session. One model at a time.
#include <algorithm>
#include <cmath>
#include <memory>
#include <stdexcept>
#include <string>

#include "append.hpp"
#include "calls.hpp"
#include "training_session.hpp"

namespace interactive {
namespace {

using elbo::Index;
using elbo::Matrix;

std::unique_ptr<Session> current;

Session& session() {
  if (!current)
    throw std::invalid_argument("training: wanted training_reset first, found no model");
  return *current;
}

// 0: the book's digits, 1: the reader's; dimensions of the code; beta; seed
// -> pictures to learn from, held out, rows, columns, whether there are labels, parameters
Numbers reset(const Numbers& a) {
  const Wish wish{a[0] == 0 ? Origin::book : Origin::reader, static_cast<Index>(a[1]), a[2],
                  static_cast<std::uint64_t>(a[3])};
  current.reset();  // one model's memory
  current = std::make_unique<Session>(wish);
  const Pictures& data = current->data;
  return {static_cast<double>(data.order.size() - data.held_out),
          static_cast<double>(data.held_out),
          static_cast<double>(data.images.rows),
          static_cast<double>(data.images.cols),
          data.images.labels.empty() ? 0.0 : 1.0,
          static_cast<double>(current->vae.parameters.size())};
}

// mini-batches -> so far: epochs, mini-batches
Numbers steps(const Numbers& a) {
  try {
    session().train(std::lround(a[0]));
  } catch (const std::runtime_error& error) {  // its advice is for a command line
    const std::string text = error.what();
    throw std::runtime_error(text.substr(0, text.find(": try")) +
                             ": reset, and try a smaller beta or another seed");
  }
  return {session().epochs(), static_cast<double>(session().so_far().steps)};
}

// -> pictures a second, in training alone
Numbers speed(const Numbers&) {
  const Session::Sums& sums = session().so_far();
  return {sums.seconds > 0 ? sums.seen / sums.seconds : 0};
}

Numbers curve(const Numbers&) {
  return session().curve;
}

Numbers held_curve(const Numbers&) {
  return session().held_curve;
}

// Of the code's dimensions two that say most about a picture, by the mean of their KL: -> the two,
// numbered from 1, and their nats; then, for each picture held out, the means of its bet in these
// two, and its label or -1.
Numbers codes(const Numbers&) {
  Session& now = session();
  const auto q = now.vae.encode(now.held);
  const elbo::Vector<float> nats = kl_by_dimension(q).rowwise().mean();
  const auto [a, b] = now.show(nats);
  Numbers out = {static_cast<double>(a + 1), static_cast<double>(b + 1),
                 static_cast<double>(nats(a)), static_cast<double>(nats(b))};
  const std::vector<std::uint8_t>& labels = now.data.images.labels;
  for (Index i = 0; i < q.mean.cols(); ++i) {
    const std::size_t picture = now.data.held(static_cast<std::size_t>(i));
    out.insert(out.end(), {static_cast<double>(q.mean(a, i)), static_cast<double>(q.mean(b, i)),
                           labels.empty() ? -1.0 : static_cast<double>(labels[picture])});
  }
  return out;
}

// pictures a row -> a row of pictures held out, a row rebuilt from the means of their bets, and
// four rows of samples
Numbers sheet(const Numbers& a) {
  const Session& now = session();
  const Index wide = std::lround(a[0]);
  const Matrix<float> x = now.held.leftCols(std::min(wide, now.held.cols()));
  const Matrix<float> z =
      elbo::Random(1, elbo::Stream::prior).normal<float>(now.vae.latent(), 4 * wide);
  Numbers out;
  append(x, out);
  append(now.vae.decode_mean(now.vae.encode(x).mean), out);
  append(now.vae.decode_mean(z), out);
  return out;
}

// first, count -> the pictures that are learned from, from `first` on, as they are stored
Numbers digits(const Numbers& a) {
  const Pictures& data = session().data;
  Numbers out;
  const auto first = static_cast<std::size_t>(a[0]), end = first + static_cast<std::size_t>(a[1]);
  for (std::size_t i = first; i < std::min(end, data.order.size()); ++i) {
    const auto pixel =
        data.images.pixels.begin() + data.images.dimension() * static_cast<Index>(data.order[i]);
    out.insert(out.end(), pixel, pixel + data.images.dimension());
  }
  return out;
}

Numbers give_file(Bytes bytes) {
  const Numbers found = take_pictures(bytes);
  current.reset();  // it may have looked at the pictures of before
  return found;
}

}  // namespace

Calls training_calls() {
  const std::vector<Argument> wish = {
      {"origin", 0, 1, whole}, {"latent", 2, 32, whole}, {"beta", 0, 100}, {"seed", 0, 1e6, whole}};
  return {{"training_reset", {wish, reset}},
          {"training_steps", {{{"mini-batches", 1, 10000, whole}}, steps}},
          {"training_speed", {{}, speed}},
          {"training_curve", {{}, curve}},
          {"training_held_curve", {{}, held_curve}},
          {"training_codes", {{}, codes}},
          {"training_sheet", {{{"pictures a row", 1, 20, whole}}, sheet}},
          {"training_digits", {{{"first", 0, 1e6, whole}, {"count", 1, 100, whole}}, digits}}};
}

Gifts training_gifts() {
  return {{"training_file", give_file}};
}

}  // namespace interactive
