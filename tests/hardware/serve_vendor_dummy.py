"""Puts the vendor's own dummy board behind a pseudo-terminal: bytes from the port go in, its answers come out."""

import contextlib
import io
import os
import sys
import tty

from sangaboard.testing import DummySangaboardDevice


def main() -> None:
    port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
    tty.setraw(port)
    dummy = DummySangaboardDevice(firmware_version=sys.argv[2])
    print("ready", flush=True)
    while True:
        received = os.read(port, 1)
        # It prints its buffers; nobody wants them.
        with contextlib.redirect_stdout(io.StringIO()):
            dummy.write(received)
        if dummy.inWaiting() > 0:
            os.write(port, dummy.read_buffer)
            dummy.flushInput()


main()
