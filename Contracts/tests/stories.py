"""The stories of Docs/protocol.md (`Tests/Stories/*.json`), and the proofs that they need."""

import json
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "Tests" / "Stories"


def load():
    """All stories by file name."""
    return {path.stem: json.loads(path.read_text()) for path in sorted(FOLDER.glob("*.json"))}


def account_number(story, actor):
    """The chain's account that plays an actor: the first one deploys."""
    return 1 + list(story["actors"]).index(actor)


def proof_name(file, actor, round, model):
    """The fixture of an actor's commitment to a model in a round, and of its proof."""
    return f"{file}/{actor}/{round}/{','.join(str(value) for value in model)}"


def commitments(story):
    """Each (actor, round, model) that a story commits to, once."""
    seen = []
    for step in story["steps"]:
        if step["do"] == "commitModel":
            entry = (step["by"], step.get("round", 0), step["model"])
            if entry not in seen:
                seen.append(entry)
    return seen
