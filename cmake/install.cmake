# What `cmake --install` puts where, in components that cmake/packages.cmake makes packages of.
include_guard(GLOBAL)
include(CMakePackageConfigHelpers)

set(cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/heliograph)

# The SDK. The headers of both libraries lie together: they name types of the standard library only.
install(DIRECTORY include/heliograph DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev FILES_MATCHING PATTERN "*.hpp")

# install_sdk(TARGET PREFIX PC): a library, PREFIX before its components' names, and the template of its pkg-config file.
function(install_sdk target prefix pc)
  install(TARGETS heliograph_${target} EXPORT heliograph-${prefix}shared LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT ${prefix}runtime NAMELINK_COMPONENT ${prefix}dev)
  install(TARGETS heliograph_${target}_static EXPORT heliograph-${prefix}static ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
    COMPONENT ${prefix}dev)
  foreach(kind shared static)
    install(EXPORT heliograph-${prefix}${kind} NAMESPACE heliograph:: DESTINATION ${cmake_dir} COMPONENT ${prefix}dev)
  endforeach()
  set(pc_prefix "@pc_prefix@")  # Known when it is installed.
  configure_file(${CMAKE_SOURCE_DIR}/packaging/pkgconfig/${pc}.pc.in ${CMAKE_BINARY_DIR}/sdk/${pc}.pc.in @ONLY)
  install(CODE "set(pc_prefix \"\${CMAKE_INSTALL_PREFIX}\")
if(NOT pc_prefix STREQUAL \"/usr\")
  set(pc_prefix \"\\\${pcfiledir}/${pc_to_prefix}\")
endif()
configure_file(\"${CMAKE_BINARY_DIR}/sdk/${pc}.pc.in\" \"${CMAKE_BINARY_DIR}/packaging/${pc}.pc\" @ONLY)" COMPONENT ${prefix}dev)
  install(FILES ${CMAKE_BINARY_DIR}/packaging/${pc}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT ${prefix}dev)
endfunction()

# From where the .pc files are to where the prefix is, so that a moved installation is found. What is in /usr says so, as
# all that is there: pkg-config leaves out the paths where compilers look anyway, and knows them by their names.
file(RELATIVE_PATH pc_to_prefix /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" pc_to_prefix "${pc_to_prefix}")
list(JOIN heliograph_gstreamer_libraries " -l" gstreamer_libraries)
list(JOIN heliograph_media_libraries " " media_libraries)
install_sdk(heliograph "" heliograph)
if(TARGET heliograph_streams)
  install_sdk(streams peer- heliograph-peer)
endif()
configure_package_config_file(cmake/heliograph-config.cmake.in ${CMAKE_BINARY_DIR}/sdk/heliograph-config.cmake
  INSTALL_DESTINATION ${cmake_dir} NO_SET_AND_CHECK_MACRO)
if(PROJECT_VERSION_MAJOR EQUAL 0)
  set(compatibility SameMinorVersion)
else()
  set(compatibility SameMajorVersion)
endif()
write_basic_package_version_file(${CMAKE_BINARY_DIR}/sdk/heliograph-config-version.cmake COMPATIBILITY ${compatibility})
install(FILES ${CMAKE_BINARY_DIR}/sdk/heliograph-config.cmake ${CMAKE_BINARY_DIR}/sdk/heliograph-config-version.cmake
  DESTINATION ${cmake_dir} COMPONENT dev)

# The programs, each with its manual and completions.
foreach(program heliograph heliographd)
  install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT ${program})
  install(FILES ${CMAKE_BINARY_DIR}/manuals/${program}.bash RENAME ${program} COMPONENT ${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  install(FILES ${CMAKE_BINARY_DIR}/manuals/${program}.zsh RENAME _${program} COMPONENT ${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
  install(FILES ${CMAKE_BINARY_DIR}/manuals/${program}.fish COMPONENT ${program}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endforeach()
install(FILES ${CMAKE_BINARY_DIR}/manuals/heliograph.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT heliograph)
install(FILES ${CMAKE_BINARY_DIR}/manuals/heliographd.8.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man8 COMPONENT heliographd)
install(FILES ${CMAKE_BINARY_DIR}/manuals/heliograph.toml.5.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 COMPONENT heliographd)

# What belongs to the service. heliographd looks for its page in ../share/heliograph/web.
set(data_dir ${CMAKE_INSTALL_DATADIR}/heliograph)
install(DIRECTORY web/console/dist/ DESTINATION ${data_dir}/web COMPONENT heliographd OPTIONAL)
install(FILES web/sdk/dist/kvs-webrtc.min.js DESTINATION ${data_dir}/web COMPONENT heliographd OPTIONAL)
install(CODE "if(NOT EXISTS \"${CMAKE_SOURCE_DIR}/web/console/dist/index.html\")
  message(WARNING \"without the web console, which is not built: run ./dev build\")
endif()" COMPONENT heliographd)
install(FILES packaging/prometheus/heliograph.rules.yml DESTINATION ${data_dir}/prometheus COMPONENT heliographd)
install(FILES packaging/grafana/heliograph.json DESTINATION ${data_dir}/grafana COMPONENT heliographd)
install(DIRECTORY examples/policies DESTINATION ${data_dir} COMPONENT heliographd)
# The unit names the program where it will be: under the prefix that `cmake --install` was told, without DESTDIR.
install(CODE "set(bindir \"${CMAKE_INSTALL_BINDIR}\")
if(NOT IS_ABSOLUTE \"\${bindir}\")
  get_filename_component(bindir \"\${CMAKE_INSTALL_PREFIX}/\${bindir}\" ABSOLUTE)
endif()
configure_file(\"${CMAKE_SOURCE_DIR}/packaging/systemd/heliographd.service.in\"
  \"${CMAKE_BINARY_DIR}/packaging/heliographd.service\" @ONLY)" COMPONENT heliographd)
install(FILES ${CMAKE_BINARY_DIR}/packaging/heliographd.service DESTINATION lib/systemd/system COMPONENT heliographd)
# Packages have a copyright file of their own.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT license)
