#!/usr/bin/env bash
# Makes the machine ready: Debian packages, virtual environment, pinned Python packages. Repeatable; does nothing when nothing is missing.
# usage: scripts/setup.sh run|test|bench
set -euo pipefail
cd "$(dirname "$0")/.."
purpose=${1:-run}

packages=(tesseract-ocr tesseract-ocr-vie tesseract-ocr-script-viet fonts-croscore)
case $purpose in
test) packages+=(redis-server postgresql poppler-utils procps default-jre-headless maven) ;;
bench) packages+=(tesseract-ocr-osd redis-server postgresql poppler-utils ghostscript unpaper time) ;;
esac

python=$(command -v python3.11 || true)
if [ -z "$python" ] || ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    packages+=(python3.11 python3.11-venv)
fi

missing=()
for package in "${packages[@]}"; do
    case $package in
    default-jre-headless) command -v java >/dev/null && continue ;;
    maven) command -v mvn >/dev/null && continue ;;
    postgresql) compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null && continue ;;
    esac
    [ "$(dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null)" = "ii " ] || missing+=("$package")
done

if [ ${#missing[@]} -gt 0 ]; then
    if [ "$(id -u)" = 0 ]; then
        as_root=()
    elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
        as_root=(sudo)
    else
        echo "Thiếu gói hệ thống. Hãy cài rồi chạy lại (missing system packages; install them and run again):" >&2
        echo "  apt-get install ${missing[*]}" >&2
        exit 3
    fi
    echo "Cài gói hệ thống (installing): ${missing[*]}" >&2
    "${as_root[@]}" apt-get update -qq
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The environment is made anew when it is another Python's, and filled anew when a pinned version changed.
wanted=$(cat requirements.txt requirements-dev.txt pyproject.toml | sha256sum)
if [ "$(cat .venv/.filled 2>/dev/null || true)" != "$wanted" ]; then
    echo "Chuẩn bị môi trường Python (preparing .venv)..." >&2
    python3.11 -c 'import sys; assert sys.version_info[:2] == (3, 11)'
    [ -x .venv/bin/python ] || python3.11 -m venv .venv
    .venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.txt -r requirements-dev.txt
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    echo "$wanted" >.venv/.filled
fi

# veraPDF, the reference validator of PDF/A, from Maven Central.
if [ "$purpose" = test ] && ! compgen -G '.tools/verapdf/greenfield-apps-*.jar' >/dev/null; then
    echo "Tải veraPDF (fetching veraPDF)..." >&2
    mvn -q -B -f tests/conformance/pom.xml dependency:copy-dependencies -DoutputDirectory="$PWD/.tools/verapdf"
fi
