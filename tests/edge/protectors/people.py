"""Somebody who answers what a protector asks."""

from dataclasses import dataclass, field


@dataclass
class Person:
    """Gives the answers in turn, the last one from then on, and remembers what was asked."""

    answers: list[str]
    asked: list[str] = field(default_factory=list[str])

    def __call__(self, words: str) -> str:
        self.asked.append(words)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
