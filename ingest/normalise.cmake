# Sources of normalising and scrubbing, included by ingest/CMakeLists.txt.
set(NORMALISE_SOURCES
  normalise.cc normalise_contexts.cc normalise_mechanism.cc normalise_message.cc normalise_notes.cc normalise_request.cc
  normalise_sdk.cc normalise_stacks.cc normalise_tags.cc normalise_text.cc normalise_times.cc
  normalise_user.cc normalise_user_agent.cc normalise_versions.cc
  event_stage.cc inbound_filter.cc scrub.cc scrub_shapes.cc scrub_text.cc scrub_walk.cc)
