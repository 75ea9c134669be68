"""Sockets are shut down when their time is over, and left alone when it was ended before."""

import socket
from collections.abc import Iterator

import pytest

from chatpaper.domain.connections.socket_deadline import SocketDeadline

PATIENCE_SECONDS = 20.0


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(PATIENCE_SECONDS)
        yield here, there


def test_what_reads_from_a_socket_sees_its_end_when_the_time_is_over(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    deadline = SocketDeadline(0.05)
    deadline.hold(pair[0])
    assert pair[0].recv(1) == b""
    assert deadline.is_over


def test_a_socket_that_comes_too_late_is_shut_down_at_once(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    deadline = SocketDeadline(0.0)
    first, second = socket.socketpair()
    with first, second:
        deadline.hold(first)
        assert first.recv(1) == b""
    deadline.hold(pair[0])
    assert pair[0].recv(1) == b""


def test_an_answer_that_ended_in_time_is_left_alone(
    pair: tuple[socket.socket, socket.socket],
) -> None:
    deadline = SocketDeadline(PATIENCE_SECONDS)
    deadline.hold(pair[0])
    deadline.end()
    deadline.extend(0.0)
    pair[1].sendall(b"x")
    assert (pair[0].recv(1), deadline.is_over) == (b"x", False)


def test_more_time_counts_from_the_beginning(pair: tuple[socket.socket, socket.socket]) -> None:
    deadline = SocketDeadline(PATIENCE_SECONDS)
    deadline.hold(pair[0])
    deadline.extend(0.05)
    assert pair[0].recv(1) == b""
