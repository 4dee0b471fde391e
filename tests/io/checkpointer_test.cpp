// When a run is saved, what stops it, and what it will not touch.
#include "elbo/checkpointer.hpp"

#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <sstream>

#include "elbo/sha256.hpp"
#include "scratch.hpp"

using namespace elbo;

namespace {

struct Trial {
  Matrix<float> x = Random(3, Stream::data).uniform<float>(9, 70);
  Threads threads{1};
  Vae<float> vae{{.pixels = 9, .hidden = {5}, .latent = 2}, 1};
  Adam<float> adam{vae.parameters.size()};
  Trainer<float, Vae> trainer{vae, adam, {.epochs = 3, .batch = 20}, threads};
  Table history{"epoch"};

  Checkpointer<float> keeper(CheckpointOptions options) {
    return {std::move(options),
            {.program = "07_trial"},
            {vae.parameters, vae.layout(), adam, trainer.progress, history},
            "bin/07_trial --quick"};
  }
  void train(const OnStep& on_step) {
    trainer.train(
        DataSource<float>::from(x), [&](const Epoch& e) { history.add({double(e.number)}); },
        on_step);
  }
};

// The handlers of this process as they were.
struct Handlers {
  ~Handlers() { signal(SIGINT, SIG_DFL), signal(SIGTERM, SIG_DFL); }
};

}  // namespace

TEST_CASE("without a file nothing is kept and Ctrl-C stays as it was", "[checkpoint]") {
  struct sigaction before = {}, now = {};
  sigaction(SIGINT, nullptr, &before);
  Trial run;
  auto keeper = run.keeper({});
  CHECK(keeper.started().empty());
  CHECK_FALSE(keeper.on_step());
  keeper.finish();
  sigaction(SIGINT, nullptr, &now);
  CHECK(now.sa_handler == before.sa_handler);
}

TEST_CASE("a run is saved at its beginning, in time, and at its end", "[checkpoint]") {
  Scratch scratch;
  const Handlers handlers;
  const auto file = scratch / "a.safetensors";
  for (const double every : {0.0, 1000.0}) {
    Trial run;
    auto keeper = run.keeper({.file = file, .every = every});
    std::vector<std::string> seen = {text_of(file)};
    const OnStep on_step = keeper.on_step();
    run.train([&](const Progress& at) {
      on_step(at);
      seen.push_back(text_of(file));
    });
    keeper.finish();
    seen.push_back(text_of(file));
    CHECK(std::unique(seen.begin(), seen.end()) - seen.begin() == (every == 0 ? 14 : 2));
    Trial again;
    CHECK(contains(again.keeper({.file = file, .resume = true}).started(),
                   "going on after step 12 (epochs finished: 3)"));
    CHECK(again.vae.parameters == run.vae.parameters);
    std::filesystem::remove(file);
  }
}

TEST_CASE("a signal finishes the step, saves and stops", "[checkpoint]") {
  Scratch scratch;
  const Handlers handlers;
  Trial whole;
  whole.train({});
  for (const int kind : {SIGINT, SIGTERM}) {
    const auto file = scratch / std::to_string(kind);
    Trial run;
    auto keeper = run.keeper({.file = file});
    const OnStep on_step = keeper.on_step();
    int signal = 0;
    std::string said;
    try {
      run.train([&](const Progress& at) {
        if (at.steps == 6) raise(kind);
        on_step(at);
      });
    } catch (const Interrupted& stop) {
      signal = stop.signal, said = stop.what();
    }
    CHECK(signal == kind);
    check_message(said, {"after step 6 (epochs finished: 1)", file.string(),
                         "go on with: bin/07_trial --quick --resume"});
    struct sigaction now = {};
    sigaction(kind, nullptr, &now);
    CHECK(now.sa_handler == SIG_DFL);  // a second one kills

    Trial again;
    auto second = again.keeper({.file = file, .resume = true});
    CHECK(again.trainer.progress.steps == 6);
    again.train(second.on_step());
    CHECK(again.vae.parameters == whole.vae.parameters);
  }
}

