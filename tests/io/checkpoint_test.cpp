// Checkpoints: a run that stopped anywhere ends with the same bits, and a file that is not this
// run's is refused, left alone, and changes nothing.
#include "elbo/checkpoint.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <stdexcept>

#include "elbo/safetensors.hpp"
#include "elbo/sha256.hpp"
#include "scratch.hpp"

using namespace elbo;

namespace {

const VaeOptions small{.pixels = 9, .hidden = {5}, .latent = 2};
const TrainingOptions brief{
    .epochs = 3, .batch = 20, .samples = 2, .seed = 5, .schedule = Schedule::cosine};

struct Stop {};

template <class T>
bool same(const Vector<T>& a, const Vector<T>& b) {
  return a.size() == b.size() &&
         std::memcmp(a.data(), b.data(), sizeof(T) * static_cast<std::size_t>(a.size())) == 0;
}

// A run of three epochs of four steps; its second epoch halves the learning rate.
template <class T>
struct Trial {
  Matrix<T> x = Random(3, Stream::data).uniform<T>(9, 70);
  Threads threads{1};
  Vae<T> vae{small, 1};
  Adam<T> adam{vae.parameters.size()};
  Trainer<T, Vae> trainer{vae, adam, brief, threads};
  Table history{"epoch", "elbo"};

  RunState<T> state() { return {vae.parameters, vae.layout(), adam, trainer.progress, history}; }

  void train(const OnStep& on_step = {}) {
    const auto on_epoch = [&](const Epoch& epoch) {
      history.add({double(epoch.number), epoch.elbo()});
      if (epoch.number == 2) adam.options.learning_rate /= 2;
    };
    trainer.train(DataSource<T>::from(x), on_epoch, on_step);
  }

  void train_until(long step) {
    const auto stop = [&](const Progress& at) {
      if (at.steps == step) throw Stop{};
    };
    try {
      train(stop);
    } catch (const Stop&) {
    }
  }
};

template <class T>
void check_same(Trial<T>& a, Trial<T>& b) {
  CHECK(same(a.vae.parameters, b.vae.parameters));
  CHECK(same(a.adam.m(), b.adam.m()));
  CHECK(same(a.adam.v(), b.adam.v()));
  CHECK(a.adam.steps() == b.adam.steps());
  CHECK(a.adam.options.learning_rate == b.adam.options.learning_rate);
  CHECK(a.trainer.progress.steps == b.trainer.progress.steps);
  CHECK(a.trainer.progress.epochs == b.trainer.progress.epochs);
  for (std::size_t c = 0; c < 2; ++c) {
    CHECK(a.history.columns()[c].name == b.history.columns()[c].name);
    CHECK(a.history.columns()[c].values == b.history.columns()[c].values);
  }
}

CheckpointKey key() {
  CheckpointKey key{.program = "07_trial", .seed = 5};
  key.add("--latent", 2);
  key.add("--beta", 0.1);
  key.add("--hidden", "5");
  return key;
}

// The file with something else in it, and the sum that goes with that.
void rewrite(const std::filesystem::path& path, const std::function<void(TensorFile&)>& change) {
  TensorFile file = load_safetensors(path);
  change(file);
  file.metadata.erase("sha256");
  std::sort(file.tensors.begin(), file.tensors.end(),
            [](const Tensor& a, const Tensor& b) { return a.name < b.name; });
  file.metadata["sha256"] = sha256({to_safetensors(file)});
  save_safetensors(path, file);
}

Tensor& tensor(TensorFile& file, const std::string& name) {
  for (Tensor& each : file.tensors) {
    if (each.name == name) return each;
  }
  throw std::logic_error("no tensor " + name);
}

// Refused in one line that has these parts; neither the run nor the file has changed.
void check_refused(const std::filesystem::path& path, const CheckpointKey& wanted,
                   const std::vector<std::string>& parts) {
  const std::string before = text_of(path);
  Trial<float> run, untouched;
  run.train_until(5), untouched.train_until(5);
  const std::string said = message([&] { load_checkpoint(path, wanted, run.state()); });
  check_message(said, parts);
  CHECK(contains(said, path.string()));
  check_same(run, untouched);
  CHECK(run.trainer.progress.position == untouched.trainer.progress.position);
  CHECK(text_of(path) == before);
}

}  // namespace

