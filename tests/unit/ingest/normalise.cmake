# Tests of normalising and scrubbing, included by CMakeLists.txt.
mishap_test(NAME ingest_normalise_test LABEL unit
  SOURCES inbound_filter_test.cc normalise_test.cc normalise_stacks_test.cc normalise_text_test.cc normalise_user_agent_test.cc scrub_test.cc
          scrub_text_test.cc
  DEPS ingest)
