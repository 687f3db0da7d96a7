"""Who is next: the messages of the pool on one machine, in an order that ends what was begun and lets nobody wait for ever."""

from __future__ import annotations

from collections import deque

from workers.queue import Step

Message = tuple[Step, str]
_IN_A_ROW = 16  # follow-ups that go before those who wait; about a file of ordinary size


class Line:
    """Messages, each in it once. What follows from a step goes first, so that a file is done before the next one is begun; after
    some of these in a row one goes to the end, so that a thick file does not keep a thin one waiting. Not for several threads."""

    def __init__(self) -> None:
        self._waiting: deque[Message] = deque()
        self._known: set[Message] = set()  # waiting, or taken and not done
        self._in_a_row = 0

    def add(self, message: Message, *, follows: bool = False) -> None:
        """Put a message at the end, or to the front where it `follows` from a step that was just done."""
        if message in self._known:
            return
        self._known.add(message)
        if follows and self._in_a_row < _IN_A_ROW:
            self._waiting.appendleft(message)
            self._in_a_row += 1
        else:
            self._waiting.append(message)
            self._in_a_row = 0

    def take(self) -> Message | None:
        """The next message, if any waits; it stays known until it is `done`."""
        return self._waiting.popleft() if self._waiting else None

    def done(self, message: Message) -> None:
        """The step ended, one way or another: its message may come again."""
        self._known.discard(message)

    def clear(self) -> None:
        """Forget those that wait."""
        self._known -= set(self._waiting)
        self._waiting.clear()

    @property
    def empty(self) -> bool:
        """Whether nothing waits and nothing taken is under way."""
        return not self._known