TEMPLATE_TEST_CASE("a run stopped after any step ends with the same bits", "[checkpoint]", float,
                   double) {
  Scratch scratch;
  const auto path = scratch / "a.safetensors";
  Trial<TestType> whole;
  whole.train();
  REQUIRE(whole.trainer.progress.steps == 12);
  for (long step = 0; step <= 12; ++step) {  // 4, 8 and 12: an epoch's last, before its callback
    INFO("stopped after step " << step);
    Trial<TestType> first, second;
    if (step > 0) first.train_until(step);
    save_checkpoint(path, key(), first.state());
    load_checkpoint(path, key(), second.state());
    check_same(first, second);
    second.train();
    check_same(whole, second);
  }
  Trial<TestType> finished;
  save_checkpoint(path, key(), whole.state());
  load_checkpoint(path, key(), finished.state());
  finished.train();
  check_same(whole, finished);
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"a.safetensors"});
}

TEST_CASE("what a checkpoint holds", "[checkpoint]") {
  Scratch scratch;
  Trial<float> run;
  run.train_until(6);
  save_checkpoint(scratch / "a", key(), run.state());
  const TensorFile file = load_safetensors(scratch / "a");
  for (const std::string prefix : {"parameters/", "adam/m/", "adam/v/"}) {
    CHECK(file.find(prefix + "encoder.0.weight")->shape == TensorShape{5, 9});
    CHECK(file.find(prefix + "encoder.0.bias")->shape == TensorShape{5, 1});
  }
  const auto weight = to_matrix<float>(*file.find("parameters/encoder.0.weight"));
  CHECK(weight == run.vae.layout().slices()[0].second.in(run.vae.parameters));
  CHECK(to_values<std::int64_t>(*file.find("progress/steps")) == std::vector<std::int64_t>{6});
  CHECK(to_values<std::int64_t>(*file.find("progress/position")) == std::vector<std::int64_t>{40});
  CHECK(to_values<std::uint64_t>(*file.find("random/seed")) == std::vector<std::uint64_t>{5});
  CHECK(to_values<double>(*file.find("history/epoch")) == std::vector<double>{1});
  CHECK(file.metadata.at("program") == "07_trial");
  CHECK(file.metadata.at("--latent") == "2");
  CHECK(file.metadata.at("--beta") == "0.1");
  CHECK(file.metadata.at("--seed") == "5");
}

TEST_CASE("a checkpoint of another run is refused", "[checkpoint]") {
  Scratch scratch;
  const auto path = scratch / "a.safetensors";
  Trial<float> run;
  run.train_until(7);
  save_checkpoint(path, key(), run.state());

  CheckpointKey other = key();
  other.settings[0].second = "3";
  check_refused(path, other, {"made with --latent 2, this run has --latent 3", "; give"});
  other = key(), other.seed = 6;
  check_refused(path, other, {"made with --seed 5, this run has --seed 6"});
  other = key(), other.program = "08_other";
  check_refused(path, other, {"made with program 07_trial, this run has program 08_other"});
  other = key(), other.add("--more", 1);
  check_refused(path, other, {"made with no --more, this run has --more 1"});
  other = key(), other.settings.pop_back();
  check_refused(path, other, {"made with --hidden 5, this run has no --hidden"});

  Vae<float> wide({.pixels = 9, .hidden = {6}, .latent = 2}, 1);
  Adam<float> adam(wide.parameters.size());
  Progress progress;
  save_checkpoint<float>(path, key(),
                         {wide.parameters, wide.layout(), adam, progress, run.history});
  check_refused(path, key(), {"parameters/encoder.0.weight", "F32 [5, 9]", "F32 [6, 9]"});
  Trial<double> twice;
  save_checkpoint(path, key(), twice.state());
  check_refused(path, key(), {"parameters/encoder.0.weight", "F32", "F64"});
}

