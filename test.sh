#!/usr/bin/env bash
# Runs every test: ./test.sh [ARGUMENTS OF cargo test]
# Or any command beside the same services: ./test.sh --services-only COMMAND...
#
# The tests need RabbitMQ and PostgreSQL. For each of the two, in this order:
#   1. BATON_TEST_AMQP_URL / BATON_TEST_DATABASE_URL, if set: that one, untouched;
#   2. a private one on free ports in a temporary folder, from what is installed;
#   3. on Debian and the like: its package is installed first.
# Private services can be killed and restarted by the tests, through BATON_TEST_AMQP_RESTART and
# BATON_TEST_DATABASE_RESTART (see scripts/private-services.sh). Nothing is left running.
# Exit code: that of cargo test or COMMAND; 2 if there is nothing to run them with.
set -euo pipefail
cd "$(dirname "$0")"

say() { echo "test.sh: $*" >&2; }
fail() { say "$*"; exit 2; }

services_only=
if [[ ${1-} == --services-only ]]; then
  shift
  (($#)) || fail "--services-only needs a command"
  services_only=yes
fi

if [[ ! $services_only ]] && ! command -v cargo >/dev/null; then
  PATH=$HOME/.cargo/bin:$PATH # where rustup puts it; a shell opened before does not know
  command -v cargo >/dev/null || fail "cargo is missing; install Rust from https://rustup.rs"
fi

# ---- What is there, what is missing -------------------------------------------------------------

find_servers() {
  rabbitmq_server=/usr/lib/rabbitmq/bin/rabbitmq-server
  [[ -x $rabbitmq_server ]] && command -v erl epmd >/dev/null || rabbitmq_server=
  local initdb
  initdb=$(printf '%s\n' /usr/lib/postgresql/*/bin/initdb | sort -V | tail -n 1)
  [[ -x $initdb ]] || initdb=$(command -v initdb || true)
  postgres_bin=${initdb%/initdb}
}

find_missing() {
  find_servers
  missing=()
  [[ ${BATON_TEST_AMQP_URL-} || $rabbitmq_server ]] || missing+=(rabbitmq-server)
  [[ ${BATON_TEST_DATABASE_URL-} || $postgres_bin ]] || missing+=(postgresql)
  # Not a service, but a fresh machine with only Rust on it cannot link without one.
  [[ $services_only ]] || command -v cc >/dev/null || missing+=(build-essential)
}

# The packages start system services unless policy-rc.d forbids it. What was there comes back.
install_packages() {
  local as_root=()
  [[ $EUID == 0 ]] || as_root=(sudo)
  "${as_root[@]}" bash -s -- "$@" <<'ROOT'
    set -euo pipefail
    policy=/usr/sbin/policy-rc.d
    kept=$policy.kept-by-baton-test
    restore() {
      rm -f "$policy"
      [[ ! -e $kept ]] || mv "$kept" "$policy"
    }
    trap restore EXIT
    trap 'exit 130' INT TERM HUP
    [[ ! -e $policy || -e $kept ]] || mv "$policy" "$kept"
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update </dev/null
    # A fresh machine may be busy with its own updates: wait for the lock.
    apt-get -qq -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@" \
      </dev/null >/dev/null
ROOT
}

find_missing
if ((${#missing[@]})); then
  if ! command -v apt-get >/dev/null || { [[ $EUID != 0 ]] && ! command -v sudo >/dev/null; }; then
    fail "missing: ${missing[*]}, and no apt-get or no right to use it.
  Install that, or give the addresses of running servers:
    BATON_TEST_AMQP_URL=amqp://USER:PASSWORD@HOST:PORT/VHOST
    BATON_TEST_DATABASE_URL=postgres://USER:PASSWORD@HOST:PORT/DATABASE"
  fi
  say "installing Debian packages: ${missing[*]} (their system services are not started)"
  install_packages "${missing[@]}" 2>&1 | sed 's/^/  /' >&2 || fail "apt-get failed, see above"
  find_missing
  ((${#missing[@]} == 0)) || fail "installed, but still not found: ${missing[*]}"
fi

# ---- Private services ---------------------------------------------------------------------------

dir=$(mktemp -d /tmp/baton-test.XXXXXX) # not TMPDIR: the servers' own users must get into it
command_group=
starters=()

# shellcheck disable=SC2329 # called by the trap
clean_up() {
  local code=$?
  trap '' INT TERM HUP
  trap - EXIT
  set +e
  if [[ $command_group ]]; then
    kill -TERM -- "-$command_group" 2>/dev/null
    for ((i = 0; i < 50; i++)); do
      kill -0 -- "-$command_group" 2>/dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$command_group" 2>/dev/null
  fi
  rm -f "$dir/open" # nothing starts from here on
  ((${#starters[@]} == 0)) || wait "${starters[@]}" 2>/dev/null
  for service in amqp database; do
    [[ ! -e $dir/$service ]] || "$dir/$service" remove
  done
  rm -rf "$dir"
  exit "$code"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

chmod 711 "$dir"
: >"$dir/open"
: >"$dir/not-run"
export BATON_TEST_NOT_RUN=$dir/not-run

taken=" "
free_port() { # below the range from which the kernel takes ports for outgoing connections
  local port
  while :; do
    port=$((RANDOM % 12000 + 20000))
    [[ $taken != *" $port "* ]] && ! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  done
  taken+="$port "
  printf -v "$1" %s "$port"
}

start() { # SERVICE PORT NAME-AND-VERSION
  "$dir/$1" start || exit 1
  say "$3 ready on port $2 after $SECONDS s"
}

# shellcheck disable=SC2034 # they go into settings by name
amqp_port='' dist_port='' epmd_port='' database_port=''
for port in amqp_port dist_port epmd_port database_port; do
  free_port "$port"
done
for name in rabbitmq_server postgres_bin amqp_port dist_port epmd_port database_port; do
  printf '%s=%q\n' "$name" "${!name}"
done >"$dir/settings"

SECONDS=0
if [[ ${BATON_TEST_AMQP_URL-} ]]; then
  say "RabbitMQ: the one in BATON_TEST_AMQP_URL"
  unset BATON_TEST_AMQP_RESTART
else
  ln -s "$PWD/scripts/private-services.sh" "$dir/amqp"
  version=$(readlink -f "$rabbitmq_server" | sed -n 's/.*rabbitmq_server-\([0-9.]*\).*/\1/p')
  start amqp "$amqp_port" "RabbitMQ $version" &
  starters+=($!)
  export BATON_TEST_AMQP_URL="amqp://guest:guest@127.0.0.1:$amqp_port/%2f"
  export BATON_TEST_AMQP_RESTART=$dir/amqp
fi
if [[ ${BATON_TEST_DATABASE_URL-} ]]; then
  say "PostgreSQL: the one in BATON_TEST_DATABASE_URL"
  unset BATON_TEST_DATABASE_RESTART
else
  ln -s "$PWD/scripts/private-services.sh" "$dir/database"
  version=$("$postgres_bin/postgres" --version | sed 's/.*(PostgreSQL) \([^ ]*\).*/\1/')
  start database "$database_port" "PostgreSQL $version" &
  starters+=($!)
  export BATON_TEST_DATABASE_URL="postgres://baton@127.0.0.1:$database_port/baton_test"
  export BATON_TEST_DATABASE_RESTART=$dir/database
fi
for starter in "${starters[@]}"; do
  wait "$starter" || fail "a private service did not start, see above"
done
starters=()

# ---- The command --------------------------------------------------------------------------------

# On a terminal the command stays in front, so that the keyboard and Ctrl-C reach it. Elsewhere it
# gets a process group of its own: a signal to this script then ends all of it, at once.
run() {
  if [[ -t 0 ]]; then
    "$@"
    return
  fi
  set -m
  "$@" <&0 &
  command_group=$!
  set +m
  wait "$command_group"
}

code=0
if [[ $services_only ]]; then
  run "$@" || code=$?
  exit "$code"
fi

run cargo test --locked "$@" || code=$?

if [[ -s $BATON_TEST_NOT_RUN ]]; then
  sed 's/^/not run: /' "$BATON_TEST_NOT_RUN"
elif ((code)); then
  : # a failure ends the run early: nothing can be said about the rest
elif (($#)); then
  echo "every test that was asked for was run"
else
  echo "every test was run"
fi
exit "$code"
