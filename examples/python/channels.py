#!/usr/bin/env python3
"""Creates a signaling channel with boto3 and prints what a WebRTC program needs to join it. Usage: channels.py [NAME]"""
import os
import sys

import boto3


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else f"example-{os.getpid()}"
    # boto3 1.28 and newer read this variable themselves; older ones need to be told.
    video = boto3.client("kinesisvideo", endpoint_url=os.environ.get("AWS_ENDPOINT_URL_KINESIS_VIDEO"))
    arn = video.create_signaling_channel(ChannelName=name)["ChannelARN"]
    try:
        endpoints = video.get_signaling_channel_endpoint(
            ChannelARN=arn,
            SingleMasterChannelEndpointConfiguration={"Protocols": ["WSS", "HTTPS"], "Role": "MASTER"},
        )["ResourceEndpointList"]
        by_protocol = {entry["Protocol"]: entry["ResourceEndpoint"] for entry in endpoints}
        print(f"channel   {arn}\nsignaling {by_protocol['WSS']}")

        signaling = boto3.client("kinesis-video-signaling", endpoint_url=by_protocol["HTTPS"])
        for server in signaling.get_ice_server_config(ChannelARN=arn)["IceServerList"]:
            print(f"relay     {' '.join(server['Uris'])} (for {server['Ttl']} s)")
    finally:
        video.delete_signaling_channel(ChannelARN=arn)


if __name__ == "__main__":
    main()
