# Debian packages of what cmake/install.cmake installs: `./dev package` runs cpack. docs/packaging.md says what is in which.
include_guard(GLOBAL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME heliograph)
set(CPACK_PACKAGE_VENDOR Heliograph)
set(CPACK_PACKAGE_CONTACT "Heliograph maintainers <maintainers@heliograph.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
# So that /etc is packaged, not written to.
set(CPACK_SET_DESTDIR ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/lib)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_COMPONENTS_ALL)
set(here ${CMAKE_BINARY_DIR}/packaging)
set(version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

# heliograph_package(NAME SECTION TITLE TEXT COMPONENTS a b [DEPENDS …] [RECOMMENDS …] [SUGGESTS …] [CONTROL files…])
function(heliograph_package name section title text)
  cmake_parse_arguments(arg "" "DEPENDS;RECOMMENDS;SUGGESTS" "COMPONENTS;CONTROL" ${ARGN})
  string(TOUPPER ${name} upper)
  # What policy wants below /usr/share/doc of each package.
  set(doc ${here}/${name})
  # Its date is SOURCE_DATE_EPOCH, else the commit's: the same of one commit whenever it is made.
  install(CODE "set(commit \"\$ENV{SOURCE_DATE_EPOCH}\")
if(NOT commit)
  execute_process(COMMAND git -C \"${CMAKE_SOURCE_DIR}\" log -1 --format=%ct OUTPUT_VARIABLE commit ERROR_QUIET
    OUTPUT_STRIP_TRAILING_WHITESPACE)
endif()
if(commit)
  set(ENV{SOURCE_DATE_EPOCH} \"\${commit}\")
endif()
string(TIMESTAMP date \"%a, %d %b %Y %H:%M:%S +0000\" UTC)
file(WRITE \"${doc}/changelog.Debian\" \"heliograph (${version}) unstable; urgency=medium\n\n  * See changelog.gz.\n\n -- ${CPACK_PACKAGE_CONTACT}  \${date}\n\")
execute_process(COMMAND gzip -9ncf ${CMAKE_SOURCE_DIR}/CHANGELOG.md OUTPUT_FILE ${doc}/changelog.gz)
execute_process(COMMAND gzip -9ncf ${doc}/changelog.Debian OUTPUT_FILE ${doc}/changelog.Debian.gz)"
    COMPONENT ${name}-doc EXCLUDE_FROM_ALL)
  install(FILES ${CMAKE_SOURCE_DIR}/packaging/debian/copyright ${doc}/changelog.gz ${doc}/changelog.Debian.gz
    DESTINATION share/doc/${name} COMPONENT ${name}-doc EXCLUDE_FROM_ALL)
  if(EXISTS ${CMAKE_SOURCE_DIR}/packaging/debian/${name}.lintian-overrides)
    install(FILES ${CMAKE_SOURCE_DIR}/packaging/debian/${name}.lintian-overrides DESTINATION share/lintian/overrides
      RENAME ${name} COMPONENT ${name}-doc EXCLUDE_FROM_ALL)
  endif()
  foreach(component IN LISTS arg_COMPONENTS ITEMS ${name}-doc)
    string(TOUPPER ${component} component_upper)
    set(CPACK_COMPONENT_${component_upper}_GROUP ${name} PARENT_SCOPE)
  endforeach()
  set(CPACK_COMPONENTS_ALL ${CPACK_COMPONENTS_ALL} ${arg_COMPONENTS} ${name}-doc PARENT_SCOPE)
  set(CPACK_COMPONENT_GROUP_${upper}_DESCRIPTION "${title}\n${text}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_DESCRIPTION "${title}\n${text}" PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${name} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${upper}_PACKAGE_SHLIBDEPS ON PARENT_SCOPE)
  foreach(field DEPENDS RECOMMENDS SUGGESTS)
    set(CPACK_DEBIAN_${upper}_PACKAGE_${field} "${arg_${field}}" PARENT_SCOPE)
  endforeach()
  list(TRANSFORM arg_CONTROL PREPEND ${here}/control/)
  set(CPACK_DEBIAN_${upper}_PACKAGE_CONTROL_EXTRA "${arg_CONTROL}" PARENT_SCOPE)
endfunction()

# Maintainer scripts and the like; `shlibs` says which versions a program linked against a library can run with.
foreach(file heliographd/postinst heliographd/prerm heliographd/postrm heliographd/conffiles libheliograph/shlibs
    libheliograph/triggers libheliograph-peer/shlibs libheliograph-peer/triggers)
  configure_file(${CMAKE_SOURCE_DIR}/packaging/debian/${file} ${here}/control/${file} @ONLY)
endforeach()
# Absolute, for Debian's place is /etc whatever the prefix; so only packages have it.
install(FILES packaging/debian/heliograph.toml DESTINATION /etc/heliograph COMPONENT configuration EXCLUDE_FROM_ALL)

heliograph_package(libheliograph libs "signaling client for Kinesis Video Streams WebRTC"
  "Joins signaling channels of Amazon Kinesis Video Streams, or of heliographd,\nas a master or a viewer, and calls their control plane."
  COMPONENTS runtime CONTROL libheliograph/shlibs libheliograph/triggers)
heliograph_package(libheliograph-dev libdevel "signaling client for Kinesis Video Streams WebRTC (development)"
  "Headers of libheliograph and libheliograph-peer, and what is needed to link\nthe first, shared or static."
  COMPONENTS dev DEPENDS "libheliograph (= ${version})" RECOMMENDS "libssl-dev (>= 3)"
  SUGGESTS "libheliograph-peer-dev, libboost1.81-dev | libboost-dev (>= 1.81), pkg-config, cmake")
if(TARGET heliograph_streams)
  heliograph_package(libheliograph-peer libs "WebRTC peer connections with media for libheliograph"
    "Sends and receives audio, video and data over WebRTC, on GStreamer."
    COMPONENTS peer-runtime DEPENDS "libheliograph (= ${version})"
    RECOMMENDS "gstreamer1.0-nice, gstreamer1.0-plugins-bad, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good"
    SUGGESTS "gstreamer1.0-alsa, gstreamer1.0-libav, gstreamer1.0-plugins-ugly, gstreamer1.0-x" CONTROL libheliograph-peer/shlibs libheliograph-peer/triggers)
  heliograph_package(libheliograph-peer-dev libdevel "WebRTC peer connections with media for libheliograph (development)"
    "What is needed to link libheliograph-peer, shared or static. Its headers are in\nlibheliograph-dev."
    COMPONENTS peer-dev DEPENDS "libheliograph-peer (= ${version}), libheliograph-dev (= ${version})"
    SUGGESTS "libgstreamer1.0-dev, libgstreamer-plugins-base1.0-dev, libgstreamer-plugins-bad1.0-dev")
endif()
heliograph_package(heliograph net "command line for Kinesis Video Streams WebRTC"
  "heliograph master streams cameras, files or a test pattern to every viewer of\na channel, heliograph viewer watches and records what a master sends, and\nheliograph chat talks over a data channel. Others make and list channels, sign\nURLs, show and end connections, check policies, and find out why a client\ncannot connect."
  COMPONENTS heliograph
  RECOMMENDS "ca-certificates, gstreamer1.0-nice, gstreamer1.0-plugins-bad, gstreamer1.0-plugins-base, gstreamer1.0-plugins-good"
  SUGGESTS "heliographd, gstreamer1.0-alsa, gstreamer1.0-libav, gstreamer1.0-plugins-ugly, gstreamer1.0-x")
heliograph_package(heliographd net "Kinesis Video Streams WebRTC signaling service"
  "A service that clients of Amazon Kinesis Video Streams WebRTC work with\nunchanged: channels, signaling, STUN and TURN, and a web page for calls.\nOne process on one port; everything it keeps is in one directory."
  COMPONENTS heliographd configuration DEPENDS "init-system-helpers (>= 1.54)" RECOMMENDS "coturn, heliograph, ca-certificates"
  CONTROL heliographd/postinst heliographd/prerm heliographd/postrm heliographd/conffiles)
include(CPack)