TEST_CASE("a checkpoint that is not whole, or none, is refused", "[checkpoint]") {
  Scratch scratch;
  const auto path = scratch / "a.safetensors";
  Trial<float> run;
  run.train_until(7);
  save_checkpoint(path, key(), run.state());
  const std::string whole = text_of(path);
  const auto put = [&](const std::string& bytes) {
    write_bytes(path, {bytes.begin(), bytes.end()});
  };

  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, std::size_t{500}, whole.size() / 2, whole.size() - 1}) {
    put(whole.substr(0, length));
    check_refused(path, key(), {"wanted", "found", ";"});
  }
  for (std::size_t at = 0; at < whole.size(); at += 97) {  // a bit, anywhere
    INFO("byte " << at);
    std::string spoilt = whole;
    spoilt[at] = static_cast<char>(spoilt[at] ^ 1);
    put(spoilt);
    check_refused(path, key(), {"; "});
  }
  std::string spoilt = whole;
  spoilt.back() = static_cast<char>(spoilt.back() ^ 1);
  put(spoilt);
  check_refused(path, key(), {"corrupt", "remove it"});
  put("#!/bin/sh\necho mine\n");
  check_refused(path, key(), {"wanted"});
  save_safetensors(path, {{to_tensor("a", std::vector<float>{1})}, {{"format", "pt"}}, {}});
  check_refused(path, key(), {"a checkpoint of this book", "another safetensors file"});
}

TEST_CASE("numbers that no run writes are refused", "[checkpoint]") {
  Scratch scratch;
  const auto path = scratch / "a.safetensors";
  Trial<float> run;
  run.train_until(7);
  save_checkpoint(path, key(), run.state());
  const std::string whole = text_of(path);
  const auto check = [&](const std::vector<std::string>& parts, const auto& change) {
    write_bytes(path, {whole.begin(), whole.end()});
    rewrite(path, change);
    check_refused(path, key(), parts);
  };
  check({"version 1", "found 2"}, [](TensorFile& f) { f.metadata["version"] = "2"; });
  check({"version 1", "found none"}, [](TensorFile& f) { f.metadata.erase("version"); });
  check({"tensors, found"}, [](TensorFile& f) { f.tensors.pop_back(); });
  check({"tensors, found"},
        [](TensorFile& f) { f.tensors.push_back(to_tensor("b", std::vector<float>{1})); });
  check({"another", "line\\n"}, [](TensorFile& f) { f.metadata["another"] = "line\n"; });
  const float nan = std::numeric_limits<float>::quiet_NaN();
  for (const std::string name :
       {"parameters/decoder.0.weight", "adam/m/encoder.0.bias", "adam/v/decoder.1.bias"}) {
    check({"finite", name},
          [&](TensorFile& f) { std::memcpy(tensor(f, name).bytes.data(), &nan, 4); });
  }
  for (const std::string name : {"adam/steps", "progress/epochs", "progress/position"}) {
    check({name, "found -1"}, [&](TensorFile& f) { tensor(f, name).bytes.assign(8, '\xff'); });
  }
  check({"finite", "progress/kl"},
        [](TensorFile& f) { tensor(f, "progress/kl").bytes.assign(8, '\xff'); });
  check({"history/elbo", "F64 [1]"}, [](TensorFile& f) {
    tensor(f, "history/elbo") = to_tensor("history/elbo", std::vector<double>{1, 2});
  });
  check({"history/epoch", "F64"}, [](TensorFile& f) {
    tensor(f, "history/epoch") = to_tensor("history/epoch", std::vector<float>{1});
  });
}

TEST_CASE("parameters that are no longer finite do not replace a good checkpoint", "[checkpoint]") {
  Scratch scratch;
  Trial<float> run;
  run.train_until(2);
  save_checkpoint(scratch / "a", key(), run.state());
  const std::string before = text_of(scratch / "a");
  run.vae.parameters[3] = std::numeric_limits<float>::infinity();
  check_message(message([&] { save_checkpoint(scratch / "a", key(), run.state()); }),
                {"not written", "finite", "step 2", "--learning-rate"});
  CHECK(text_of(scratch / "a") == before);
}
