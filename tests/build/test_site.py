from build_examples import ignore, make_folds, make_rows
from modelwright.build.engine import Question, build_program
from modelwright.compute.budget import Budget
from modelwright.compute.crews.processes import Processes
from modelwright.learners.registry import LEARNERS
from modelwright.predictor.storage.storage import write_program
from modelwright.tasks.metrics import METRICS


def build(*learners, crew=None, schedule=None, report=ignore):
    rows = make_rows("regression")
    return build_program(
        Question(metric=METRICS["rmse"], learners=learners),
        rows,
        make_folds(rows, 3),
        budget=Budget.start(60),
        report=report,
        schedule=schedule,
        crew=crew,
    )


def check_same_program(crew):
    """What a crew builds by the clock, this process builds again from its record, and back."""
    far = build(LEARNERS["linear"], LEARNERS["rule"], crew=crew)
    here = build(schedule=far.schedule)
    back = build(schedule=here.schedule, crew=crew)
    programs = [write_program(each.program) for each in (far, here, back)]
    assert programs[0] == programs[1] == programs[2]
    assert far.schedule.cores == crew.workers


def test_processes_build_the_program_that_this_process_builds():
    crew = Processes(workers=2)
    try:
        check_same_program(crew)
    finally:
        crew.close()
