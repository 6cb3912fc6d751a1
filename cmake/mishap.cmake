# mishap_library(NAME event SOURCES a.cc b.cc DEPS base PACKAGES PkgConfig::X)
#   One target per room. DEPS are Mishap rooms and are public; PACKAGES are outside libraries and private.
function(mishap_library)
  cmake_parse_arguments(ARG "" "NAME" "SOURCES;DEPS;PACKAGES;PUBLIC_PACKAGES" ${ARGN})
  add_library(${ARG_NAME} STATIC ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PUBLIC mishap_options ${ARG_DEPS} ${ARG_PUBLIC_PACKAGES}
                                    PRIVATE ${ARG_PACKAGES})
endfunction()

# mishap_test(NAME base_ids_test LABEL unit SOURCES ids_test.cc DEPS base)
#   One GoogleTest program per room; ctest sees one test a program and the label is the suite (./dev test LABEL).
find_package(GTest REQUIRED)
function(mishap_test)
  cmake_parse_arguments(ARG "" "NAME;LABEL" "SOURCES;DEPS;PACKAGES" ${ARGN})
  add_executable(${ARG_NAME} ${ARG_SOURCES})
  target_link_libraries(${ARG_NAME} PRIVATE mishap_options ${ARG_DEPS} ${ARG_PACKAGES} GTest::gtest_main GTest::gmock)
  add_test(NAME ${ARG_NAME} COMMAND ${ARG_NAME} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS ${ARG_LABEL})
endfunction()
