"""A voice-based guided grounding assistant. See docs/architecture.md for the house and its laws."""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
# Law 9. Since 1.29 onnxruntime reports its use to its maker and keeps an id of the machine in the home directory; only
# this, set before it is loaded, keeps it from both (its Privacy.md). tests/test_privacy.py watches that it works.
