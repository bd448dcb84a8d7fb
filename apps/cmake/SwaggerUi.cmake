# SPDX-License-Identifier: Apache-2.0
#
# chancery_swagger_ui(FILES) sets FILES to the files of Swagger UI that the
# program carries: script, style and licences; to nothing when the option is
# OFF or they cannot be fetched. The version and its hash are those of
# apps/web/docs/package-lock.json. The package comes from npm's registry when
# the build is configured for the first time, and stays in the build folder.
# Nothing of it runs, and nothing that it depends on is fetched.

option(CHANCERY_SWAGGER_UI
  "Show the routes at /docs by Swagger UI, which is fetched once" ON)

# The hash of a file as npm's lock files have it: base64 of its SHA-512.
function(npm_integrity file out)
  set(alphabet
    ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
  file(SHA512 ${file} digits)
  string(APPEND digits 0000) # 64 bytes and 2 more: 22 groups of 3
  set(text "")
  foreach(group RANGE 21)
    math(EXPR at "6 * ${group}")
    string(SUBSTRING ${digits} ${at} 6 bytes)
    foreach(shift 18 12 6 0)
      math(EXPR index "(0x${bytes} >> ${shift}) & 63")
      string(SUBSTRING ${alphabet} ${index} 1 character)
      string(APPEND text ${character})
    endforeach()
  endforeach()
  string(SUBSTRING ${text} 0 86 text)
  set(${out} "sha512-${text}==" PARENT_SCOPE)
endfunction()

# Puts the package's file there if npm or its registry gives it.
function(fetch_swagger_ui version tarball)
  cmake_path(GET tarball PARENT_PATH folder)
  find_program(CHANCERY_NPM npm)
  if(CHANCERY_NPM)
    execute_process(COMMAND ${CHANCERY_NPM} pack swagger-ui-dist@${version}
      --ignore-scripts --fetch-retries=0 --fetch-timeout=30000
      WORKING_DIRECTORY ${folder} TIMEOUT 120 OUTPUT_QUIET ERROR_QUIET)
  endif()
  if(NOT EXISTS ${tarball})
    set(registry https://registry.npmjs.org)
    if(DEFINED ENV{npm_config_registry})
      string(REGEX REPLACE "/$" "" registry $ENV{npm_config_registry})
    endif()
    file(DOWNLOAD
      ${registry}/swagger-ui-dist/-/swagger-ui-dist-${version}.tgz
      ${tarball} TIMEOUT 120 INACTIVITY_TIMEOUT 30 STATUS status)
  endif()
endfunction()

function(chancery_swagger_ui out)
  set(${out} "" PARENT_SCOPE)
  if(NOT CHANCERY_SWAGGER_UI)
    return()
  endif()
  set(lock_file ${PROJECT_SOURCE_DIR}/apps/web/docs/package-lock.json)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${lock_file})
  file(READ ${lock_file} lock)
  set(package packages node_modules/swagger-ui-dist)
  string(JSON version GET "${lock}" ${package} version)
  string(JSON integrity GET "${lock}" ${package} integrity)

  set(tarball ${PROJECT_BINARY_DIR}/swagger-ui-dist-${version}.tgz)
  if(NOT EXISTS ${tarball})
    message(STATUS "Fetching Swagger UI ${version}")
    fetch_swagger_ui(${version} ${tarball})
  endif()
  set(found "")
  if(EXISTS ${tarball})
    npm_integrity(${tarball} found)
  endif()
  if(NOT found STREQUAL integrity)
    file(REMOVE ${tarball})
    message(WARNING "Swagger UI ${version} could not be fetched from npm's "
      "registry, so /docs will be a plain list of the routes. Configure again "
      "with a network, or with -DCHANCERY_SWAGGER_UI=OFF.")
    return()
  endif()

  set(folder ${PROJECT_BINARY_DIR}/swagger-ui-${version})
  if(NOT EXISTS ${folder}/LICENSE)
    file(ARCHIVE_EXTRACT INPUT ${tarball} DESTINATION ${folder} TOUCH)
    execute_process(COMMAND ${CMAKE_COMMAND} -E cat package/LICENSE
      package/NOTICE package/swagger-ui-bundle.js.LICENSE.txt
      WORKING_DIRECTORY ${folder} OUTPUT_FILE ${folder}/LICENSE
      COMMAND_ERROR_IS_FATAL ANY)
  endif()
  set(${out} ${folder}/package/swagger-ui-bundle.js
    ${folder}/package/swagger-ui.css ${folder}/LICENSE PARENT_SCOPE)
endfunction()
