"""One long article, as a saved page gives it: rubric, caption, sub-headings, links, and speech of every kind.

Everybody in it is invented. Each part is a kind, the speaker and the text; a new paragraph begins at ``PARAGRAPH``.
"""

PARAGRAPH = None
KREMLIN, WHITE_HOUSE = "le Kremlin", "la Maison Blanche"
BOTH = "les deux présidents"
EXECUTIVE = "l'exécutif américain"
SPOKESMAN = "Le porte-parole de la présidence russe, Artem Sokolovski"

PARTS = [
    (
        "heading",
        None,
        "InternationalMoscou et Washington d'accord pour « intensifier » leurs contacts sur la Syrie",
    ),
    PARAGRAPH,
    ("heading", None, "DIPLOMATIE"),
    (
        "narration",
        None,
        "Les présidents russe et américain se sont parlé mardi pour la première fois depuis les frappes d'avril.",
    ),
    PARAGRAPH,
    ("boilerplate", None, "Par Jeanne Delmotte (avec agences)"),
    PARAGRAPH,
    ("boilerplate", None, "Publié le 2 mai 2017 à 22h41, mis à jour le 3 mai 2017 à 08h12"),
    PARAGRAPH,
    ("caption", None, "Le président russe Igor Marenkov ce mardi 2 mai 2017. © Agence Rivage"),
    PARAGRAPH,
    (
        "direct",
        KREMLIN,
        "« Les deux présidents se sont prononcés pour une coopération plus étroite », a indiqué le Kremlin dans un "
        "communiqué publié mardi soir, précisant qu'il avait été convenu « d'activer le dialogue entre les chefs des "
        "diplomaties ».",
    ),
    ("indirect", KREMLIN, "Il a ajouté que la conversation avait été « concrète et constructive »."),
    PARAGRAPH,
    (
        "indirect",
        WHITE_HOUSE,
        "L'entretien a été « très bon », selon le compte-rendu de la Maison Blanche, et a porté sur l'instauration de "
        "zones de sécurité.",
    ),
    (
        "indirect",
        EXECUTIVE,
        "Il s'agirait d'un geste « destiné à obtenir une paix durable, pour des raisons humanitaires et pour bien "
        "d'autres raisons encore », d'après l'exécutif américain.",
    ),
    ("narration", None, "L'appel a duré trente-cinq minutes environ."),
    PARAGRAPH,
    ("heading", None, "Une rencontre en juillet"),
    PARAGRAPH,
    (
        "indirect",
        BOTH,
        "Lors de cet échange, les deux présidents ont dit leur souhait de se voir en marge du G20, les 7 et 8 juillet, "
        "à Hambourg.",
    ),
    ("indirect", BOTH, "Ils ont également appelé toutes les parties à respecter le cessez-le-feu."),
    PARAGRAPH,
    ("boilerplate", None, "Lire aussi : Syrie, six ans de guerre et douze trêves"),
    PARAGRAPH,
    ("direct", SPOKESMAN, f"{SPOKESMAN}, a déclaré : « La balle est dans leur camp."),
    ("direct", SPOKESMAN, "Nous attendons des actes. »"),
    ("direct", SPOKESMAN, "« Et des actes rapides », a-t-il insisté devant la presse."),
    PARAGRAPH,
    (
        "direct",
        "un diplomate européen",
        "« M. Marenkov a besoin d'un succès, p. ex. à Astana.",
    ),
    (
        "direct",
        "un diplomate européen",
        "Et M. Hartwell en a besoin aussi ! » estime un diplomate européen à l'O.N.U.",
    ),
    PARAGRAPH,
    ("heading", None, "« Un échange franc »"),
    PARAGRAPH,
    (
        "indirect",
        "la chancelière allemande",
        "À Sotchi, la chancelière allemande avait exprimé sa préoccupation, quelques heures plus tôt, au sujet des "
        "persécutions en Tchétchénie.",
    ),
    (
        "narration",
        None,
        "La rencontre, la première en deux ans sur le sol russe, n'a donné lieu à aucun accord.",
    ),
    ("indirect", "Berlin", "Berlin a cependant demandé à Moscou de « peser de tout son poids » sur Damas."),
    PARAGRAPH,
    (
        "direct",
        "la coprésidente du groupe de contact, Mme R. El-Khoury",
        "« Nous avons perdu assez de temps.",
    ),
    PARAGRAPH,
    (
        "direct",
        "la coprésidente du groupe de contact, Mme R. El-Khoury",
        "« Il faut une trêve, une vraie », a plaidé de son côté la coprésidente du groupe de contact, Mme R. El-Khoury.",
    ),
    PARAGRAPH,
    (
        "narration",
        None,
        "Les pourparlers d'Astana reprennent mercredi, en présence de la Russie, de l'Iran et de la Turquie, qui se "
        "portent garants de l'art. 3 de l'accord du 30 déc. 2016.",
    ),
    PARAGRAPH,
    ("boilerplate", None, "Tous droits réservés"),
]


def article_text() -> str:
    """The article as one text."""
    paragraphs: list[list[str]] = [[]]
    for part in PARTS:
        if part is PARAGRAPH:
            paragraphs.append([])
        else:
            paragraphs[-1].append(part[2])
    return "\n\n".join(" ".join(paragraph) for paragraph in paragraphs)
