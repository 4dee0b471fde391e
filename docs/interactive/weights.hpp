// Models from safetensors files that a page has fetched. The library's own reader knows every such
// file and needs a JSON parser, which would make the C++ that a page fetches a third larger. Here
// one file is wanted, so its header can be foretold: each array is looked for as the library
// writes it, and anything else is refused.
#pragma once

#include <string>
#include <vector>

#include "calls.hpp"
#include "elbo/types.hpp"

namespace interactive {

/// An array of floats: its name and shape.
struct Wanted {
  std::string name;
  elbo::Index rows, cols;
};

/// The file's arrays, if they are these, in this order, and no others. Throws std::runtime_error in
/// one line: source, wanted, found.
std::vector<elbo::Matrix<float>> read_weights(Bytes bytes, const std::string& source,
                                              const std::vector<Wanted>& wanted);

/// Fills the model's parameters, or throws as read_weights does and leaves them alone.
template <class Model>
void load(Bytes bytes, const std::string& source, Model& model) {
  std::vector<Wanted> wanted;
  for (const auto& [name, slice] : model.layout().slices()) {
    wanted.push_back({name, slice.rows, slice.cols});
  }
  const std::vector<elbo::Matrix<float>> found = read_weights(bytes, source, wanted);
  auto next = found.begin();
  for (const auto& [name, slice] : model.layout().slices()) slice.in(model.parameters) = *next++;
}

}  // namespace interactive