TEST_CASE("a file that is there is not touched", "[checkpoint]") {
  Scratch scratch;
  const Handlers handlers;
  std::ofstream(scratch / "mine") << "mine";
  for (const bool resume : {false, true}) {
    Trial run;
    check_message(message([&] { run.keeper({.file = scratch / "mine", .resume = resume}); }),
                  {(scratch / "mine").string(), "wanted", "found", resume ? ";" : "--resume"});
    CHECK(text_of(scratch / "mine") == "mine");
  }
  std::filesystem::create_symlink("nowhere", scratch / "link");
  Trial run;
  CHECK(contains(message([&] { run.keeper({.file = scratch / "link"}); }), "found one"));
  CHECK(names_in(scratch.folder) == std::vector<std::string>{"link", "mine"});
}

TEST_CASE("a place that cannot be written is found at the start", "[checkpoint]") {
  Scratch scratch;
  const Handlers handlers;
  std::filesystem::permissions(
      scratch.folder, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
  Trial run;
  std::string said, nowhere;
  {
    const Unprivileged nobody;
    said = message([&] { run.keeper({.file = scratch / "a"}); });
    nowhere = message([&] { run.keeper({.file = scratch / "no/a", .resume = true}); });
  }
  check_message(said, {"cannot write", "Permission denied", "--checkpoint FILE"});
  check_message(nowhere, {"cannot write", "--checkpoint FILE"});
  CHECK_FALSE(contains(said, "--out"));
}

TEST_CASE("what killed processes left is removed, and nothing else", "[checkpoint]") {
  Scratch scratch;
  const Handlers handlers;
  const pid_t dead = fork();
  if (dead == 0) _exit(0);
  REQUIRE(waitpid(dead, nullptr, 0) == dead);
  Trial run;
  run.keeper({.file = scratch / "a"});
  const std::string mine = "a." + std::to_string(getpid()) + ".tmp";
  const std::string left = "a." + std::to_string(dead) + ".tmp";
  for (const std::string& name : {mine, left, std::string("a.x.tmp"), "b" + left}) {
    std::ofstream(scratch / name) << "half";
  }
  run.keeper({.file = scratch / "a", .resume = true});
  std::vector<std::string> wanted = {"a", mine, "a.x.tmp", "b" + left};
  std::sort(wanted.begin(), wanted.end());
  CHECK(names_in(scratch.folder) == wanted);
}

TEST_CASE("the command line of checkpoints", "[checkpoint][options]") {
  const auto parse = [](std::vector<std::string> words) {
    words.insert(words.begin(), "bin/my trial");
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    Options options("07_trial", "A chapter that is none.");
    CheckpointOptions checkpoint;
    checkpoint.add_to(options);
    options.parse(static_cast<int>(argv.size()), argv.data());
    checkpoint.check(options);
    return std::pair(checkpoint, options.command());
  };
  const auto [given, command] = parse({"--checkpoint", "it's", "--checkpoint-every", "0"});
  CHECK(given.file == "it's");
  CHECK((!given.resume && given.every == 0));
  CHECK(command == R"('bin/my trial' --checkpoint 'it'\''s' --checkpoint-every 0)");
  CHECK(parse({"--resume", "--checkpoint=a"}).first.resume);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--resume"}, {"--checkpoint-every", "1"}}) {
    check_message(message<UsageError>([&] { parse(words); }),
                  {words[0], "wanted --checkpoint FILE", "07_trial --help"});
  }
  check_message(message<UsageError>([&] { parse({"--checkpoint", ""}); }), {"wanted a file"});
  check_message(message<UsageError>([&] { parse({"--resume=no"}); }), {"wanted no value"});
}

TEST_CASE("a chapter that is interrupted exits with 128 + the signal", "[options]") {
  std::ostringstream caught;
  std::streambuf* const before = std::cerr.rdbuf(caught.rdbuf());
  const int status = run_chapter("07_trial", []() -> int { throw Interrupted(SIGINT, "saved"); });
  std::cerr.rdbuf(before);
  CHECK(status == 130);
  CHECK(caught.str() == "07_trial: saved\n");
}

TEST_CASE("SHA-256 of the standard's examples", "[checkpoint]") {  // FIPS 180-4, by NIST
  CHECK(sha256({}) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256({"a", "", "bc"}) ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
