"""A release before answers again."""

from collections.abc import Iterator

from modelwright.maintain.remedies.base import PlainRemedy, Situation, Treatment

_MOST = 3


def _plan(situation: Situation) -> Iterator[Treatment]:
    read = {column.name: column.value_type for column in situation.bundle.schema}
    for bundle in situation.earlier[:_MOST]:
        program = bundle.program
        fits = all(read.get(each.name) == each.type for each in program.inputs)
        if fits and program.task == situation.program.task:
            yield Treatment(
                option=bundle.hash[:12],
                sentence=f"Answer with the release {bundle.hash[:12]} again.",
                program=program,
            )


ROLL_BACK = PlainRemedy("roll back", "Answers with a release before again.", _plan)
