// What a chapter leaves behind: claims with their verdicts, named results, tables for figures.
#pragma once

#include <initializer_list>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "elbo/dataset.hpp"
#include "elbo/options.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// One equation, held against a value that was obtained another way.
struct Claim {
  std::string label;       ///< the equation's label, as on the page and in the tests
  std::string statement;   ///< in words, with the two ways named
  double expected = 0;     ///< the value of the other way, or a bound
  double got = 0;          ///< what the equation gave
  double error = 0;        ///< how far apart, or beyond the bound
  double tolerance = 0;    ///< how far apart they may be
  bool ok = false;         ///< the verdict
  std::string relation{};  ///< printed before `expected`: "<= " or ">= " where that is a bound
};

/// A column of a CSV file: a name and its numbers.
struct Series {
  std::string name;            ///< in the first line
  std::vector<double> values;  ///< one a row
};

/// Columns filled row by row.
class Table {
 public:
  /// Columns of these names, still empty.
  explicit Table(std::initializer_list<const char*> names) {
    for (const char* name : names) columns_.push_back({name, {}});
  }
  /// Columns that are filled already, as a checkpoint has them.
  explicit Table(std::vector<Series> columns) : columns_(std::move(columns)) {}

  /// One number for each column, in their order.
  void add(std::initializer_list<double> row) {
    if (row.size() != columns_.size()) throw std::invalid_argument("Table: a row of other length");
    for (std::size_t c = 0; c < row.size(); ++c) columns_[c].values.push_back(row.begin()[c]);
  }

  /// In the order of their names.
  const std::vector<Series>& columns() const { return columns_; }

 private:
  std::vector<Series> columns_;
};

/// Gathers what a chapter finds, and writes it to the folder of --out.
class Report {
 public:
  /// Makes the output folder, so that a run that could not keep its results does not start.
  explicit Report(const Options& options);
  ~Report();

  /// |got - expected| <= tolerance.
  void claim(const std::string& label, const std::string& statement, double expected, double got,
             double tolerance);
  /// got <= bound + tolerance; the error is by how much it lies above, 0 if it does not.
  void claim_at_most(const std::string& label, const std::string& statement, double bound,
                     double got, double tolerance = 0.0);
  /// got >= bound - tolerance.
  void claim_at_least(const std::string& label, const std::string& statement, double bound,
                      double got, double tolerance = 0.0);

  /// A number for the prose and for other programs. It must be finite: JSON has no other.
  void result(const std::string& name, double value);

  /// The SHA-256 of bytes that another run is to be compared with, under a name of its own beside
  /// the results.
  void fingerprint(const std::string& name, std::string_view bytes);

  /// The data set the chapter used (chapters without data leave it out).
  void data(const Dataset& used);

  /// A line for the reader (nothing with --json).
  void say(const std::string& line) const;

  /// A part of a longer run, for the progress line on standard error: a bar on a terminal, a line
  /// in a log. `note` is what to say of it ("test ELBO -104.2").
  void progress(const std::string& what, int done, int of, const std::string& note = "") const;

  /// DIR/name.csv, numbers with all their digits. Columns of equal length.
  void csv(const std::string& name, const std::vector<Series>& columns) const;
  /// The same of a table.
  void csv(const std::string& name, const Table& table) const { csv(name, table.columns()); }
  /// DIR/name.png: pictures (D x n, values 0 .. 1, rows x cols each) as a sheet, `across` in a row.
  void sheet(const std::string& name, const Matrix<float>& pictures, Index rows, Index cols,
             Index across) const;

  /// Prints the claims, writes DIR/results.json; the exit status, 1 if a claim failed.
  int finish();

 private:
  void add(Claim claim);

  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace elbo
