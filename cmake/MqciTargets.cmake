# Helpers that take names only: rooms, tests, fuzzers, benchmarks.

# Warnings, reproducible arithmetic and sanitizers, the same for every target of ours.
add_library(mqci_flags INTERFACE)
target_compile_definitions(mqci_flags INTERFACE _GNU_SOURCE MQCI_VERSION="${PROJECT_VERSION}")
target_compile_options(mqci_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wundef
  -Wwrite-strings -Wcast-qual
  $<$<C_COMPILER_ID:GNU>:-Wno-format-truncation> # paths are bounded where they enter
  -ffp-contract=off -fno-fast-math $<$<CONFIG:Debug>:-O1>)
if(MQCI_SANITIZE)
  target_compile_options(mqci_flags INTERFACE -fsanitize=${MQCI_SANITIZE} -fno-omit-frame-pointer -g
                         -fno-sanitize-recover=all)
  target_link_options(mqci_flags INTERFACE -fsanitize=${MQCI_SANITIZE})
endif()
if(MQCI_FUZZERS) # without it the fuzzer sees only its own file
  target_compile_options(mqci_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(MQCI_COVERAGE)
  target_compile_options(mqci_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(mqci_flags INTERFACE --coverage)
endif()

# mqci_known_leaks(TEST): under a sanitizer, what libraries keep or lose is not held against the test.
function(mqci_known_leaks test)
  if(MQCI_SANITIZE)
    set_tests_properties(${test} PROPERTIES ENVIRONMENT
      "LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/known-leaks.txt:print_suppressions=0")
  endif()
endfunction()

# mqci_room(NAME SOURCES ... LIBRARIES ... USES lower rooms): one folder of engine/.
# Every .c file on disk must be listed; a forgotten one stops the configuration.
function(mqci_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LIBRARIES;USES" ${ARGN})
  file(GLOB on_disk RELATIVE ${CMAKE_CURRENT_SOURCE_DIR} CONFIGURE_DEPENDS *.c)
  foreach(file ${on_disk})
    if(NOT file IN_LIST ROOM_SOURCES)
      message(FATAL_ERROR "engine/${name}/${file} is on disk but not in engine/${name}/CMakeLists.txt")
    endif()
  endforeach()
  if(NOT ROOM_SOURCES)
    return()
  endif()
  add_library(mq_${name} STATIC ${ROOM_SOURCES})
  set_target_properties(mq_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
  target_include_directories(mq_${name} PUBLIC ${PROJECT_SOURCE_DIR}/engine ${PROJECT_SOURCE_DIR}/include)
  foreach(lower ${ROOM_USES})
    target_link_libraries(mq_${name} PUBLIC mq_${lower})
  endforeach()
  target_link_libraries(mq_${name} PRIVATE mqci_flags PUBLIC ${ROOM_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY MQCI_ROOM_OBJECTS $<TARGET_OBJECTS:mq_${name}>)
  set_property(GLOBAL APPEND PROPERTY MQCI_ROOM_LIBRARIES ${ROOM_LIBRARIES})
endfunction()

# mqci_test(NAME ROOM [EXTRA ...]): tests/<room>/test_<name>.c, a cmocka program over a room and those below it.
function(mqci_test name room)
  cmake_parse_arguments(TEST "" "" "EXTRA" ${ARGN})
  if(NOT TARGET mq_${room})
    return()
  endif()
  add_executable(test_${name} test_${name}.c ${TEST_EXTRA})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE MQCI_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(test_${name} PRIVATE mqci_flags mq_${room} PkgConfig::CMOCKA m)
  add_test(NAME ${room}.${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  mqci_known_leaks(${room}.${name})
endfunction()

# mqci_failing_test(NAME): the test of that name gets the allocations of our objects through tests/failing.h.
function(mqci_failing_test name)
  if(TARGET test_${name})
    target_link_options(test_${name} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc)
  endif()
endfunction()

# mqci_fuzz(NAME ROOM): tests/fuzz/fuzz_<name>.c with LLVMFuzzerTestOneInput. Always built as a replayer that runs the
# committed corpus tests/fuzz/corpus/<name>/; with MQCI_FUZZERS also as a libFuzzer program.
function(mqci_fuzz name room)
  if(NOT TARGET mq_${room})
    return()
  endif()
  add_executable(replay_${name} fuzz_${name}.c replay_main.c)
  target_compile_definitions(replay_${name} PRIVATE MQCI_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  target_link_libraries(replay_${name} PRIVATE mqci_flags mq_${room} m)
  add_test(NAME fuzz.${name} COMMAND replay_${name} ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}
           WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  if(MQCI_FUZZERS)
    add_executable(fuzz_${name} fuzz_${name}.c)
    target_compile_definitions(fuzz_${name} PRIVATE MQCI_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
    target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(fuzz_${name} PRIVATE mqci_flags mq_${room} m)
  endif()
endfunction()

# mqci_program_test(NAME FOLDER [LABELS ...]): tests/<folder>/test_<name>.c, which runs the program itself.
function(mqci_program_test name folder)
  cmake_parse_arguments(TEST "" "TIMEOUT" "LABELS" ${ARGN})
  if(NOT TARGET mqci)
    return()
  endif()
  add_executable(test_${name} test_${name}.c ${PROJECT_SOURCE_DIR}/tests/program.c)
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_compile_definitions(test_${name} PRIVATE MQCI_SOURCE_DIR="${PROJECT_SOURCE_DIR}"
                             MQCI_PROGRAM="$<TARGET_FILE:mqci>")
  target_link_libraries(test_${name} PRIVATE mqci_flags PkgConfig::CMOCKA m)
  add_dependencies(test_${name} mqci)
  add_test(NAME ${folder}.${name} COMMAND test_${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${folder}.${name} PROPERTIES TIMEOUT 900)
  mqci_known_leaks(${folder}.${name})
  if(TEST_LABELS)
    set_tests_properties(${folder}.${name} PROPERTIES LABELS "${TEST_LABELS}")
  endif()
endfunction()

# mqci_npm(FOLDER SOURCE): packages named by SOURCE/package-lock.json, put below FOLDER once; FOLDER/installed tells that
# they are there. No package runs a script of its own.
find_program(NODE node)
find_program(NPM npm)
function(mqci_npm folder source)
  if(NOT NODE OR NOT NPM)
    message(FATAL_ERROR "node and npm are needed to build the web page (apt-get install nodejs npm)")
  endif()
  add_custom_command(
    OUTPUT ${folder}/installed
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder}
    COMMAND ${CMAKE_COMMAND} -E copy ${source}/package.json ${source}/package-lock.json ${folder}
    COMMAND ${CMAKE_COMMAND} -E chdir ${folder} ${NPM} ci --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${folder}/installed
    DEPENDS ${source}/package.json ${source}/package-lock.json
    COMMENT "Fetching the packages of ${source}" VERBATIM)
endfunction()
