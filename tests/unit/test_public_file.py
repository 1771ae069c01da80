"""Where a value stands among the hospitals of a public file."""

from pathlib import Path

import pytest

from twohats.analysis.measures.cahps.public_file import read_public_file
from twohats.words.problems import Problem

ROWS = ["facility_id,num_completed_surveys,start_date,end_date,H_COMP_1_A_P,H_CLEAN_HSP_A_P",
        "1,300,1/1/2022,12/31/2022,70,60", "2,200,1/1/2022,12/31/2022,80,", "3,100,1/1/2022,12/31/2022,80,70",
        "4,500,1/1/2022,12/31/2022,90,Not Available", "5,99,1/1/2022,12/31/2022,10,10"]


def written(tmp_path: Path, rows: list[str]) -> Path:
    (tmp_path / "public.csv").write_text("\n".join(rows) + "\n")
    return tmp_path / "public.csv"


def test_hospitals_alike_count_half_and_those_with_few_completes_not_at_all(tmp_path: Path):
    position = read_public_file(written(tmp_path, ROWS)).position("H_COMP_1_A_P", 80)
    assert (position.hospitals, position.below, position.alike, position.percentile) == (4, 1, 2, 50.0)
    assert position.quartiles == (77.5, 80.0, 82.5)
    assert (position.first_day, position.last_day) == ("1/1/2022", "12/31/2022")
    assert read_public_file(written(tmp_path, ROWS)).position("H_CLEAN_HSP_A_P", 100).percentile == 100.0


@pytest.mark.parametrize(("at", "row", "said"), [
    (1, "1,300,1/1/2022,12/31/2022,170,60", "line 2: 'H_COMP_1_A_P' does not hold a number from 0 to 100"),
    (1, "1,-3,1/1/2022,12/31/2022,70,60", "line 2: 'num_completed_surveys' does not hold a number"),
    (1, "1,300,1/1/2021,12/31/2021,70,60", "public.csv: its rows are of several periods"),
    (0, "facility_id,start_date,end_date,H_A", "line 1: there is no column 'num_completed_surveys'"),
])
def test_what_cannot_be_a_distribution_is_told(tmp_path: Path, at: int, row: str, said: str):
    rows = list(ROWS)
    rows[at] = row
    with pytest.raises(Problem) as told:
        read_public_file(written(tmp_path, rows))
    assert said in str(told.value)


def test_the_whole_nation_of_2022(shared_data: Path):
    public = read_public_file(shared_data / "cahps" / "hcahps_2022_hospitals.csv")
    nurses = public.position("H_COMP_1_A_P", public.position("H_COMP_1_A_P", 0).quartiles[1])
    assert 40 < nurses.percentile < 60
    assert nurses.hospitals > 2000
