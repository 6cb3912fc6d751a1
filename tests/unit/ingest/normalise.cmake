# Tests of normalising and scrubbing, included by CMakeLists.txt.
mishap_test(NAME ingest_normalise_test LABEL unit
  SOURCES inbound_filter_test.cc normalise_test.cc normalise_stacks_test.cc normalise_text_test.cc normalise_user_agent_test.cc scrub_test.cc
          scrub_text_test.cc
  DEPS ingest)
mishap_test(NAME ingest_lenient_test LABEL unit
  SOURCES lenient/forms.cc lenient/people_test.cc lenient/stacks_test.cc lenient/top_level_test.cc
  DEPS ingest)
