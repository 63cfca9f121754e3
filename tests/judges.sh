#!/bin/sh
# The independent programs that judge what we make: the JDK's XML signature, openssl, poppler and qpdf, and two browsers.
# Installs Debian's packages where it may; otherwise says what will not be run, which CI takes for a failure.
set -eu

missing=""
command -v java >/dev/null 2>&1 || missing="$missing default-jdk-headless"
command -v openssl >/dev/null 2>&1 || missing="$missing openssl"
command -v pdftotext >/dev/null 2>&1 || missing="$missing poppler-utils"
command -v qpdf >/dev/null 2>&1 || missing="$missing qpdf"
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v firefox-esr >/dev/null 2>&1 || missing="$missing firefox-esr"
# Without a Korean font what browsers show is boxes, all of one width: layout would be judged by them.
[ -n "$(fc-list :lang=ko 2>/dev/null)" ] || missing="$missing fonts-nanum fontconfig"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "· installing Debian's$missing"
    # shellcheck disable=SC2086
    if apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
        exit 0
    fi
fi
echo "NOT RUN, because they are not installed:$missing. The tests that ask these programs will be skipped."
[ "${CI:-}" != true ]
