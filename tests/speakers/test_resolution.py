from stance.segmentation import segment


def speakers(text, lang):
    return [s.speaker for s in segment(text, lang)]


def test_a_pronoun_stands_for_the_last_named_speaker():
    assert speakers("Jan Horvat a dit oui. Il a ajouté qu'il viendrait.", "fr") == [
        "Jan Horvat",
        "Jan Horvat",
    ]


def test_a_pronoun_is_left_open_after_two_other_persons():
    text = "Jan Horvat a dit oui. Luka Peric a retrouvé Ivo Brozek. Il a dit le regretter."
    assert speakers(text, "fr") == ["Jan Horvat", None, None]


def test_a_pronoun_is_left_open_where_another_person_came_in_before_the_last_sentence():
    text = (
        "Jan Horvat a dit oui. Luka Peric est arrivé en retard. La salle était vide. Il a dit le regretter."
    )
    assert speakers(text, "fr")[-1] is None


def test_a_pronoun_stands_for_the_one_person_of_the_sentence_before():
    text = "Jan Horvat said yes. Luka Peric, the mayor, was late. “The train broke down,” he said. “I ran.”"
    assert speakers(text, "en") == ["Jan Horvat", None, "Luka Peric", "Luka Peric"]


def test_a_surname_is_that_of_a_person_whom_the_article_names_in_full():
    text = "Talks with Ann Lee ended. Lee said yes. “Of course,” she added."
    assert speakers(text, "en") == [None, "Lee", "Lee"]


def test_a_pronoun_does_not_look_back_many_paragraphs():
    text = "Jan Horvat a dit oui.\n\nLe pont est clos.\n\nLa mer est calme.\n\nIl a dit non."
    assert speakers(text, "fr")[-1] is None


def test_the_speaker_of_a_pronoun_points_at_the_name():
    text = "Jan Horvat said yes. He added that he would come."
    second = segment(text, "en")[1]
    assert text[second.speaker_start : second.speaker_end] == "Jan Horvat"
    assert second.speaker_start < second.start
    assert second.cue == "added"


def test_a_quotation_over_paragraphs_has_one_speaker():
    text = "« Nous avons perdu dix ans. C'est long.\n\n« Assez », a dit le roi."
    assert speakers(text, "fr") == ["le roi"] * 3


def test_a_quotation_that_lost_its_closing_mark_ends_with_its_sentence():
    found = segment("« Partons, a crié le guide. La foule a suivi.", "fr")
    assert [(s.kind, s.speaker) for s in found] == [("direct", "le guide"), ("narration", None)]


def test_a_quotation_without_attribution_goes_on_with_the_speaker_before_it():
    assert speakers("“No,” said Petra Novak. “Never.” The hall rose.", "en") == [
        "Petra Novak",
        "Petra Novak",
        None,
    ]


def test_a_mixed_quotation_is_indirect_and_a_quoted_main_clause_direct():
    text = "Le texte est « bancal », a jugé Rome. « Il est bancal », a jugé Rome. Rome a dit : « Il est bancal. »"
    assert [s.kind for s in segment(text, "fr")] == ["indirect", "direct", "direct"]
