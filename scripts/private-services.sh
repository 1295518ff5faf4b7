#!/usr/bin/env bash
# One private RabbitMQ or PostgreSQL for the tests: on 127.0.0.1 only, nothing outside one folder.
#
#   DIR/amqp      start|stop|kill9|restart
#   DIR/database  start|stop|kill9|restart|immediate
#
# test.sh makes DIR and links this file into it once per service: the name it is called by says
# which service is meant, so a test needs one path without spaces and adds the action.
# Every action returns when it is done; `start` when the service answers its protocol.
#   stop       as an operator would; the service finishes what it does
#   kill9      the server and all its processes die at once, as in a power cut
#   immediate  PostgreSQL aborts its connections, then recovers from its log
# Exit code 1: it did not work (the log's end is printed). 2: wrong call.
# shellcheck disable=SC2154 # the ports and the programs' places come from DIR/settings
set -euo pipefail

dir=$(cd "$(dirname "$0")" && pwd)
service=$(basename "$0")
home=$dir/$service.d # data, log and HOME of the service, owned by the user it runs as
log=$dir/$service.log
deadline_seconds=60

[[ -f $dir/settings ]] || { echo "$0: start this through test.sh" >&2; exit 2; }
# shellcheck source=/dev/null
source "$dir/settings"

# Reads state, parent and start time of a process. A zombie counts as gone: in a container
# nobody may collect it.
read_process() {
  local line fields
  read -r line 2>/dev/null <"/proc/$1/stat" || return 1
  read -ra fields <<<"${line##*) }"
  parent=${fields[1]} born=${fields[19]}
  [[ ${fields[0]} != Z ]]
}

# The start time is kept beside the id, so that a reused id is never taken for our process.
running() {
  local expected
  pid=
  read -r pid expected 2>/dev/null <"$dir/$1.pid" && read_process "$pid" && [[ $born == "$expected" ]]
}

# A service gets an empty environment (no RABBITMQ_*, PG* or secrets of the caller) and a session
# of its own, so that Ctrl-C reaches it only through test.sh.
spawn() {
  local name=$1 pid
  shift
  trap : INT TERM HUP # no dying between the start and the note of its id
  (cd "$home" && exec setsid "${as_user[@]}" env -i "PATH=$PATH" "HOME=$home" LANG=C.UTF-8 "$@") \
    </dev/null >>"$log" 2>&1 &
  pid=$!
  if read_process "$pid"; then
    echo "$pid $born" >"$dir/$name.pid" || true
  fi
  # test.sh removes `open` before it looks for processes to end: either it sees our id or we see this.
  [[ -e $dir/open ]] || { kill -KILL "$pid"; exit 1; }
  trap - INT TERM HUP
}

end() { # NAME SIGNAL
  if running "$1"; then
    local pid=$pid
    kill "-$2" "$pid" 2>/dev/null || true
    wait_until gone "$1"
  fi
  rm -f "$dir/$1.pid"
}

gone() { ! running "$1"; }

# PostgreSQL's processes outlive their parent for a moment and would block the next start.
# The parent is frozen first, so that it gets no new ones meanwhile.
kill_tree() {
  running "$1" || return 0
  local root=$pid child children=()
  kill -STOP "$root" 2>/dev/null || true
  for child in /proc/[0-9]*; do
    read_process "${child#/proc/}" && [[ $parent == "$root" ]] && children+=("${child#/proc/}")
  done
  kill -KILL "$root" "${children[@]}" 2>/dev/null || true
  for child in "$root" "${children[@]}"; do
    wait_until dead "$child"
  done
  rm -f "$dir/$1.pid"
}

dead() { ! read_process "$1"; }

wait_until() {
  local give_up=$((SECONDS + deadline_seconds))
  until "$@"; do
    if ((SECONDS >= give_up)); then
      echo "$service: \`$*\` not reached in $deadline_seconds s; end of $log:" >&2
      tail -n 15 "$log" >&2
      exit 1
    fi
    sleep 0.1
  done
}

started() {
  [[ -e $dir/open ]] || exit 1
  answers && return
  running "$service" && return 1
  echo "$service: the server ended while starting; end of $log:" >&2
  tail -n 15 "$log" >&2
  exit 1
}

own_home() {
  [[ -d $home ]] && return
  mkdir -m 700 "$home"
  [[ $EUID != 0 ]] || chown "$user:" "$home"
}

