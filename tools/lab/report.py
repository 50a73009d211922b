# SPDX-License-Identifier: GPL-2.0-or-later
"""What the demonstration prints, and whether all of it was as expected."""


class Report:
    """Prints things as they happen."""

    def __init__(self):
        self.failed = []
        self._sections = 0

    def title(self, text):
        """A heading."""
        print(f"\n{text}\n" if self._sections else f"{text}\n", flush=True)
        self._sections += 1

    @staticmethod
    def say(text):
        """A plain line."""
        print(f"  {text}", flush=True)

    @staticmethod
    def quote(text):
        """What a program said."""
        for line in text.splitlines():
            print(f"      {line}", flush=True)

    @staticmethod
    def event(seconds, text):
        """Something that happened so many seconds after its cause."""
        print(f"    {seconds:+6.2f} s  {text}", flush=True)

    def expect(self, held, text):
        """Something that has to be so."""
        print(f"  => {'as expected' if held else 'NOT AS EXPECTED'}: {text}", flush=True)
        if not held:
            self.failed.append(text)

    @staticmethod
    def table(rows):
        """Rows of cells; the first row is the heading."""
        widths = [max(map(len, column)) for column in zip(*rows)]
        rule = ["-" * width for width in widths]
        for row in [rows[0], rule, *rows[1:]]:
            cells = (cell.ljust(width) for cell, width in zip(row, widths))
            print(f"  {'  '.join(cells)}".rstrip(), flush=True)
