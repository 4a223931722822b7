"""Signs what stands on its input, a JSON object per line, with botocore's SigV4QueryAuth: a URL per line.

The time is a member of the object and not now, so that others can be asked for the very same URL: this is add_auth() of
SigV4QueryAuth, step by step.
"""

import json
import sys
from datetime import datetime, timezone

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.utils import percent_encode_sequence

for line in sys.stdin:
    wanted = json.loads(line)
    credentials = Credentials(wanted["accessKeyId"], wanted["secretAccessKey"], wanted["sessionToken"] or None)
    signer = SigV4QueryAuth(credentials, wanted["service"], wanted["region"], wanted["expires"])
    # As botocore's own clients write a query, by name: the SDK takes it as a map.
    query = percent_encode_sequence(sorted(wanted["query"].items()))
    request = AWSRequest(method="GET", url=wanted["endpoint"] + ("?" + query if query else ""))
    seconds = wanted["date"] // 1000
    request.context["timestamp"] = datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    signer._modify_request_before_signing(request)
    to_sign = signer.string_to_sign(request, signer.canonical_request(request))
    signer._inject_signature_to_request(request, signer.signature(to_sign, request))
    print(request.url)
