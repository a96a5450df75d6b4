from types import SimpleNamespace

import numpy as np
import pytest

from graph_models import listed_program
from modelwright.build.unanswered import require_answers
from modelwright.errors import InputError


def test_a_row_that_cannot_be_answered_is_told_with_its_values():
    program, rows = listed_program(), SimpleNamespace(columns={"age": np.array([0.0, 7.0, 9.0])})
    answers = program.run(rows.columns)
    require_answers(program, rows, answers[:1])
    with pytest.raises(InputError, match=r"cannot answer 2 of 3 rows .* with age = 7\.0\."):
        require_answers(program, rows, answers)
