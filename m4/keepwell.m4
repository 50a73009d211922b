# keepwell.m4: the macros of configure.ac.
# SPDX-License-Identifier: GPL-2.0-or-later

# KW_ADD_FLAGS([VARIABLE], [FLAGS], [cc|ld])
# Appends each flag that the compiler (or the linker) takes. -Werror during the probe, because
# clang only warns about what it does not know.
AC_DEFUN([KW_ADD_FLAGS], [
  for kw_flag in $2; do
    AS_VAR_PUSHDEF([kw_cache], [kw_cv_[]$3[]_flag_$kw_flag])
    AC_CACHE_CHECK([whether $CC takes $kw_flag], [kw_cache], [
      kw_saved_CFLAGS=$CFLAGS
      kw_saved_LDFLAGS=$LDFLAGS
      AS_IF([test $3 = ld],
        [LDFLAGS="$LDFLAGS -Werror $kw_flag"],
        [CFLAGS="-Werror $kw_flag -O2"])
      AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <string.h>]], [[return (int)strlen("")]])],
        [AS_VAR_SET([kw_cache], [yes])], [AS_VAR_SET([kw_cache], [no])])
      CFLAGS=$kw_saved_CFLAGS
      LDFLAGS=$kw_saved_LDFLAGS
    ])
    AS_VAR_IF([kw_cache], [yes], [AS_VAR_APPEND([$1], [" $kw_flag"])])
    AS_VAR_POPDEF([kw_cache])
  done
  AC_SUBST([$1])
])

# KW_REQUIRE_PKG([VARIABLE], [MODULE], [DEBIAN PACKAGE], [RHEL PACKAGE])
AC_DEFUN([KW_REQUIRE_PKG], [
  PKG_CHECK_MODULES([$1], [$2], [],
    [AC_MSG_ERROR([$2 is missing: install $3 (Debian, Ubuntu) or $4 (RHEL family)])])
])

# KW_PROGRAM([NAME], [CONDITIONAL]): --disable-NAME leaves one program out.
AC_DEFUN([KW_PROGRAM], [
  AC_ARG_ENABLE([$1], [AS_HELP_STRING([--disable-$1], [do not build $1])],
    [], [enable_$1=$enable_all_programs])
  AM_CONDITIONAL([$2], [test "x$enable_$1" = xyes])
  KW_SUMMARY([$1], [$enable_$1])
])

# KW_SUMMARY([LABEL], [VALUE]): one row of the summary at the end.
AC_DEFUN([KW_SUMMARY], [
  kw_summary="$kw_summary
  $1: $2"
])
