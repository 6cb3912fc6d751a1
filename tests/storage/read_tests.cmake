# The API's queries, through its dispatch (tests/storage/CMakeLists.txt includes this).
find_package(Boost 1.81 REQUIRED CONFIG COMPONENTS json)
mishap_test(NAME storage_read_test LABEL storage
  SOURCES read_fixture.cc read_issues_test.cc read_events_test.cc release_test.cc project_test.cc settings_audit_test.cc list_parts_test.cc
  DEPS api storage storage_fixture PACKAGES Boost::json PkgConfig::PQ)
mishap_test(NAME storage_triage_test LABEL storage
  SOURCES read_fixture.cc triage_transitions_test.cc triage_people_test.cc bulk_change_test.cc commit_fix_test.cc merge_people_test.cc
  DEPS api storage storage_fixture PACKAGES Boost::json PkgConfig::PQ)
mishap_test(NAME storage_search_test LABEL storage
  SOURCES read_fixture.cc search_random_test.cc search_test.cc ${PROJECT_SOURCE_DIR}/tests/unit/api/search_tree_text.cc
  DEPS api storage storage_fixture PACKAGES Boost::json PkgConfig::PQ)
mishap_test(NAME storage_explore_test LABEL storage SOURCES read_fixture.cc explore_test.cc
  DEPS api storage storage_fixture PACKAGES Boost::json PkgConfig::PQ)
