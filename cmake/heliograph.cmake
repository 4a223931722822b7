# Compiler settings that every target of ours shares, and the one way to declare a layer.
include_guard(GLOBAL)

add_library(heliograph_options INTERFACE)
target_compile_options(heliograph_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Woverloaded-virtual -Wswitch
  -Wimplicit-fallthrough)
target_compile_definitions(heliograph_options INTERFACE HELIOGRAPH_VERSION="${PROJECT_VERSION}")
target_include_directories(heliograph_options INTERFACE ${CMAKE_SOURCE_DIR}/include ${CMAKE_SOURCE_DIR}/src)
if(HELIOGRAPH_SANITIZE)
  target_compile_options(heliograph_options INTERFACE -fsanitize=${HELIOGRAPH_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(heliograph_options INTERFACE -fsanitize=${HELIOGRAPH_SANITIZE})
  if(HELIOGRAPH_SANITIZE MATCHES "thread")
    # g++ 12 with this sanitizer sees frees of objects that are not on the heap where there are none.
    target_compile_options(heliograph_options INTERFACE -Wno-tsan -Wno-free-nonheap-object)
  endif()
endif()
if(HELIOGRAPH_FUZZ)
  target_compile_options(heliograph_options INTERFACE -fsanitize=fuzzer-no-link)
endif()
# What is given to others: hardened as Debian's own packages are, and without what nobody calls. tests/packages looks.
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  include(CheckCXXCompilerFlag)
  check_cxx_compiler_flag(-fcf-protection HELIOGRAPH_HAS_CF_PROTECTION)
  target_compile_options(heliograph_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong
    -fstack-clash-protection $<$<BOOL:${HELIOGRAPH_HAS_CF_PROTECTION}>:-fcf-protection> -ffunction-sections -fdata-sections
    $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  target_link_options(heliograph_options INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,--gc-sections)
endif()

# heliograph_layer(NAME DEPENDS a b LIBRARIES x y): the folder src/NAME as the library heliograph_NAME, made of every .cpp
# below it except main.cpp. DEPENDS are layers below it; LIBRARIES come from outside.
function(heliograph_layer name)
  cmake_parse_arguments(arg "" "" "DEPENDS;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
  list(TRANSFORM arg_DEPENDS PREPEND heliograph_)
  if(sources)
    add_library(heliograph_${name} STATIC ${sources})
    target_link_libraries(heliograph_${name} PUBLIC heliograph_options ${arg_DEPENDS} ${arg_LIBRARIES})
  else()
    add_library(heliograph_${name} INTERFACE)
    target_link_libraries(heliograph_${name} INTERFACE heliograph_options ${arg_DEPENDS} ${arg_LIBRARIES})
  endif()
endfunction()
