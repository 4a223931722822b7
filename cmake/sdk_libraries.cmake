# The two libraries that programs of others link, each shared and static: libheliograph and libheliograph-peer. Every source
# is compiled once, in its layer. Boost.JSON is inside and hidden, for a program may bring a Boost of its own.
#
# Both are made of one relocatable object: the layer's own, of the layers below what is called, and all that is not public
# has become local in it. So a program links no Boost and cannot clash with what is inside, also when it links statically.
include_guard(GLOBAL)

# Until 1.0.0 a new minor version may break what was built against the one before: docs/packaging.md.
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(heliograph_soversion ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  math(EXPR heliograph_next_soversion "${PROJECT_VERSION_MINOR} + 1")
  string(PREPEND heliograph_next_soversion ${PROJECT_VERSION_MAJOR}.)
else()
  set(heliograph_soversion ${PROJECT_VERSION_MAJOR})
  math(EXPR heliograph_next_soversion "${PROJECT_VERSION_MAJOR} + 1")
endif()
foreach(part MAJOR MINOR PATCH)
  file(STRINGS ${CMAKE_SOURCE_DIR}/include/heliograph/version.hpp line REGEX "HELIOGRAPH_VERSION_${part} ${PROJECT_VERSION_${part}}$")
  if(NOT line)
    message(FATAL_ERROR "include/heliograph/version.hpp: HELIOGRAPH_VERSION_${part} is not that of project(), ${PROJECT_VERSION}")
  endif()
endforeach()

# What may be seen outside, by mangled names: functions and data of the namespace, type information, tables, thunks.
# Whatever is not marked HELIOGRAPH_API is hidden before this is looked at.
set(heliograph_public_symbols _ZN10heliograph* _ZN[KRO]10heliograph* _ZNK[RO]10heliograph* _ZT[ISV]N10heliograph*
  _ZT[hvc]*_N10heliograph* _ZT[hvc]*_NK10heliograph* _ZTC*N10heliograph* _ZTT*N10heliograph*)
# Of those, not a public class's Impl, which has its visibility.
set(heliograph_private_symbols *4Impl*)
list(JOIN heliograph_public_symbols "; " globals)
set(version_script ${CMAKE_BINARY_DIR}/sdk/heliograph.map)
file(CONFIGURE OUTPUT ${version_script}
  CONTENT "HELIOGRAPH_${heliograph_soversion} {\n  global: ${globals};\n  local: *;\n};\n")
list(JOIN heliograph_public_symbols "\n" globals)
set(kept_symbols ${CMAKE_BINARY_DIR}/sdk/heliograph.keep)
file(CONFIGURE OUTPUT ${kept_symbols} CONTENT "${globals}\n")

# Boost.JSON's sources are headers, too: our own copy is position independent, hidden, and of the release the layers use.
set(json_source ${CMAKE_BINARY_DIR}/sdk/boost_json.cpp)
file(CONFIGURE OUTPUT ${json_source} CONTENT "#include <boost/json/src.hpp>\n")
add_library(heliograph_json STATIC ${json_source})
target_link_libraries(heliograph_json PRIVATE heliograph_options Boost::headers)
target_compile_options(heliograph_json PRIVATE -w)

# heliograph_library(NAME LAYER OUTPUT BELOW a b NEEDS x STATIC_NEEDS y): targets heliograph_NAME and heliograph_NAME_static
# of src/LAYER and what it calls in the layers BELOW. NEEDS is what the shared one is linked with, STATIC_NEEDS what a
# program needs that links the static one.
function(heliograph_library name layer output)
  cmake_parse_arguments(arg "" "" "BELOW;NEEDS;STATIC_NEEDS" ${ARGN})
  set(archives)
  foreach(below IN LISTS arg_BELOW)
    get_target_property(type heliograph_${below} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
      list(APPEND archives heliograph_${below})
    endif()
  endforeach()
  list(TRANSFORM archives REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archive_files)
  # The tables of its types are what the ABI check reads; the layers have line numbers only.
  target_compile_options(heliograph_${layer} PRIVATE -g2)

  set(joined ${CMAKE_BINARY_DIR}/sdk/${output}.o)
  set(stripped ${CMAKE_BINARY_DIR}/sdk/${output}-stripped.o)
  add_custom_command(OUTPUT ${joined} ${stripped}
    COMMAND ${CMAKE_CXX_COMPILER} -r -nostdlib -Wl,--force-group-allocation -o ${joined}
      $<TARGET_OBJECTS:heliograph_${layer}> ${archive_files}
    COMMAND ${CMAKE_OBJCOPY} --wildcard --localize-hidden --keep-global-symbols=${kept_symbols}
      "--localize-symbol=${heliograph_private_symbols}" ${joined}
    COMMAND ${CMAKE_OBJCOPY} --strip-debug ${joined} ${stripped}
    DEPENDS heliograph_${layer} $<TARGET_OBJECTS:heliograph_${layer}> ${archives} ${kept_symbols}
    COMMENT "Joining the objects of ${output}" COMMAND_EXPAND_LISTS VERBATIM)
  set_source_files_properties(${joined} ${stripped} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
  add_custom_target(heliograph_${name}_joined DEPENDS ${joined} ${stripped})

  add_library(heliograph_${name} SHARED ${joined})
  target_link_libraries(heliograph_${name} PRIVATE heliograph_options ${arg_NEEDS})
  target_link_options(heliograph_${name} PRIVATE -Wl,--no-undefined -Wl,--as-needed -Wl,--version-script=${version_script})
  set_target_properties(heliograph_${name} PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${heliograph_soversion}
    LINK_DEPENDS ${version_script})
  add_library(heliograph_${name}_static STATIC ${stripped})
  target_link_libraries(heliograph_${name}_static INTERFACE ${arg_STATIC_NEEDS})

  foreach(target heliograph_${name} heliograph_${name}_static)
    add_dependencies(${target} heliograph_${name}_joined)
    set_target_properties(${target} PROPERTIES OUTPUT_NAME ${output} LINKER_LANGUAGE CXX
      LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib ARCHIVE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib)
    target_compile_features(${target} INTERFACE cxx_std_20)
    target_include_directories(${target} INTERFACE $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  endforeach()
endfunction()

heliograph_library(heliograph sdk heliograph BELOW net core wire base json
  NEEDS OpenSSL::SSL OpenSSL::Crypto Threads::Threads STATIC_NEEDS OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
set_target_properties(heliograph_heliograph PROPERTIES EXPORT_NAME heliograph)
set_target_properties(heliograph_heliograph_static PROPERTIES EXPORT_NAME heliograph_static)
add_library(heliograph::heliograph ALIAS heliograph_heliograph)

get_target_property(peer_type heliograph_peer TYPE)
if(peer_type STREQUAL "STATIC_LIBRARY")
  # Of these two only the libraries are at hand, no development files: who links statically names them as we do.
  set(heliograph_media_libraries)
  foreach(library ${GSTWEBRTC_LIBRARY} ${NICE_LIBRARY})
    get_filename_component(file ${library} NAME)
    list(APPEND heliograph_media_libraries -l:${file})
  endforeach()
  heliograph_library(streams peer heliograph-peer BELOW base
    NEEDS heliograph_heliograph PkgConfig::gstreamer ${GSTWEBRTC_LIBRARY} ${NICE_LIBRARY} Threads::Threads
    STATIC_NEEDS heliograph_heliograph_static $<INSTALL_INTERFACE:PkgConfig::heliograph_gstreamer>
    ${heliograph_media_libraries} Threads::Threads)
  target_link_libraries(heliograph_streams INTERFACE heliograph_heliograph)
  set_target_properties(heliograph_streams PROPERTIES EXPORT_NAME peer)
  set_target_properties(heliograph_streams_static PROPERTIES EXPORT_NAME peer_static)
  add_library(heliograph::peer ALIAS heliograph_streams)
endif()