# ---- RabbitMQ -----------------------------------------------------------------------------------
# The server's own script, not Debian's wrapper: that one insists on the system's node.

start_amqp() {
  own_home
  : >"$dir/none.conf"
  echo '[].' >"$dir/none.erl"
  mkdir -p "$dir/none.d"
  # An epmd of our own: the port mapper that Erlang starts by itself would be shared and stay.
  running epmd || spawn epmd epmd -port "$epmd_port" -address 127.0.0.1
  # RUNNING_UNDER_SYSTEMD: the script then becomes the server instead of its parent.
  # The files and folders that hold nothing keep /etc/rabbitmq out of it.
  running amqp || spawn amqp \
    RUNNING_UNDER_SYSTEMD=true \
    ERL_EPMD_PORT="$epmd_port" ERL_EPMD_ADDRESS=127.0.0.1 \
    RABBITMQ_NODENAME="baton-test-$amqp_port@localhost" \
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$amqp_port" \
    RABBITMQ_DIST_PORT="$dist_port" \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" \
    RABBITMQ_MNESIA_BASE="$home/mnesia" RABBITMQ_LOG_BASE="$home/log" \
    RABBITMQ_SCHEMA_DIR="$home/schema" RABBITMQ_PID_FILE="$home/pid" \
    RABBITMQ_CONF_ENV_FILE="$dir/none.conf" RABBITMQ_CONFIG_FILE="$dir/none.conf" \
    RABBITMQ_ADVANCED_CONFIG_FILE="$dir/none.erl" RABBITMQ_CONFIG_FILES="$dir/none.d" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$dir/none.erl" \
    "$rabbitmq_server"
  wait_until started
}

# It greets with a method frame (type 1) as soon as it takes logins; a bare open port is too early.
answers_amqp() {
  local greeting
  greeting=$({
    exec 3<>"/dev/tcp/127.0.0.1/$amqp_port" && printf 'AMQP\x00\x00\x09\x01' >&3 &&
      timeout 2 head -c 1 <&3 | od -An -tu1
  } 2>/dev/null)
  [[ ${greeting// /} == 1 ]]
}

# ---- PostgreSQL ---------------------------------------------------------------------------------
# fsync stays on: the kill tests prove something about what was committed.

start_database() {
  if [[ ! -d $home ]]; then
    own_home
    (cd "$home" && "${as_user[@]}" "$postgres_bin/initdb" --pgdata data --username baton \
      --auth trust --encoding UTF8 --locale C.UTF-8 --no-sync >>"$log" 2>&1) ||
      { tail -n 15 "$log" >&2; exit 1; }
  fi
  if ! running database; then
    # Left by a kill. While nobody has collected the dead server, the new one takes it for alive.
    rm -f "$home/data/postmaster.pid"
    spawn database "$postgres_bin/postgres" -D "$home/data" -p "$database_port" \
      -c listen_addresses=127.0.0.1 -c unix_socket_directories=
  fi
  wait_until started
  [[ -e $home/created ]] && return
  env -i "$postgres_bin/createdb" -h 127.0.0.1 -p "$database_port" -U baton baton_test
  : >"$home/created"
}

answers_database() {
  "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$database_port" -U baton -t 2
}

# -------------------------------------------------------------------------------------------------

case $service in
  amqp) account=rabbitmq stop_signal=TERM ;;
  database) account=postgres stop_signal=INT ;; # INT: its "fast" shutdown
  *) echo "$0: call it as \`amqp\` or \`database\`" >&2; exit 2 ;;
esac

# PostgreSQL refuses to run as root, and RabbitMQ has no need to.
as_user=()
if [[ $EUID == 0 ]]; then
  user=$account
  id "$user" >/dev/null 2>&1 || user=nobody
  as_user=(setpriv "--reuid=$user" "--regid=$(id -g "$user")" --clear-groups)
fi

start() { "start_$service"; }
answers() { "answers_$service"; }

case $service.${1-} in
  *.start) start ;;
  *.stop) end "$service" "$stop_signal" ;;
  *.kill9) kill_tree "$service" ;;
  *.restart) end "$service" "$stop_signal"; start ;;
  database.immediate) end database QUIT; start ;;
  # For test.sh: the end of everything; the data is thrown away, so there is nothing to finish.
  *.remove) kill_tree "$service"; [[ $service != amqp ]] || kill_tree epmd ;;
  *) sed -n '4,5s/^# *//p' "${BASH_SOURCE[0]}" >&2; exit 2 ;;
esac
