# What an installation has besides the program, and the Debian package made of it by CPack.
include(GNUInstallDirs)

set(packaging "${PROJECT_SOURCE_DIR}/packaging")
file(READ "${PROJECT_SOURCE_DIR}/docs/muster.1" manual)
string(REPLACE "@VERSION@" "${PROJECT_VERSION}" manual "${manual}")
file(WRITE "${PROJECT_BINARY_DIR}/muster.1" "${manual}")

install(FILES "${PROJECT_BINARY_DIR}/muster.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1")
install(FILES "${PROJECT_SOURCE_DIR}/docs/configuration.md" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
install(FILES "${packaging}/completions/muster.bash"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" RENAME muster)
install(FILES "${packaging}/completions/_muster"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions")
install(FILES "${packaging}/completions/muster.fish"
  DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d")

# Absolute places belong to the package alone: `cmake --install` stays below its prefix.
option(MUSTER_PACKAGE "Install the system's files as well; for the package" OFF)
if(MUSTER_PACKAGE)
  install(FILES "${packaging}/muster.toml" DESTINATION /etc/muster)
  install(FILES "${packaging}/muster.service" DESTINATION /lib/systemd/system)
endif()

set(CPACK_PACKAGE_NAME muster)
set(CPACK_PACKAGE_CONTACT "The Muster authors <muster@localhost>")
set(CPACK_SET_DESTDIR ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "passwd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${packaging}/postinst" "${packaging}/prerm" "${packaging}/postrm" "${packaging}/conffiles")
include(CPack)
