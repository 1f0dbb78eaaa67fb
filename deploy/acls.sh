#!/usr/bin/env bash
# Prints what a sink must be allowed, ready to be run: for Kafka as shell commands, for Postgres as SQL.
#   deploy/acls.sh kafka SINK [--principal User:sink] [--make-topics] [--url http://127.0.0.1:6876]
#   deploy/acls.sh postgres SINK [--make-publication] [--url http://127.0.0.1:6876]
# The list is the node's, of SHOW RIGHTS FOR SINK; nothing is changed anywhere.
set -euo pipefail

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
}

[ $# -ge 2 ] || usage
case $1 in
  kafka) system=KAFKA ;;
  postgres) system=POSTGRES ;;
  *) usage ;;
esac
sink=$2
shift 2
principal=User:NAME
needed=always
url=${AKKASINKS_URL:-http://127.0.0.1:6876}
while [ $# -gt 0 ]; do
  case "$system $1" in
    "KAFKA --principal") principal=${2:?"--principal needs a value"} && shift ;;
    "KAFKA --make-topics") needed='(always|to make the topic)' ;;
    "POSTGRES --make-publication") needed="(always|to make the sink's publication)" ;;
    *" --url") url=${2:?"--url needs a value"} && shift ;;
    *) usage ;;
  esac
  shift
done

home=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rights=$("$home/akkasinks" sql --url "$url" "SHOW RIGHTS FOR SINK $sink")
# To sed a principal is text: a certificate's name may hold what sed takes for more.
escaped=$(printf '%s' "$principal" | sed 's/[&|\\]/\\&/g')
printf '%s\n' "$rights" | sed -En "s/^ *$system *\| $needed *\| *//p" | sed "s|User:NAME|$escaped|"
