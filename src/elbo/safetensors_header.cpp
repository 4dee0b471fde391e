#include "elbo/safetensors_header.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <stdexcept>

namespace elbo {
namespace {

using json = nlohmann::json;

constexpr std::uint64_t longest_header = 100'000'000;  // the format's own limit

// A piece of the header, fit to stand in a message: ASCII, one line, not too long.
std::string shown(const json& value) {
  std::string text = value.dump(-1, ' ', true, json::error_handler_t::replace);
  if (text.size() > 80) text.replace(77, text.npos, "...");
  return text;
}

// What a file of another kind gives itself away by.
std::string kind_of(std::string_view bytes) {
  if (bytes.starts_with("\x1f\x8b")) return " (a gzip file?)";
  if (bytes.starts_with("\x89PNG")) return " (a PNG picture?)";
  if (bytes.starts_with("PK\x03\x04")) return " (a ZIP file, as torch.save writes?)";
  if (bytes.starts_with("\x93NUMPY")) return " (a file of numpy.save?)";
  return "";
}

// The text of the header, once its length is credible.
std::string_view header_text(std::string_view bytes, const std::string& source) {
  std::uint64_t length = 0;
  if (bytes.size() < sizeof length) {
    refuse_safetensors(source, "8 bytes that say how long the header is",
                       std::to_string(bytes.size()));
  }
  std::memcpy(&length, bytes.data(), sizeof length);
  const std::uint64_t there = bytes.size() - sizeof length;
  if (length > there) {
    refuse_safetensors(source, std::to_string(length) + " bytes of header, as the first 8 say",
                       std::to_string(there) + kind_of(bytes));
  }
  if (length > longest_header) {
    refuse_safetensors(source, "a header of at most " + std::to_string(longest_header) + " bytes",
                       "one of " + std::to_string(length));
  }
  return bytes.substr(sizeof length, length);
}

// The header as JSON. Left alone, the parser would take a zero byte for the end, let a name stand
// twice, and follow any nesting where the format has three levels.
json parse_header(std::string_view text, const std::string& source) {
  if (!text.starts_with('{') || text.find('\0') != text.npos) {
    refuse_safetensors(source, "a header that is a JSON object", "another text");
  }
  std::vector<std::set<std::string>> keys;  // of the objects that are open
  const auto watch = [&](int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (depth > 2 && (event == Event::object_start || event == Event::array_start)) {
      refuse_safetensors(source, "a header of three levels", "a fourth");
    }
    if (event == Event::object_start) keys.emplace_back();
    if (event == Event::object_end) keys.pop_back();
    if (event == Event::key && !keys.back().insert(parsed.get<std::string>()).second) {
      refuse_safetensors(source, "each name once in the header", shown(parsed) + " twice");
    }
    return true;
  };
  try {
    return json::parse(text.begin(), text.end(), watch);
  } catch (const json::parse_error& error) {
    refuse_safetensors(source, "a header in JSON",
                       "a mistake at its byte " + std::to_string(error.byte));
  } catch (const json::exception&) {
    refuse_safetensors(source, "a header in JSON", "a number too large for any type");
  }
}

// A list of numbers 0, 1, 2, ... below 2^63.
TensorShape whole_numbers(const json& list, const std::string& what, const std::string& source) {
  const auto is_whole = [](const json& value) {
    return value.is_number_unsigned() &&
           value.get<std::uint64_t>() <= std::uint64_t{std::numeric_limits<std::int64_t>::max()};
  };
  if (!list.is_array() || !std::all_of(list.begin(), list.end(), is_whole)) {
    refuse_safetensors(source, what + " to be a list of whole numbers", shown(list));
  }
  return list.get<TensorShape>();
}

TensorPlace parse_tensor(const std::string& name, const json& fields, const std::string& source) {
  const std::string tensor = "tensor " + quoted(name);
  if (!fields.is_object() || fields.size() != 3 || !fields.contains("dtype") ||
      !fields.contains("shape") || !fields.contains("data_offsets")) {
    refuse_safetensors(source, tensor + " to have dtype, shape and data_offsets", shown(fields));
  }
  const auto* const type =
      std::find_if(std::begin(element_types), std::end(element_types),
                   [&](ElementType each) { return fields.at("dtype") == type_name(each); });
  if (type == std::end(element_types)) {
    refuse_safetensors(source, tensor + " to have dtype F32, F64, I64, U64 or U8",
                       shown(fields.at("dtype")));
  }
  const json& offsets = fields.at("data_offsets");
  const TensorShape place = whole_numbers(offsets, "data_offsets of " + tensor, source);
  if (place.size() != 2 || place[0] > place[1]) {
    refuse_safetensors(source, "data_offsets of " + tensor + " to be [begin, end]", shown(offsets));
  }
  const TensorShape shape = whole_numbers(fields.at("shape"), "shape of " + tensor, source);
  const std::optional<std::uint64_t> size = size_in_bytes(*type, shape);
  const auto found = static_cast<std::uint64_t>(place[1] - place[0]);
  if (size != found) {
    refuse_safetensors(source,
                       (size ? std::to_string(*size) : "2^64 or more") + " bytes for " + tensor +
                           " of " + describe(*type, shape),
                       "place for " + std::to_string(found));
  }
  return {{name, *type, shape, {}},
          static_cast<std::uint64_t>(place[0]),
          static_cast<std::uint64_t>(place[1])};
}

// The arrays stand one after another and fill the data: no byte is shared, none left over.
void check_places(const std::vector<TensorPlace>& places, std::uint64_t data,
                  const std::string& source) {
  std::uint64_t end = 0;
  for (const TensorPlace& place : places) {
    if (place.begin != end) {
      refuse_safetensors(source,
                         "tensor " + quoted(place.tensor.name) + " at byte " + std::to_string(end) +
                             " of the data, where the one before it ends",
                         "it at " + std::to_string(place.begin));
    }
    end = place.end;
  }
  if (end != data) {
    refuse_safetensors(source, std::to_string(end) + " bytes after the header",
                       std::to_string(data) + (data < end ? " (truncated)" : ""));
  }
}

std::map<std::string, std::string> parse_metadata(const json& words, const std::string& source) {
  if (!words.is_object() ||
      !std::all_of(words.begin(), words.end(), [](const json& word) { return word.is_string(); })) {
    refuse_safetensors(source, "__metadata__ to be an object of strings", shown(words));
  }
  return words.get<std::map<std::string, std::string>>();
}

}  // namespace

SafetensorsHeader read_safetensors_header(std::string_view bytes, const std::string& source) {
  const std::string_view text = header_text(bytes, source);
  const json entries = parse_header(text, source);
  SafetensorsHeader header;
  header.data = bytes.substr(sizeof(std::uint64_t) + text.size());
  for (const auto& [name, fields] : entries.items()) {
    if (name == metadata_key) {
      header.metadata = parse_metadata(fields, source);
    } else {
      header.places.push_back(parse_tensor(name, fields, source));
    }
  }
  std::stable_sort(header.places.begin(), header.places.end(),
                   [](const TensorPlace& a, const TensorPlace& b) {
                     return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
                   });
  check_places(header.places, header.data.size(), source);
  return header;
}

void refuse_safetensors(const std::string& source, const std::string& wanted,
                        const std::string& found) {
  throw std::runtime_error(source + ": wanted " + wanted + ", found " + found +
                           "; write the file again or choose another");
}

std::string quoted(const std::string& name) {
  return shown(name);
}

}  // namespace elbo
