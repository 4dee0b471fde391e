# shellcheck shell=bash
# What the machine has and lacks, and how it gets it. A part of ./book.

has() { command -v "$1" >/dev/null; }

packages() {  # LIST...: what stands in cmake/packages/LIST.txt
  local lists=("${@/%/.txt}")
  sed 's/#.*//; s/[[:space:]]//g; /^$/d' "${lists[@]/#/$root/cmake/packages/}" | sort -u
}

installed() {  # PACKAGE...: "name version" of those that are
  # dpkg-query fails if it knows nothing of one of them.
  { dpkg-query -Wf '${Package} ${Version} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } |
    sed -n 's/ installed$//p' | sort -u
}

missing() {  # LIST...
  local wanted
  mapfile -t wanted < <(packages "$@")
  comm -23 <(printf '%s\n' "${wanted[@]}") <(installed "${wanted[@]}" | cut -d' ' -f1)
}

# Without Debian's packages the libraries are for cmake to find; it needs these to look.
missing_tools() {
  local tool
  for tool in cmake ninja c++ "$python"; do has "$tool" || echo "$tool"; done
}

is_debian() { has apt-get && has dpkg-query; }

apt_line() { echo "apt-get update && apt-get install -y --no-install-recommends $*"; }

setup() {  # LIST...
  local lack
  if is_debian; then
    mapfile -t lack < <(missing "$@")
    ((${#lack[@]} == 0)) || install "${lack[@]}"
  else
    mapfile -t lack < <(missing_tools)
    say "No apt-get: nothing is installed. Needed, by Debian's names: $(packages "$@" | xargs)"
    ((${#lack[@]} == 0)) || die "missing: ${lack[*]}; install them by this system's own means"
    say "Going on with what is here; cmake names a library that it does not find."
  fi
}

install() {  # PACKAGE...
  local output apt=(env LC_ALL=C DEBIAN_FRONTEND=noninteractive
    apt-get -q -o DPkg::Lock::Timeout=300)
  if (($(id -u) != 0)); then
    has sudo || die "packages are missing, with neither root nor sudo to install them;" \
      "ask an administrator to run: $(apt_line "$@")"
    apt=(sudo "${apt[@]}")
  fi
  say "Installing (this can take minutes): $*"
  # An update that fails may leave lists that are good enough: the install decides.
  output=$({ "${apt[@]}" update || true
    "${apt[@]}" install -y --no-install-recommends "$@"; } 2>&1) && return
  if grep -qE 'Could not (resolve|connect)|Temporary failure|Network is unreach' <<<"$output"; then
    die "no network to fetch packages from; connect, then run: $(apt_line "$@")"
  fi
  say "$output"
  die "apt-get failed, see above; once that is mended, run the same command again"
}

doctor() {  # fails if ./book run would have to install something
  local list lack name built=("$root"/build/release/bin/[0-9][0-9]_*) status=0
  row() { printf '%-20s %s\n' "$@"; }
  if is_debian; then
    mapfile -t lack < <(packages run test exercise data bench docs browser)
    installed "${lack[@]}" | xargs -r printf '%-20s %s\n'
    for list in run test exercise data bench docs browser; do
      mapfile -t lack < <(missing "$list")
      ((${#lack[@]})) || continue
      [[ $list != run ]] || status=1
      row "MISSING for $list" "as root: $(apt_line "${lack[@]}")"
    done
  else
    mapfile -t lack < <(missing_tools)
    ((${#lack[@]} == 0)) || status=1
    row "no apt-get" "missing: ${lack[*]:-nothing}; cmake looks for the libraries"
  fi
  row compiler "$(has c++ && c++ --version | sed -n 1p || echo none)"
  row cores "$(nproc)"
  row "vector extensions" "$(grep -owE 'sse4_2|avx2?|fma|avx512f|asimd|sve' /proc/cpuinfo |
    sort -u | xargs)"
  row memory "$(sed -nE 's/^MemTotal: *([0-9]+).*/\1/p' /proc/meminfo |
    numfmt --from-unit=Ki --to=iec)"
  row disk "$(df -h --output=avail "$root" | tail -n 1 | xargs) free"
  row "chapters built" "${#built[@]} of $(all_chapters | wc -l)"
  for name in mnist binarized-mnist; do
    row "$name" "$(data_folder "$name" || echo "not here; ./book data $name fetches it")"
  done
  return "$status"
}
