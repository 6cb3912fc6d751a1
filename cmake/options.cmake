# Warnings, hardening and sanitizers, as one INTERFACE target that every Mishap library links.
set(MISHAP_SANITIZE "" CACHE STRING "address,undefined | thread | empty")
option(MISHAP_FUZZ "instrument everything for libFuzzer and build mishap_fuzz (clang only)" OFF)
option(MISHAP_WERROR "treat warnings as errors" ON)

add_library(mishap_options INTERFACE)
target_compile_options(mishap_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Wimplicit-fallthrough
  -fno-omit-frame-pointer
  $<$<CXX_COMPILER_ID:Clang>:-fbracket-depth=2048>  # std::to_array of a long table
  $<$<BOOL:${MISHAP_WERROR}>:-Werror>)
target_include_directories(mishap_options INTERFACE ${PROJECT_SOURCE_DIR})

if(MISHAP_FUZZ)
  target_compile_options(mishap_options INTERFACE -fsanitize=fuzzer-no-link)
endif()

if(MISHAP_SANITIZE)
  target_compile_options(mishap_options INTERFACE
    -fsanitize=${MISHAP_SANITIZE} -fno-sanitize-recover=all)
  if(MISHAP_SANITIZE STREQUAL "thread")
    target_compile_options(mishap_options INTERFACE -Wno-tsan)  # asio's fences
  elseif(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 under ASan sees uninitialized values inside fmt that are not there.
    target_compile_options(mishap_options INTERFACE -Wno-maybe-uninitialized -Wno-uninitialized)
  endif()
  target_link_options(mishap_options INTERFACE -fsanitize=${MISHAP_SANITIZE})
else()
  target_compile_options(mishap_options INTERFACE
    -fstack-protector-strong -fstack-clash-protection -fcf-protection=full
    $<$<CXX_COMPILER_ID:GNU>:-ftrivial-auto-var-init=zero>
    $<$<NOT:$<CONFIG:Debug>>:-U_FORTIFY_SOURCE$<SEMICOLON>-D_FORTIFY_SOURCE=3>)
  target_compile_definitions(mishap_options INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(mishap_options INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack)
endif()
