# What every target of the project is built with.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")

# Quick to compile, quick enough to test with.
set(CMAKE_CXX_FLAGS_DEV "-O1 -g1" CACHE STRING "Flags of the build type Dev")
set(CMAKE_C_FLAGS_DEV "-O1 -g1" CACHE STRING "Flags of the build type Dev")
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CMAKE_COMMAND}" -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE_PROGRAM}")
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

# One at a time: a translation unit that instantiates Beast takes a gigabyte.
set_property(GLOBAL PROPERTY JOB_POOLS heavy=1)

# The warnings that the project keeps clean, and the sanitizers when they are asked for.
add_library(muster_flags INTERFACE)
target_include_directories(muster_flags INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(muster_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  $<$<BOOL:${MUSTER_WERROR}>:-Werror>
  # False alarms of g++ 12 about std::string at -O3 (its bugs 105651 and 105329).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(MUSTER_SANITIZE)
  # CAF's headers form references to null in a few places that never read through them.
  target_compile_options(muster_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize=null,vptr -fno-sanitize-recover=undefined
    -fno-omit-frame-pointer)
  target_link_options(muster_flags INTERFACE -fsanitize=address,undefined)
endif()

# A room: a library of the files listed, linked to the rooms below it.
function(muster_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
  add_library(muster_${name} STATIC ${ROOM_SOURCES})
  target_link_libraries(muster_${name} PUBLIC muster_flags ${ROOM_LINKS} PRIVATE ${ROOM_PRIVATE_LINKS})
endfunction()
