"""Written dates become ISO dates only where they can be one day."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.articles.dates import NO_DAY, day_first_of, read_day

DATES = st.dates(date(1900, 1, 1), date(2099, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        "2023-03-04",
        "2023-03-04T10:15:00Z",
        "2023/3/4",
        "20230304",
        "4 mars 2023",
        "samedi 4 mars 2023 à 10h15",
        "4 MARS 2023",
        "March 4, 2023",
        "March 4th, 2023",
        "March 4, 2023 Saturday 10:15 AM EST",
        "Sat, 4 Mar 2023 10:15:00 GMT",
        "Saturday 4 March, 2023",
        "4-Mar-2023",
        "4. März 2023",
        "4 de marzo de 2023",
    ],
)
def test_a_date_with_a_name_or_the_year_first_is_one_day(written):
    assert read_day(written).iso(None) == "2023-03-04"


@pytest.mark.parametrize("written", ["1er février 2023", "1 fevrier 2023", "1 févr. 2023", "1 Feb. 2023"])
def test_months_are_known_without_accents_and_in_short(written):
    assert read_day(written).iso(None) == "2023-02-01"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "soon",
        "March 2023",
        "31/02/2023",
        "13/13/2023",
        "12/09/23",
        "31 février 2023",
        "4 mars 2023 - 5 mars 2023",
        "2023114",
        "12345678",
        "2023030411",
    ],
)
def test_what_is_no_day_or_two_days_is_none(written):
    assert read_day(written) == NO_DAY


@settings(deadline=None, max_examples=50)
@given(DATES)
def test_numbers_are_read_in_the_order_that_they_are_written_in(day):
    assert read_day(f"{day:%d/%m/%Y}").iso(True) == day.isoformat()
    assert read_day(f"{day:%m/%d/%Y}").iso(False) == day.isoformat()
    unknown = read_day(f"{day:%d.%m.%Y}").iso(None)
    assert unknown == (day.isoformat() if day.day > 12 or day.day == day.month else None)


def test_days_above_12_show_the_order_where_they_agree():
    assert day_first_of(["12/09/2023", "25/09/2023", "4 mars 2023", "?"]) is True
    assert day_first_of(["12/09/2023", "09/25/2023"]) is False
    assert day_first_of(["25/09/2023", "09/25/2023"]) is None
    assert day_first_of(["12/09/2023", "05/05/2023"]) is None
