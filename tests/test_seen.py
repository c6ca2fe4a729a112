from stance.seen import count_seen, seen_hashes


def test_statements_seen_in_training_are_counted_whatever_their_case_and_punctuation():
    seen = seen_hashes(["Peace, at last.", "War"], ["a1", "a2"])
    assert count_seen(seen, ["peace at last", "Peace?", "WAR!"], ["a1", "a9", "a1"]) == {
        "statements": 2,
        "articles": 1,
    }
