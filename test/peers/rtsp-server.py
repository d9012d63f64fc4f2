"""Serves one H.264 MP4 file over RTSP on the loopback address, for tests: a real camera's other end.

    python3 rtsp-server.py CLIP.mp4 [--port PORT] [--login NAME:PASSWORD]

Prints `port NNNNN` once it listens (any free port unless one is asked for) and serves until it is
killed, or until its standard input is closed, so that it never outlives the test that started it.
Every client gets the clip from its first frame, at the clip's own pace.
"""

import argparse
import sys
import threading

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

arguments = argparse.ArgumentParser()
arguments.add_argument("clip")
arguments.add_argument("--port", default="0")
arguments.add_argument("--login")
given = arguments.parse_args()

Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service(given.port)

factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(
    f'( filesrc location="{given.clip}" ! qtdemux ! h264parse config-interval=-1 ! rtph264pay name=pay0 pt=96 )'
)

if given.login:
    name, password = given.login.split(":", 1)
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "user")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(name, password), token)
    server.set_auth(auth)
    permissions = GstRtspServer.RTSPPermissions()
    permissions.add_role("user")
    permissions.add_permission_for_role("user", "media.factory.access", True)
    permissions.add_permission_for_role("user", "media.factory.construct", True)
    factory.set_permissions(permissions)

server.get_mount_points().add_factory("/lobby", factory)
if server.attach(None) == 0:
    sys.exit("cannot listen")

loop = GLib.MainLoop()


def end_with_the_test():
    sys.stdin.read()
    loop.quit()


threading.Thread(target=end_with_the_test, daemon=True).start()
print(f"port {server.get_bound_port()}", flush=True)
loop.run()
