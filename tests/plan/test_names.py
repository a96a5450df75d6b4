"""What names say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modelwright.plan import names


@pytest.mark.parametrize(
    "name",
    ["hire_date", "dateOfBirth", "DOB", "last_review", "model_year", "member_since", "Year Built",
     "signup_date", "customer_created_at", "expiry_date", "valid_until", "year_first_hired"],
)  # fmt: skip
def test_attributes(name):
    assert names.is_attribute_date(name)


@pytest.mark.parametrize(
    "name",
    ["date", "order_date", "Yr Sold", "created_at", "opened_at", "cutoff_date", "InvoiceDate",
     "tpep_pickup_datetime", "issue_month", "timestamp"],
)  # fmt: skip
def test_events(name):
    assert names.is_time(name) or names.part_of_date(name)
    assert not names.is_attribute_date(name)
    assert not names.is_late_date(name)


@pytest.mark.parametrize("name", ["updated_at", "close_date", "delivered_on", "end_time"])
def test_late(name):
    assert names.is_late_date(name)


@pytest.mark.parametrize("name", ["visit_type", "order_priority", "session_length", "customer_age"])
def test_what_belongs_to_an_entity_is_none(name):
    assert not names.is_entity(name)


@given(st.text())
def test_any_name_can_be_read(name):
    assert names.words_of(name)
    for read in (names.is_attribute_date, names.is_late_date, names.is_time, names.part_of_date,
                 names.is_entity, names.is_key):  # fmt: skip
        read(name)
