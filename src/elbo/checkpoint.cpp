#include "elbo/checkpoint.hpp"

#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <stdexcept>

#include "elbo/safetensors.hpp"

namespace elbo {
namespace {

namespace fs = std::filesystem;

// Adam's options and the sums over the epoch, by name.
std::vector<std::pair<const char*, double*>> numbers_of(AdamOptions& adam, Progress& progress) {
  return {{"adam/learning_rate", &adam.learning_rate},
          {"adam/beta1", &adam.beta1},
          {"adam/beta2", &adam.beta2},
          {"adam/epsilon", &adam.epsilon},
          {"progress/reconstruction", &progress.reconstruction},
          {"progress/kl", &progress.kl},
          {"progress/seconds", &progress.seconds}};
}

template <class V>
Tensor single(const std::string& name, V value) {
  Tensor tensor = to_tensor(name, std::vector<V>{value});
  tensor.shape = {};
  return tensor;
}

template <class V>
V single(const TensorFile& file, const std::string& name) {
  return to_values<V>(file.get(name, element_type(V{}), {})).front();
}

template <class T>
void add_blocks(TensorFile& file, const std::string& prefix, const Layout& layout,
                const Vector<T>& values) {
  for (const auto& [name, slice] : layout.slices()) {
    file.tensors.push_back(to_tensor(prefix + name, slice.in(values)));
  }
}

template <class T>
Vector<T> read_blocks(const TensorFile& file, const std::string& prefix, const Layout& layout) {
  Vector<T> values = Vector<T>::Zero(layout.size());  // also between the blocks
  for (const auto& [name, slice] : layout.slices()) {
    const Matrix<T> block =
        to_matrix<T>(file.get(prefix + name, element_type(T{}), {slice.rows, slice.cols}));
    if (!block.allFinite()) {
      refuse_checkpoint(file.source,
                        "wanted finite numbers in " + prefix + name + ", found others");
    }
    slice.in(values) = block;
  }
  return values;
}

template <class T>
TensorFile to_file(const CheckpointKey& key, const RunState<T>& state) {
  TensorFile file;
  add_blocks(file, "parameters/", state.layout, state.parameters);
  add_blocks(file, "adam/m/", state.layout, state.adam.m());
  add_blocks(file, "adam/v/", state.layout, state.adam.v());
  Progress at = state.progress;
  AdamOptions options = state.adam.options;
  file.tensors.push_back(single("adam/steps", std::int64_t{state.adam.steps()}));
  file.tensors.push_back(single("progress/epochs", std::int64_t{at.epochs}));
  file.tensors.push_back(single("progress/position", static_cast<std::int64_t>(at.position)));
  file.tensors.push_back(single("progress/steps", std::int64_t{at.steps}));
  file.tensors.push_back(single("random/seed", key.seed));
  for (const auto& [name, value] : numbers_of(options, at)) {
    file.tensors.push_back(single(name, *value));
  }
  for (const Series& column : state.history.columns()) {
    file.tensors.push_back(to_tensor("history/" + column.name, column.values));
  }
  seal_checkpoint(file, key);
  return file;
}

std::int64_t count(const TensorFile& file, const std::string& name, std::int64_t most) {
  const auto value = single<std::int64_t>(file, name);
  if (value >= 0 && value <= most) return value;
  refuse_checkpoint(file.source, "wanted " + name + " between 0 and " + std::to_string(most) +
                                     ", found " + std::to_string(value));
}

Table read_history(const TensorFile& file, const Table& like) {
  std::vector<Series> columns;
  for (const Series& column : like.columns()) {
    const Tensor* const there = file.find("history/" + column.name);
    const TensorShape shape =
        columns.empty() && there != nullptr && there->shape.size() == 1
            ? there->shape
            : TensorShape{columns.empty() ? 0 : std::ssize(columns[0].values)};
    columns.push_back({column.name, to_values<double>(file.get("history/" + column.name,
                                                               ElementType::f64, shape))});
  }
  return Table(std::move(columns));
}

}  // namespace

template <class T>
void save_checkpoint(const fs::path& path, const CheckpointKey& key, const RunState<T>& state) {
  const std::string source = path.string();
  if (!state.parameters.allFinite() || !state.adam.m().allFinite() || !state.adam.v().allFinite()) {
    refuse_checkpoint(source,
                      "not written: the parameters are no longer finite at step " +
                          std::to_string(state.progress.steps),
                      "try a smaller --learning-rate, or a larger --batch");
  }
  const TensorFile file = to_file(key, state);
  try {
    save_safetensors(path, file);
  } catch (const std::runtime_error& error) {  // which speaks of --out
    const std::string said = error.what();
    throw std::runtime_error(said.substr(0, said.rfind("; ")) +
                             "; free some space, or choose another --checkpoint FILE");
  }
}

template <class T>
void load_checkpoint(const fs::path& path, const CheckpointKey& key, const RunState<T>& state) {
  const TensorFile file = load_safetensors(path);
  check_checkpoint(file, key);
  if (const auto n = to_file(key, state).tensors.size(); file.tensors.size() != n) {
    refuse_checkpoint(file.source, "wanted " + std::to_string(n) + " tensors, found " +
                                       std::to_string(file.tensors.size()));
  }
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  auto parameters = read_blocks<T>(file, "parameters/", state.layout);
  auto m = read_blocks<T>(file, "adam/m/", state.layout);
  auto v = read_blocks<T>(file, "adam/v/", state.layout);
  const auto adam_steps = static_cast<long>(count(file, "adam/steps", most));
  Progress progress{
      .epochs = static_cast<int>(count(file, "progress/epochs", std::numeric_limits<int>::max())),
      .position = static_cast<std::size_t>(count(file, "progress/position", most)),
      .steps = static_cast<long>(count(file, "progress/steps", most))};
  Adam<T> adam(state.layout.size());
  for (const auto& [name, value] : numbers_of(adam.options, progress)) {
    *value = single<double>(file, name);
    if (!std::isfinite(*value))
      refuse_checkpoint(file.source, std::string("wanted a finite ") + name);
  }
  adam.restore(std::move(m), std::move(v), adam_steps);
  Table history = read_history(file, state.history);

  state.parameters = std::move(parameters);  // from here on nothing is refused
  state.adam = std::move(adam);
  state.progress = progress;
  state.history = std::move(history);
}

template void save_checkpoint(const fs::path&, const CheckpointKey&, const RunState<float>&);
template void save_checkpoint(const fs::path&, const CheckpointKey&, const RunState<double>&);
template void load_checkpoint(const fs::path&, const CheckpointKey&, const RunState<float>&);
template void load_checkpoint(const fs::path&, const CheckpointKey&, const RunState<double>&);

}  // namespace elbo
