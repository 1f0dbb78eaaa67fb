#!/usr/bin/env bash
# Whether the node in this container is ready, for HEALTHCHECK: the image has no HTTP client.
set -euo pipefail
exec 3<>"/dev/tcp/${AKKASINKS_NODE_HOST:-127.0.0.1}/8558"
printf 'GET /ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
IFS= read -r status <&3
echo "$status"
[[ $status == *' 200 '* ]]
