#!/usr/bin/env bash
# A signaling channel's whole life with the AWS CLI: create, describe, find its endpoints, get ICE servers, delete.
# Usage: channel.sh [NAME]
set -euo pipefail

name=${1:-example-$$}
# AWS CLI 2.13 and newer read AWS_ENDPOINT_URL_KINESIS_VIDEO themselves; older ones need to be told.
kinesisvideo() { aws kinesisvideo ${AWS_ENDPOINT_URL_KINESIS_VIDEO:+--endpoint-url "$AWS_ENDPOINT_URL_KINESIS_VIDEO"} "$@"; }

arn=$(kinesisvideo create-signaling-channel --channel-name "$name" --query ChannelARN --output text)
trap 'kinesisvideo delete-signaling-channel --channel-arn "$arn"' EXIT
echo "Created $arn"

kinesisvideo describe-signaling-channel --channel-name "$name" --query ChannelInfo.ChannelStatus --output text

https=$(kinesisvideo get-signaling-channel-endpoint --channel-arn "$arn" \
  --single-master-channel-endpoint-configuration Protocols=HTTPS,Role=MASTER \
  --query 'ResourceEndpointList[0].ResourceEndpoint' --output text)
echo "ICE servers from $https"
aws kinesis-video-signaling get-ice-server-config --endpoint-url "$https" --channel-arn "$arn" \
  --query 'IceServerList[].Uris' --output text
