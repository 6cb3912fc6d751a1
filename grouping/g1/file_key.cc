#include "grouping/g1/file_key.h"

#include <algorithm>
#include <array>
#include <vector>

#include "grouping/g1/chars.h"
#include "grouping/g1/content_hash.h"

namespace mishap::g1 {
namespace {

template <std::size_t N>
bool IsOneOf(std::string_view text, const std::array<std::string_view, N>& sorted_or_not) {
  return std::find(sorted_or_not.begin(), sorted_or_not.end(), text) != sorted_or_not.end();
}

constexpr std::array<std::string_view, 37> kGenericStems{
    "index",  "page",    "route",   "layout",     "template",  "mod",       "utils",
    "util",   "helpers", "helper",  "handler",    "handlers",  "types",     "model",
    "models", "view",    "views",   "controller", "service",   "services",  "store",
    "hooks",  "actions", "reducer", "selectors",  "constants", "common",    "api",
    "client", "server",  "base",    "routes",     "layouts",   "templates", "controllers",
    "stores", "type"};

constexpr std::array<std::string_view, 22> kWebSources{
    "js",     "mjs", "cjs", "jsx",  "ts",   "tsx",    "mts",      "cts", "vue", "svelte", "astro",
    "coffee", "es",  "es6", "wasm", "dart", "bundle", "jsbundle", "map", "elm", "cljs",   "hbc"};

std::string_view StripScheme(std::string_view path) {
  for (std::string_view prefix : {"webpack-internal:///", "webpack:///", "app:///", "ng:///",
                                  "package:", "capacitor://", "ionic://", "file://"}) {
    if (path.substr(0, prefix.size()) == prefix) return path.substr(prefix.size());
  }
  if (path.substr(0, 10) == "webpack://") return path.substr(10);
  return path;
}

std::string_view StripUrl(std::string_view url) {
  if (url.substr(0, 5) == "blob:") url.remove_prefix(5);
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return url;
  url.remove_prefix(scheme + 3);
  const auto slash = url.find_first_of("/?#");
  return slash == std::string_view::npos ? std::string_view{} : url.substr(slash);
}

bool IsDottedVersion(std::string_view s) {
  if (!s.empty() && s.front() == 'v') s.remove_prefix(1);
  bool dot = false;
  bool digit = false;
  for (char c : s) {
    if (c == '.')
      dot = true;
    else if (IsDigit(c))
      digit = true;
    else
      return false;
  }
  return dot && digit;
}

// A directory that a deploy made: timestamp, hash, version.
bool IsDeployName(std::string_view s) {
  const std::size_t digits = RunLength(s, 0, IsDigit);
  if (digits == s.size() && digits >= 8 && digits <= 14) return true;
  if (s.size() >= 7 && s.size() <= 40 && RunLength(s, 0, IsHex) == s.size() &&
      std::any_of(s.begin(), s.end(), IsDigit)) {
    return true;
  }
  if (s.substr(0, 7) == "version" && s.size() > 7 && RunLength(s, 7, IsDigit) == s.size() - 7) {
    return true;
  }
  return IsDottedVersion(s);
}

struct Segment {
  std::string stem;
  std::string extensions;  // with the leading dot
};

// "3f1c...0d_0.file.cart.tpl": a compiled template's hash stands before its name.
std::string_view CutLeadingHash(std::string_view stem) {
  const std::size_t hash = RunLength(stem, 0, IsHex);
  if (hash < 32 || hash >= stem.size() || !IsHexHash(stem.substr(0, hash))) return stem;
  if (stem[hash] != '_' && stem[hash] != '.' && stem[hash] != '-') return stem;
  return stem.substr(hash + 1);
}

// assets: the file lies in the directory where Vite puts bundles.
Segment SplitFile(std::string_view name, bool javascript, bool assets, bool& hashed) {
  std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) dot = name.size();
  std::size_t cut = dot;
  for (std::string_view middle : {".min", ".bundle", ".chunk"}) {
    if (cut > middle.size() && name.substr(cut - middle.size(), middle.size()) == middle) {
      cut -= middle.size();
    }
  }
  std::string_view stem = name.substr(0, cut);
  stem =
      javascript ? CutBundleHash(stem, assets, hashed) : CutHexHash(CutLeadingHash(stem), hashed);
  const bool numeric = !stem.empty() && RunLength(stem, 0, IsDigit) == stem.size();
  const bool whole_hash = stem.size() >= (javascript ? 7U : 16U) && IsHexHash(stem);
  if ((javascript && numeric) || whole_hash || (hashed && stem.empty())) {
    hashed = hashed || whole_hash;
    stem = "#";
  }
  Segment segment;
  // "12-es2015.9b1c7de0.js": a chunk's number, which the next build deals out anew.
  const std::size_t number = javascript && hashed ? RunLength(stem, 0, IsDigit) : 0;
  if (number > 0 && number < stem.size() && (stem[number] == '-' || stem[number] == '.')) {
    segment.stem = "#";
    stem.remove_prefix(number);
  }
  AppendLower(segment.stem, stem);
  AppendLower(segment.extensions, name.substr(cut));
  return segment;
}

std::string DirectoryName(std::string_view name, bool javascript) {
  if (const auto at = name.find('@', 1);
      at != std::string_view::npos && at + 1 < name.size() && IsDigit(name[at + 1])) {
    name = name.substr(0, at);  // lodash@4.17.21
  }
  bool ignored = false;
  std::string out;
  AppendLower(out, javascript ? CutBundleHash(name, false, ignored) : CutHexHash(name, ignored));
  return out;
}

// A cell of a notebook has a new path whenever it runs.
bool IsNotebookCell(const std::vector<std::string_view>& segments) {
  for (std::string_view segment : segments) {
    if (segment.substr(0, 10) == "ipykernel_" || segment.substr(0, 15) == "<ipython-input-")
      return true;
  }
  return false;
}

// Code that was made at run time has the place where it was made in its file name: PHP's
// "rule.php(22) : eval()'d code", Ruby's "(eval at /app/rules.rb:12)".
std::string_view WithoutEval(Platform platform, std::string_view path) {
  static constexpr std::string_view kRuby = "(eval at ";
  if (platform == Platform::kRuby && path.substr(0, kRuby.size()) == kRuby) {
    path.remove_prefix(kRuby.size());
    return path.substr(0, path.rfind(':'));
  }
  if (platform != Platform::kPhp) return path;
  const auto mark = path.find(") : ");
  if (mark == std::string_view::npos) return path;
  const auto open = path.rfind('(', mark);
  const bool place = open != std::string_view::npos && open > 0 &&
                     RunLength(path, open + 1, IsDigit) == mark - open - 1;
  return place ? path.substr(0, open) : path;
}

}  // namespace

