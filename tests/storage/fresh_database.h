// FreshDatabase: a migrated database for one test, made from a template and dropped at its end; and
// plain SQL for asking what is really in it.
#pragma once

#include <string>
#include <vector>

namespace mishap {

class FreshDatabase {
 public:
  enum class Content { kMigrated, kEmpty };
  explicit FreshDatabase(Content content = Content::kMigrated);
  ~FreshDatabase();
  FreshDatabase(const FreshDatabase&) = delete;
  FreshDatabase& operator=(const FreshDatabase&) = delete;

  const std::string& ConnInfo() const { return conninfo_; }
  // Runs one statement on a connection of its own; throws on an error. Values as text, "" for null.
  std::vector<std::vector<std::string>> Rows(const std::string& sql) const;
  // The only value of the only row.
  std::string Value(const std::string& sql) const;
  long Number(const std::string& sql) const { return std::stol(Value(sql)); }
  // All rows of a statement as text, one line each: for comparing two databases.
  std::string Dump(const std::string& sql) const;

 private:
  std::string name_;
  std::string conninfo_;
};

}  // namespace mishap
