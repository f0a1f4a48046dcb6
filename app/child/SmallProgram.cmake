# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
include_guard()

# Programs that start often and stay resident: no Qt, linked whole so that nothing is loaded or looked up at start.
function(countersign_small_program name)
  set_target_properties(${name} PROPERTIES AUTOMOC OFF AUTORCC OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR})
  target_compile_options(${name} PRIVATE -Wall -Wextra -Wshadow -Os -fno-asynchronous-unwind-tables
    -ffunction-sections -fdata-sections $<$<BOOL:${COUNTERSIGN_WERROR}>:-Werror>)
  # A sanitizer needs its shared libraries.
  if(NOT CMAKE_CXX_FLAGS MATCHES "sanitize")
    target_link_options(${name} PRIVATE -static-pie -Wl,--gc-sections)
  endif()
endfunction()
