"""Drives the board at a port with the vendor's client, unmodified, and prints what it reads back as JSON."""

import json
import sys
import time

from sangaboard import Sangaboard


def move_and_stop(board: Sangaboard, result: dict) -> None:
    """Without blocking, a move goes on while it is asked about, and can be stopped."""
    board.query("blocking_moves false")
    board.query("mrz 20000")
    time.sleep(0.3)
    result["moving"] = board.query("moving?")
    result["on_the_way"] = list(board.position)
    board.query("stop")
    result["moving_after_stop"] = board.query("moving?")
    result["stopped"] = list(board.position)
    time.sleep(0.2)
    result["later"] = list(board.position)


def main() -> None:
    with Sangaboard(sys.argv[1]) as board:
        result = {"firmware": board.firmware, "board": board.board, "modules": board.list_modules()}
        result["start"] = list(board.position)
        board.move_rel([100, -50, 300])
        result["after_move_rel"] = list(board.position)
        board.move_rel(-120, axis="z")
        result["after_axis_move"] = list(board.position)
        board.move_abs([0, 0, 500])
        result["after_move_abs"] = list(board.position)
        result["step_time_us"] = board.step_time

        if board.version_tuple[0] >= 1:
            move_and_stop(board, result)
        board.release_motors()
        board.zero_position()
        result["zeroed"] = list(board.position)
    json.dump(result, sys.stdout)


main()
