import time

from stance.predictions.stages import Stages


def test_the_time_of_a_stage_within_another_is_its_own_alone():
    stages = Stages()
    started = time.perf_counter()
    with stages("outer"):
        for _ in stages.each("items", (time.sleep(0.01) or k for k in range(3))):
            with stages("inner"):
                time.sleep(0.02)
    elapsed = time.perf_counter() - started
    assert set(stages.seconds) == {"outer", "inner", "items"}
    assert stages.seconds["items"] >= 0.03
    assert stages.seconds["inner"] >= 0.06
    assert sum(stages.seconds.values()) <= elapsed
    assert stages.seconds["outer"] <= elapsed - 0.09


def test_a_stage_that_fails_is_counted_and_closed():
    stages = Stages()
    for _ in range(2):
        try:
            with stages("failing"):
                raise KeyError
        except KeyError:
            continue
    with stages("next"):
        time.sleep(0.01)
    assert stages.seconds["next"] >= 0.01
    assert stages.seconds["failing"] < stages.seconds["next"]
