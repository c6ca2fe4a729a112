import pytest

from stance.fields.words import pieces, tweet


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ok :-( ;)", ["ok", "_is_sad", "_winks"]),
        ("I \u2764\ufe0f it \U0001f44d\U0001f3fd", ["I", "_emoji2764", "it", "_emoji1f44d"]),
        ("it\\u2019s &amp; &lt;3", ["it's", "&", "_loves"]),
        ("see http://a.b/c, now", ["see", "now"]),
        ("#StopTheWar2015", ["_stopthewar2015", "Stop", "The", "War", "2015"]),
        ("Why?! No!!!", ["Why?", "_asks", "!", "_exclaims", "No!!!", "_exclaims_much"]),
        ("at 10:30 (see p. 3:)", ["at", "10:30", "(see", "p.", "3:)"]),
    ],
)
def test_signs_of_tweets_become_words(text, words):
    assert tweet(text).split() == words


def test_pieces_cover_each_word_with_its_ends():
    assert set(pieces("été").split()) == {"_ét", "été", "té_", "_été", "été_", "_été_"}
