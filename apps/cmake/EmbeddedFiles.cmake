# SPDX-License-Identifier: Apache-2.0
#
# chancery_embed(TARGET FILE... [AS FOLDER FILE...]...) puts files, compressed
# with gzip, into a target, which finds them by apps/api/embedded_file.hpp under
# their names, or as FOLDER/NAME. A changed file is compressed again, and one
# small source with it; the assembler includes the octets (.incbin), so the
# compiler never sees them.

find_program(CHANCERY_GZIP gzip REQUIRED)

function(chancery_embed target)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
  file(MAKE_DIRECTORY ${folder})
  set(assembly "")
  set(symbols "")
  set(rows "")
  set(packed_files "")
  set(below "")
  set(names_folder FALSE)
  foreach(path IN LISTS ARGN)
    if(path STREQUAL AS)
      set(names_folder TRUE)
      continue()
    elseif(names_folder)
      set(below ${path}/)
      set(names_folder FALSE)
      file(MAKE_DIRECTORY ${folder}/${path})
      continue()
    endif()
    cmake_path(ABSOLUTE_PATH path NORMALIZE)
    cmake_path(GET path FILENAME name)
    string(PREPEND name "${below}")
    set(packed ${folder}/${name}.gz)
    # -n leaves name and time out: the same file gives the same octets.
    add_custom_command(OUTPUT ${packed} DEPENDS ${path}
      COMMAND ${CHANCERY_GZIP} -9nc ${path} > ${packed}
      COMMENT "Compressing ${name}" VERBATIM)
    list(LENGTH packed_files number)
    set(symbol chancery_embedded_${number})
    list(APPEND packed_files ${packed})
    string(APPEND assembly
      "    \"${symbol}:\\n.incbin \\\"${packed}\\\"\\n${symbol}_end:\\n\"\n")
    string(APPEND symbols
      "extern const char ${symbol}[];\nextern const char ${symbol}_end[];\n")
    string(APPEND rows "      row(\"${name}\", ${symbol}, ${symbol}_end),\n")
  endforeach()
  list(LENGTH packed_files count)
  set(source ${folder}/embedded_files.cpp)
  configure_file(${PROJECT_SOURCE_DIR}/apps/cmake/embedded_files.cpp.in
    ${source} @ONLY)
  set_source_files_properties(${source} TARGET_DIRECTORY ${target} PROPERTIES
    OBJECT_DEPENDS "${packed_files}" SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${source})
endfunction()
