#!/bin/sh
# Holds the rooms to their order: messages <- actors <- {storage, net <- admin} <- server; the
# command line knows the messages only, and the dashboard's files know nobody.
set -eu
cd "$(dirname "$0")/.."
status=0

complain() {
  printf '%s\n%s\n' "$1" "$2" >&2
  status=1
}

# may ROOM OTHERS...: the rooms whose headers it may include, besides its own.
may() {
  room=$1
  shift
  [ -d "$room" ] || return 0
  for other in messages actors storage net dashboard admin cli server; do
    case " $room $* " in *" $other "*) continue ;; esac
    found=$(grep -rnE "^ *# *include *[<\"]$other/" "$room" --include='*.hpp' --include='*.cpp' --exclude-dir=node_modules || true)
    [ -z "$found" ] || complain "$room must not know $other:" "$found"
  done
}

# never ROOM PATTERN WHAT
never() {
  [ -d "$1" ] || return 0
  found=$(grep -rnE "$2" "$1" --include='*.hpp' --include='*.cpp' || true)
  [ -z "$found" ] || complain "$3 in $1:" "$found"
}

may messages
may actors messages
may storage messages actors
may net messages actors
may dashboard
may admin messages actors net dashboard
may cli messages
for room in messages actors; do
  never "$room" 'include *[<"](boost/asio|boost/beast|sqlite3|ares|openssl)' 'the outside'
done
never actors 'include *<(mutex|shared_mutex|condition_variable)>' 'a lock'
exit $status
