# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed where, and the Debian package: `cpack -G DEB` in a release build (needs dpkg-dev and file).
include(GNUInstallDirs)
set(id org.countersign.countersign)
# All in one folder: the programs look for each other beside themselves.
foreach(program countersign countersignctl countersign-bridge countersign-child countersign-practice)
  if(TARGET ${program})
    install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
  endif()
endforeach()
install(FILES installer/linux/${id}.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES installer/linux/${id}.metainfo.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/metainfo)
install(FILES resources/icons/countersign.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps RENAME ${id}.svg)
# Where polkit looks for it: what the person may be asked for their login for.
install(FILES installer/linux/io.countersign.policy DESTINATION ${CMAKE_INSTALL_DATADIR}/polkit-1/actions)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_VENDOR "The Countersign authors")
set(CPACK_PACKAGE_CONTACT "The Countersign authors <countersign@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "approval desk between AI clients and vendors' MCP servers")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Loaded at run time, so that nothing finds them by itself: the SVG plugins of Qt, libsecret of QtKeychain.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libqt6svg6, libsecret-1-0, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnome-keyring | kwalletmanager, polkitd, qt6-wayland")
include(CPack)
