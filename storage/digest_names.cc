#include "storage/digest_names.h"

#include <algorithm>

#include "storage/release/version_columns.h"

namespace mishap {
namespace {

struct Statements {
  const char* select;
  const char* insert;
};

Statements StatementsOf(NameTable table) {
  switch (table) {
    case NameTable::kEnvironment:
      return {"digest_environment_select", "digest_environment_insert"};
    case NameTable::kRelease:
      return {"digest_release_select", "digest_release_insert"};
    case NameTable::kTagKey:
      return {"digest_tag_key_select", "digest_tag_key_insert"};
    case NameTable::kTagValue:
    case NameTable::kSize:
      break;
  }
  return {"digest_tag_value_select", "digest_tag_value_insert"};
}

// A release an event is the first to name makes itself: it becomes one of its organization, linked
// to the project (web-api 2.11).
void AdoptReleases(PqSession& pg,
                   const std::vector<std::pair<std::int64_t, std::string_view>>& added) {
  using enum PqArray::Type;
  PqArray projects(kInt8), versions(kText), packages(kText), numbers(kText), prereleases(kText),
      builds(kText);
  PqArray linked(kInt8), linked_versions(kText);
  for (const auto& [project, version] : added) {
    const auto columns = VersionColumnsOf(version);
    projects.Int8(project);
    versions.Text(version);
    packages.Text(columns.package);
    numbers.Text(columns.numbers);
    prereleases.Text(columns.prerelease);
    builds.Text(columns.build);
    linked.Int8(project);
    linked_versions.Text(version);
  }
  pg.Run("digest_release_adopt", PqParams()
                                     .Array(std::move(projects))
                                     .Array(std::move(versions))
                                     .Array(std::move(packages))
                                     .Array(std::move(numbers))
                                     .Array(std::move(prereleases))
                                     .Array(std::move(builds)));
  pg.Run("digest_release_link",
         PqParams().Array(std::move(linked)).Array(std::move(linked_versions)));
}

// Tags whose values count are those that get ids; event-unique ones stay in the payload
// (decisions 2.7).
template <class Body>
void ForEachRolledUpTag(const DigestEvent& event, Body&& body) {
  for (std::size_t i = 0; i < event.tags.size(); ++i) {
    if (i < event.tag_rolled_up.size() && event.tag_rolled_up[i]) body(event.tags[i]);
  }
}

// Those, and what is only searched.
template <class Body>
void ForEachNamedTag(const DigestEvent& event, Body&& body) {
  ForEachRolledUpTag(event, body);
  for (const NamedText& tag : event.search_tags) body(tag);
}

}  // namespace

std::int64_t NameResolver::IdOf(const NameRef& name) {
  if (const std::int64_t* id = run_.facts.names.Find(name)) return *id;
  auto it = names_.find(name);
  return it == names_.end() ? 0 : it->second;
}

void NameResolver::Collect(const NameRef& name) {
  if (run_.facts.names.Find(name) == nullptr) names_.emplace(name, 0);
}

void NameResolver::CollectTagValues() {
  for (const PendingEvent& pending : run_.events) {
    const std::int64_t project = pending.event->project.value;
    ForEachNamedTag(*pending.event, [&](const NamedText& tag) {
      const std::int64_t key = IdOf({project, NameTable::kTagKey, 0, tag.first});
      if (key == 0) return;
      Collect({project, NameTable::kTagValue, static_cast<std::int32_t>(key), tag.second});
    });
  }
}

void NameResolver::Find() {
  for (const PendingEvent& pending : run_.events) {
    const DigestEvent& event = *pending.event;
    const std::int64_t project = event.project.value;
    if (!event.environment.empty()) {
      Collect({project, NameTable::kEnvironment, 0, event.environment});
    }
    if (!event.release.empty()) Collect({project, NameTable::kRelease, 0, event.release});
    ForEachNamedTag(event, [&](const NamedText& tag) {
      Collect({project, NameTable::kTagKey, 0, tag.first});
    });
  }
  for (const PendingTyped& pending : run_.typed) {
    const std::int64_t project = pending.source->project.value;
    const TypedBody& body = pending.source->record.body;
    if (auto name = EnvironmentOf(body); !name.empty()) {
      Collect({project, NameTable::kEnvironment, 0, name});
    }
    if (auto name = ReleaseOf(body); !name.empty()) {
      Collect({project, NameTable::kRelease, 0, name});
    }
  }
  Select(NameTable::kEnvironment);
  Select(NameTable::kRelease);
  Select(NameTable::kTagKey);
  CollectTagValues();
  Select(NameTable::kTagValue);
}

std::set<std::int64_t> NameResolver::Projects() const {
  std::set<std::int64_t> projects;
  for (const auto& [name, id] : names_) {
    if (id == 0 && !IsFull(name)) projects.insert(name.project);
  }
  return projects;
}

void NameResolver::Select(NameTable table) {
  std::vector<Missing::iterator> asked;
  PqArray projects(PqArray::Type::kInt8);
  PqArray keys(PqArray::Type::kInt4);
  PqArray texts(PqArray::Type::kText);
  for (auto it = names_.begin(); it != names_.end(); ++it) {
    if (it->first.table != table || it->second != 0) continue;
    asked.push_back(it);
    projects.Int8(it->first.project);
    keys.Int4(it->first.key_id);
    texts.Text(it->first.text);
  }
  if (asked.empty()) return;
  PqParams params;
  params.Array(std::move(projects));
  if (table == NameTable::kTagValue) params.Array(std::move(keys));
  params.Array(std::move(texts));
  const PqRows found = run_.pg.Run(StatementsOf(table).select, params);
  for (int i = 0; i < found.Count(); ++i) {
    auto it = asked[static_cast<std::size_t>(found.Int8(i, 0) - 1)];
    it->second = table == NameTable::kTagValue ? found.Int8(i, 1) : found.Int4(i, 1);
  }
}

std::int64_t NameResolver::NextId(NameTable table, ProjectCounters& counters) const {
  switch (table) {
    case NameTable::kEnvironment:
      return counters.environment++;
    case NameTable::kRelease:
      return counters.release++;
    case NameTable::kTagKey:
      return counters.tag_key++;
    case NameTable::kTagValue:
    case NameTable::kSize:
      break;
  }
  return counters.tag_value++;
}

std::int64_t NameResolver::LimitOf(NameTable table) const {
  switch (table) {
    case NameTable::kEnvironment:
      return run_.limits.environments_max;
    case NameTable::kRelease:
      return run_.limits.releases_max;
    case NameTable::kTagKey:
      return run_.limits.tag_keys_max;
    default:
      return run_.limits.tag_values_per_key_max;
  }
}

bool NameResolver::IsFull(const NameRef& name) const {
  if (auto it = sizes_.find(SizeOf(name)); it != sizes_.end()) {
    return it->second >= LimitOf(name.table);
  }
  const std::int64_t* size = run_.facts.names.Find(SizeOf(name));
  return size != nullptr && *size >= LimitOf(name.table);
}

// Fills sizes_ for the dictionaries of the names that are missing. A project's own are as long as
// their numbers tell; a tag's values are counted once and remembered.
void NameResolver::CountNames(NameTable table, const Counters& counters) {
  PqArray projects(PqArray::Type::kInt8), keys(PqArray::Type::kInt4);
  std::vector<std::int64_t*> asked;
  for (const auto& [name, id] : names_) {
    if (name.table != table || id != 0) continue;
    auto locked = counters.find(name.project);
    if (locked == counters.end()) continue;  // nothing is added there
    auto [it, added] = sizes_.emplace(SizeOf(name), 0);
    if (!added) continue;
    if (table != NameTable::kTagValue) {
      ProjectCounters next = locked->second;
      it->second = NextId(table, next) - 1;
      continue;
    }
    if (const std::int64_t* known = run_.facts.names.Find(it->first)) {
      it->second = *known;
      continue;
    }
    projects.Int8(name.project);
    keys.Int4(name.key_id);
    asked.push_back(&it->second);
  }
  if (asked.empty()) return;
  const PqRows counts = run_.pg.Run(
      "digest_tag_value_count",
      PqParams().Array(std::move(projects)).Array(std::move(keys)).Int8(LimitOf(table)));
  for (int i = 0; i < counts.Count(); ++i) {
    *asked[static_cast<std::size_t>(counts.Int8(i, 0) - 1)] = counts.Int8(i, 1);
  }
}

void NameResolver::Insert(NameTable table, Counters& counters) {
  CountNames(table, counters);
  const bool is_value = table == NameTable::kTagValue;
  PqArray projects(PqArray::Type::kInt8);
  PqArray ids(is_value ? PqArray::Type::kInt8 : PqArray::Type::kInt4);
  PqArray keys(PqArray::Type::kInt4);
  PqArray texts(PqArray::Type::kText);
  std::vector<std::pair<std::int64_t, std::string_view>> added;  // releases: project and version
  for (auto& [name, id] : names_) {
    if (name.table != table || id != 0 || IsFull(name)) continue;
    auto locked = counters.find(name.project);
    if (locked == counters.end()) continue;
    id = NextId(table, locked->second);
    ++sizes_[SizeOf(name)];
    projects.Int8(name.project);
    if (is_value) {
      ids.Int8(id);
    } else {
      ids.Int4(static_cast<std::int32_t>(id));
    }
    keys.Int4(name.key_id);
    texts.Text(name.text);
    if (table == NameTable::kRelease) {
      run_.new_releases.push_back({name.project, static_cast<std::int32_t>(id), name.text});
      added.emplace_back(name.project, name.text);
    }
  }
  if (projects.Count() == 0) return;
  PqParams params;
  params.Array(std::move(projects)).Array(std::move(ids));
  if (is_value) params.Array(std::move(keys));
  params.Array(std::move(texts));
  run_.pg.Run(StatementsOf(table).insert, params);
  if (table == NameTable::kRelease) AdoptReleases(run_.pg, added);
}

void NameResolver::Create(Counters& counters) {
  for (NameTable table : {NameTable::kEnvironment, NameTable::kRelease, NameTable::kTagKey}) {
    Select(table);
    Insert(table, counters);
  }
  CollectTagValues();  // now that every key has its id
  Select(NameTable::kTagValue);
  Insert(NameTable::kTagValue, counters);
}

void NameResolver::Apply() {
  for (PendingEvent& pending : run_.events) {
    const DigestEvent& event = *pending.event;
    const std::int64_t project = event.project.value;
    if (!event.environment.empty()) {
      pending.environment =
          static_cast<std::int32_t>(IdOf({project, NameTable::kEnvironment, 0, event.environment}));
    }
    if (!event.release.empty()) {
      pending.release =
          static_cast<std::int32_t>(IdOf({project, NameTable::kRelease, 0, event.release}));
    }
    ForEachRolledUpTag(event, [&](const NamedText& tag) {
      const auto key = static_cast<std::int32_t>(IdOf({project, NameTable::kTagKey, 0, tag.first}));
      if (key == 0) return;
      pending.tags.push_back({key, IdOf({project, NameTable::kTagValue, key, tag.second})});
    });
    for (const NamedText& tag : event.search_tags) {
      const auto key = static_cast<std::int32_t>(IdOf({project, NameTable::kTagKey, 0, tag.first}));
      if (key == 0) continue;
      pending.search_values.push_back(IdOf({project, NameTable::kTagValue, key, tag.second}));
    }
  }
  for (PendingTyped& pending : run_.typed) {
    const std::int64_t project = pending.source->project.value;
    const TypedBody& body = pending.source->record.body;
    auto id_of = [&](NameTable table, std::string_view name) {
      return name.empty() ? 0 : static_cast<std::int32_t>(IdOf({project, table, 0, name}));
    };
    pending.environment = id_of(NameTable::kEnvironment, EnvironmentOf(body));
    pending.release = id_of(NameTable::kRelease, ReleaseOf(body));
  }
  for (const auto& [name, id] : names_) {
    if (id != 0) run_.staged.names.emplace_back(Name(name), id);
  }
  for (const auto& [name, size] : sizes_) run_.staged.names.emplace_back(Name(name), size);
}

}  // namespace mishap
