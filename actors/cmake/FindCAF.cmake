# SPDX-License-Identifier: Apache-2.0
# Debian's CAF ships neither a CMake package nor a .pc file: this module makes
# the imported targets CAF::core and CAF::io. Imported targets count as system
# headers, so CAF's templates raise no warnings in our build.
find_path(CAF_INCLUDE_DIR NAMES caf/actor_system.hpp)
find_library(CAF_CORE_LIBRARY NAMES caf_core)
find_library(CAF_IO_LIBRARY NAMES caf_io)
if(CAF_INCLUDE_DIR)
  file(STRINGS ${CAF_INCLUDE_DIR}/caf/config.hpp CAF_VERSION_LINE
    REGEX "#define CAF_VERSION [0-9]+")
  string(REGEX REPLACE ".*CAF_VERSION ([0-9]+).*" "\\1" CAF_VERSION_NUMBER
    "${CAF_VERSION_LINE}")
  math(EXPR CAF_MAJOR "${CAF_VERSION_NUMBER} / 10000")
  math(EXPR CAF_MINOR "${CAF_VERSION_NUMBER} / 100 % 100")
  math(EXPR CAF_PATCH "${CAF_VERSION_NUMBER} % 100")
  set(CAF_VERSION "${CAF_MAJOR}.${CAF_MINOR}.${CAF_PATCH}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CAF
  REQUIRED_VARS CAF_CORE_LIBRARY CAF_IO_LIBRARY CAF_INCLUDE_DIR
  VERSION_VAR CAF_VERSION)

foreach(component core io)
  string(TOUPPER ${component} name)
  if(CAF_FOUND AND NOT TARGET CAF::${component})
    add_library(CAF::${component} UNKNOWN IMPORTED)
    set_target_properties(CAF::${component} PROPERTIES
      IMPORTED_LOCATION "${CAF_${name}_LIBRARY}"
      INTERFACE_INCLUDE_DIRECTORIES "${CAF_INCLUDE_DIR}")
  endif()
endforeach()
if(CAF_FOUND)
  target_link_libraries(CAF::core INTERFACE Threads::Threads)
  target_link_libraries(CAF::io INTERFACE CAF::core)
endif()
