#include "ingest/admission.h"

#include <gtest/gtest.h>

namespace mishap {
namespace {

const std::string kKey(32, 'a');
const std::string kDisabled(32, 'b');
const std::string kOfDeadProject(32, 'c');
const std::string kOrphan(32, 'd');
const std::string kUnknown(32, 'e');

class FixedDirectory final : public ProjectDirectory {
 public:
  FixedDirectory() {
    auto snapshot = std::make_shared<DirectorySnapshot>();
    auto add_key = [&](const std::string& key, std::int64_t id, std::int64_t project, bool active) {
      KeyEntry& entry = snapshot->keys[key];
      entry.id = KeyId{id};
      entry.project = ProjectId{project};
      entry.public_key = key;
      entry.active = active;
    };
    add_key(kKey, 1, 42, true);
    add_key(kDisabled, 2, 42, false);
    add_key(kOfDeadProject, 3, 43, true);
    add_key(kOrphan, 4, 99, true);
    ProjectEntry& project = snapshot->projects[ProjectId{42}];
    project.id = ProjectId{42};
    project.allowed_origins = {"https://*.example.com", "localhost:3000"};
    ProjectEntry& dead = snapshot->projects[ProjectId{43}];
    dead.id = ProjectId{43};
    dead.active = false;
    snapshot_ = std::move(snapshot);
  }
  std::shared_ptr<const DirectorySnapshot> Current() const override { return snapshot_; }
  bool IsAuthoritative() const override { return authoritative; }

  bool authoritative = true;

 private:
  std::shared_ptr<const DirectorySnapshot> snapshot_;
};

TEST(Admission, KeysAndProjects) {
  FixedDirectory directory;
  struct Case {
    const char* name;
    std::string key;
    std::int64_t project;
    const char* origin;
    const char* want;  // reason, or "" for admitted
    const char* want_offline;
  };
  const Case cases[] = {
      {"good", kKey, 42, "", "", ""},
      {"without project in the URL", kKey, 0, "", "", ""},
      {"of another project", kKey, 43, "", "unknown_key", "unknown_key"},
      {"disabled", kDisabled, 42, "", "unknown_key", "unknown_key"},
      {"project disabled", kOfDeadProject, 43, "", "unknown_key", "unknown_key"},
      {"project gone", kOrphan, 99, "", "unknown_key", "unknown_key"},
      {"B17 unknown", kUnknown, 42, "", "unknown_key", "unavailable"},
      {"origin", kKey, 42, "https://app.example.com", "", ""},
      {"bad origin", kKey, 42, "https://evil.com", "origin_denied", "origin_denied"},
  };
  for (const Case& c : cases) {
    for (bool online : {true, false}) {
      directory.authoritative = online;
      auto admitted = Admit(directory, {c.key, ProjectId{c.project}, c.origin});
      std::string reason = admitted ? "" : std::string(ReasonName(admitted.error().reason));
      EXPECT_EQ(reason, online ? c.want : c.want_offline) << c.name << " online=" << online;
      if (admitted) {
        EXPECT_EQ(admitted->project->id, ProjectId{42}) << c.name;
      }
    }
  }
}

TEST(Admission, TheRefusalDoesNotTellWhatWasWrong) {
  FixedDirectory directory;
  std::string unknown = Admit(directory, {kUnknown, ProjectId{42}, ""}).error().detail;
  EXPECT_EQ(Admit(directory, {kKey, ProjectId{43}, ""}).error().detail, unknown);
  EXPECT_EQ(Admit(directory, {kDisabled, ProjectId{42}, ""}).error().detail, unknown);
}

TEST(Admission, Origins) {
  struct Case {
    const char* pattern;
    const char* origin;
    bool want;
  };
  for (const Case& c : {
           Case{"*", "https://a.com", true},
           Case{"a.com", "https://a.com", true},
           Case{"a.com", "http://A.com:8080/path?x", true},
           Case{"a.com", "https://b.com", false},
           Case{"a.com", "https://a.com.evil.com", false},
           Case{"a.com", "https://a.com@evil.com/", false},
           Case{"*.a.com", "https://x.a.com", true},
           Case{"*.a.com", "https://x.y.a.com", true},
           Case{"*.a.com", "https://a.com", false},
           Case{"*.a.com", "https://xa.com", false},
           Case{"https://a.com", "https://a.com", true},
           Case{"https://a.com", "http://a.com", false},
           Case{"https://*", "https://b.com", true},
           Case{"https://*", "http://b.com", false},
           Case{"a.com:443", "https://a.com:444", false},
           Case{"a.com:444", "https://a.com:444", true},
           Case{"a.com", "file:///etc/passwd", true},
           Case{"a.com", "null", true},
           Case{"a.com", "", true},
           Case{"[::1]", "http://[::1]:3000", true},
           Case{" a.com ", "https://a.com", true},
       }) {
    EXPECT_EQ(IsOriginAllowed(c.origin, {"other.org", c.pattern}), c.want)
        << c.pattern << " <- " << c.origin;
  }
  EXPECT_TRUE(IsOriginAllowed("https://b.com", {}));
}

}  // namespace
}  // namespace mishap
