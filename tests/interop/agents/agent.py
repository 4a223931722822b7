"""The client's end of support/agent.mjs: takes one JSON object per line, does it, tells the outcome."""

import json
import sys
import threading

_output = threading.Lock()


def _say(what):
    with _output:
        print(json.dumps(what, default=str), flush=True)


def tell(peer, event, **more):
    """Tells the test what happened to one of the agent's peers."""
    _say({"peer": peer, "event": event, **more})


def serve(abilities, describe):
    """`describe` turns what a client raised into what a program that uses it sees."""
    abilities = {"hello": lambda: True, **abilities}
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            _say({"id": asked["id"], "result": abilities[asked["do"]](*asked["args"])})
        except Exception as error:  # Whatever the client raises is the outcome.
            _say({"id": asked["id"], "error": {"message": str(error), "name": type(error).__name__, **describe(error)}})
