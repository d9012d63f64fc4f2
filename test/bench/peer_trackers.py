"""Follows the boxes of a recording with trackers from PyPI, for `npm run bench -- --only peers --python PYTHON`.

    PYTHON peer_trackers.py RECORDING.jsonl

Prints a line `NAME VERSION` a tracker that is installed, then answers each line it reads with one of JSON: processor
milliseconds a frame by name. PYTHON needs norfair, or trackers with supervision, which run on boxes and nothing else.
"""

import importlib.metadata
import json
import sys
import time

import numpy as np

frames = []
with open(sys.argv[1], encoding="utf8") as lines:
    next(lines)
    for line in lines:
        seen = json.loads(line)
        people = seen.get("people")
        if people is not None:
            frames.append(np.array([one[:5] for one in people], dtype=float).reshape(-1, 5))

trackers = {}

try:
    import norfair

    def with_norfair():
        tracker = norfair.Tracker(distance_function="iou", distance_threshold=0.7)
        for boxes in frames:
            tracker.update(
                [
                    norfair.Detection(points=box[:4].reshape(2, 2), scores=np.array([box[4], box[4]]))
                    for box in boxes
                ]
            )

    trackers["norfair"] = with_norfair
except ImportError:
    pass

try:
    import supervision
    from trackers import ByteTrackTracker, OCSORTTracker, SORTTracker

    def with_trackers(kind):
        def follow():
            tracker = kind(frame_rate=5.0)
            for boxes in frames:
                tracker.update(
                    supervision.Detections(
                        xyxy=boxes[:, :4], confidence=boxes[:, 4], class_id=np.zeros(len(boxes), dtype=int)
                    )
                )

        return follow

    for kind in (SORTTracker, ByteTrackTracker, OCSORTTracker):
        trackers[f"trackers {kind.__name__}"] = with_trackers(kind)
except ImportError:
    pass

for name in trackers:
    print(name, importlib.metadata.version(name.split()[0]), flush=True)
print("ready", flush=True)
for _ in sys.stdin:
    took = {}
    for name, follow in trackers.items():
        before = time.process_time()
        follow()
        took[name] = (time.process_time() - before) * 1000 / len(frames)
    print(json.dumps(took), flush=True)