bool IsUrl(std::string_view path) {
  for (std::string_view scheme : {"http://", "https://", "blob:", "applewebdata:"}) {
    if (StartsWithLower(path, scheme)) return true;
  }
  return false;
}

FileKey MakeFileKey(Platform platform, std::string_view path, bool is_url) {
  FileKey result;
  path = WithoutEval(platform, path);
  if (path.empty()) return result;
  std::string slashed(path);
  std::replace(slashed.begin(), slashed.end(), '\\', '/');
  const bool self_url = IsUrl(slashed);
  std::string_view rest = self_url ? StripUrl(slashed) : StripScheme(slashed);
  if (self_url || is_url || IsJavaScript(platform)) rest = rest.substr(0, rest.find_first_of("?#"));

  std::vector<std::string_view> segments;
  for (std::size_t from = 0; from <= rest.size();) {
    const std::size_t slash = std::min(rest.find('/', from), rest.size());
    const std::string_view segment = rest.substr(from, slash - from);
    if (!segment.empty() && segment != "." && segment != "..") segments.push_back(segment);
    from = slash + 1;
  }
  const bool ends_in_file = !segments.empty() && !rest.empty() && rest.back() != '/';
  const std::string_view last = ends_in_file ? segments.back() : std::string_view{};
  if (is_url || self_url) {
    const auto dot = last.rfind('.');
    std::string extension;
    if (dot != std::string_view::npos) AppendLower(extension, last.substr(dot + 1));
    if (!IsOneOf(extension, kWebSources)) {
      result.key = "<page>";
      result.page = true;
      return result;
    }
  }
  if (segments.empty()) return result;
  if (platform == Platform::kPython && IsNotebookCell(segments)) {
    result.key = "<notebook>";
    return result;
  }
  const bool javascript = IsJavaScript(platform);
  const bool assets = segments.size() > 1 && segments[segments.size() - 2] == "assets";
  const Segment file = SplitFile(segments.back(), javascript, assets, result.hashed);
  result.key = file.stem + file.extensions;
  const bool basename_only =
      platform == Platform::kNative || platform == Platform::kJava || platform == Platform::kCsharp;
  if (basename_only || !IsOneOf(file.stem, kGenericStems)) return result;
  for (std::size_t i = segments.size() - 1; i-- > 0;) {
    if (IsDeployName(segments[i])) continue;
    if (i == 0 && segments[i].size() == 2 && segments[i][1] == ':') break;  // a drive
    const std::string parent = DirectoryName(segments[i], javascript);
    const bool release_root =
        i + 1 < segments.size() - 1 && IsDeployName(segments[i + 1]) &&
        (parent == "releases" || parent == "deploys" || parent == "deploy" || parent == "versions");
    if (!release_root && !parent.empty()) result.key = parent + "/" + result.key;
    break;
  }
  return result;
}

std::string FolderPlace(Platform platform, std::string_view module, std::string_view path,
                        std::string_view file_key) {
  if (file_key.empty() || Contains(file_key, "/")) return {};
  std::string_view folder;
  if (platform == Platform::kNode) {
    const auto colon = module.find(':');
    if (colon == std::string_view::npos || Contains(module, "/")) return {};
    folder = module.substr(0, colon);
    folder = folder.substr(folder.rfind('.') + 1);
  } else if (platform == Platform::kRuby) {
    if (path.empty() || path.front() == '/' || Contains(path, ":") || Contains(path, ".."))
      return {};
    const auto slash = path.rfind('/');
    if (slash == std::string_view::npos) return {};
    folder = path.substr(0, slash);
    folder = folder.substr(folder.rfind('/') + 1);
  }
  static constexpr std::array<std::string_view, 7> kPlain{"src", "lib",   "app", "dist",
                                                          "out", "build", "node"};
  if (folder.empty() || folder == "." || IsOneOf(folder, kPlain) || IsDeployName(folder)) return {};
  return DirectoryName(folder, IsJavaScript(platform)).append("/").append(file_key);
}

}  // namespace mishap::g1
