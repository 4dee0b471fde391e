# shellcheck shell=bash
# The site: ./book docs. A part of ./book.

site=$root/build/docs

docs() {
  local serve='' pdf='' epub=''
  while (($#)); do
    case $1 in
      --serve) serve=1 ;;
      --pdf) pdf=1 ;;
      --epub) epub=1 ;;
      *) misuse "docs: wanted --serve, --pdf or --epub, found '$1'" ;;
    esac
    shift
  done
  setup_site ${pdf:+browser}
  build_site html || die "the site was not built, see above"
  say "The site: $site/html/index.html"
  if [[ $epub ]]; then
    build_site epub || die "the EPUB was not built, see above"
    say "The EPUB: $site/epub/elbo.epub"
  fi
  if [[ $pdf ]]; then
    build_site singlehtml || die "the PDF was not built, see above"
    node "$root/docs/print.mjs" "$site/singlehtml/index.html" "$site/elbo.pdf" ||
      die "the PDF was not printed, see above"
    say "The PDF: $site/elbo.pdf"
  fi
  [[ ! $serve ]] || exec "$python" "$root/docs/serve.py" "$root"
}

setup_site() {  # LIST...: more packages than the site's own
  setup docs "$@"
  if ! has npm; then
    is_debian || die "npm is missing; install Node.js with npm by this system's own means"
    install nodejs npm
  fi
  npm_modules
  [[ $site/static/styles/furo.css -nt $root/docs/assets.mjs &&
    $site/static/styles/furo.css -nt $site/package-lock.json ]] ||
    node "$root/docs/assets.mjs" "$("$python" -c 'import furo; print(furo.__path__[0])')" \
      "$site/static" || die "the theme's assets were not built, see above"
  instruments || die "the instruments were not built, see above"
}

instruments() {  # the C++ of the pages for the browser, and the scripts around it
  local output
  if ! has em++; then
    say "No emscripten: figures stand where the instruments would."
    rm -rf "$site/static/interactive"
    return
  fi
  rm -rf "$site/html/_static/interactive"  # scripts of another time
  output=$(cd "$root" && cmake --preset wasm 2>&1 && cmake --build --preset wasm 2>&1) ||
    { say "$output"; return 1; }
  node "$root/docs/interactive/build.mjs" "$root/build/wasm/bin" "$site/static/interactive"
}

npm_modules() {  # as docs/package-lock.json has them
  local output
  mkdir -p "$site"
  ! cmp -s "$root/docs/package-lock.json" "$site/package-lock.json" ||
    [[ ! -e $site/node_modules/.package-lock.json ]] || return 0
  say "Installing npm packages (this can take a minute)."
  cp "$root/docs/package.json" "$site/"
  cp "$root/docs/package-lock.json" "$site/package-lock.new"
  rm -rf "$site/node_modules" "$site/package-lock.json"
  mv "$site/package-lock.new" "$site/package-lock.json"
  output=$(cd "$site" && npm ci --ignore-scripts --no-audit --no-fund 2>&1) && return
  rm -f "$site/package-lock.json"
  say "$output"
  die "npm could not fetch its packages; with a network the same command goes on"
}

check_site() (  # every page in a browser; the extensions on a small site of their own
  setup_site browser
  build_site html && node "$root/tests/docs/browser.mjs" "$site/html" && check_instruments &&
    "$python" -B -m unittest discover -q -s "$root/tests/docs" -p '*_test.py'
)

check_instruments() {  # the scripts' types; every instrument used, and its C++ beside the native one
  [[ -e $site/static/interactive ]] || return 0
  node "$site/node_modules/typescript/bin/tsc" --project "$root/docs/interactive" &&
    node "$root/tests/docs/interactive.mjs" "$site/html" "$root/build/release/bin/interactive_calls"
}

build_site() {  # BUILDER
  local output
  (cd "$root" && doxygen docs/Doxyfile) || return 1
  output=$("$python" -m sphinx -b "$1" -n -W --keep-going -q -d "$site/doctrees-$1" \
    "$root/docs" "$site/$1" 2>&1) || { say "$output"; return 1; }
}
