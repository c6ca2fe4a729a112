"""Web pages written for the tests; every person and paper in them is invented."""

LEAD = "Le gouvernement malien a annoncé jeudi la réouverture de ses frontières terrestres, après six mois de fermeture."
QUOTE = "« Nous nous félicitons de cet accord », a déclaré le ministre. « La région en avait besoin. »"

FRENCH = f"""<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">
<title>Mali : Bamako rouvre ses frontières | Le Courrier de Meuse</title>
<meta property="og:title" content="Bamako rouvre ses frontières">
<meta property="og:site_name" content="Le Courrier de Meuse">
<meta property="article:published_time" content="2021-03-04T10:00:00+01:00">
<meta name="author" content="Jeanne Kervadec">
<style>.motdestyle {{ color: red }}</style>
<script>var motdescript = "Moscou attaque"; document.write("<p>motdescript injecté</p>")</script></head>
<body><nav><ul><li><a href="/">Accueil</a></li><li><a href="/i">International</a></li></ul></nav>
<main><article><h1>Bamako rouvre ses frontières</h1><p>{LEAD}</p>
<script>motdescript()</script><p>{QUOTE}</p><noscript>motdescript sans script</noscript>
<h2>Des voisins soulagés</h2>
<p>Le Niger et le <a href="/bf">Burkina Faso</a> ont salué cette décision&nbsp;; les camions passeront dès lundi.</p>
</article><section class="comments"><p>Très bon article, merci beaucoup à vous tous</p></section></main>
<footer><p>Mentions légales - Tous droits réservés</p></footer></body></html>"""


def page(body: str, head: str = "") -> str:
    return f"<html><head><title>Titre</title>{head}</head><body><article>{body}</article></body></html>"


def paragraph(text: str) -> str:
    return f"<p>{text}</p>"


HOSTILE = {
    "nested elements": page("<div>" * 200_000 + paragraph(LEAD)),
    "nested bold": page(paragraph(LEAD) + "<b>" * 100_000),
    "open comments": page(paragraph(LEAD) + "<!--" * 300_000),
    "open tags": page(paragraph(LEAD) + '<a href="' * 200_000),
    "many entities": page(paragraph(LEAD) + "&amp;" * 300_000),
    "nested lists": page(paragraph(LEAD) + "<ul><li>" * 20_000),
    "nested json": page(
        paragraph(LEAD), '<script type="application/ld+json">' + '{"a":' * 100_000 + "</script>"
    ),
    "long word": page(paragraph("a" * (1 << 20)) + paragraph(LEAD)),
    "many accents": page(paragraph(LEAD) + paragraph("e" + "\u0301" * 20_000)),
    "entity bomb": '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 12))
    + "]>"
    + page(paragraph(LEAD + " &a11;")),
    "external entity": '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    + page(paragraph(LEAD + " &x;") + '<img src="http://127.0.0.1:9/x">'),
}
