"""The sentences of the second half of a report, from what was put aside to the methods paragraph."""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # put aside
    "aside": ("Ce qui a été écarté ou retiré", "What was put aside or withdrawn"),
    "aside_lead": (
        "Adresses que la dernière visite de chaque source n’a pas gardées, avec la raison. La commande « skips » en "
        "donne la liste.",
        "Addresses that the latest run of each source did not keep, with the reason. The command “skips” lists them.",
    ),
    "by_reason": ("Adresses écartées, par raison", "Addresses put aside, by reason"),
    "addresses": ("adresses", "addresses"),
    "nothing_aside": ("Rien n’a été écarté.", "Nothing was put aside."),
    "withdrawals": ("Retraits", "Withdrawals"),
    "withdrawn": (
        "{documents} document[|s] [a été retiré|ont été retirés] en entier et {passages} passage[|s] "
        "[masqué|masqués]. Rien de leur contenu n’est conservé, ni montré ici.",
        "{documents} document[|s] [was|were] withdrawn whole and {passages} passage[|s] masked. Nothing of their "
        "content is kept, nor shown here.",
    ),
    "withdrawn_none": ("Rien n’a été retiré.", "Nothing was withdrawn."),
    # politeness
    "politeness": ("Ce qui a été demandé aux sites", "What was asked of the sites"),
    "politeness_lead": (
        "Chaque chiffre vient des réponses conservées. Une pause sépare l’envoi de deux requêtes au même site. Les "
        "visites respectent robots.txt.",
        "Every figure comes from the answers that were kept. A pause lies between two requests to the same site, as "
        "sent. Visits keep to robots.txt.",
    ),
    "politeness_none": (
        "Aucun site n’a été visité : le corpus a été constitué de fichiers importés, ou pas encore.",
        "No site was asked: the corpus was made from imported files, or not yet.",
    ),
    "hosts": ("Requêtes et pauses, site par site", "Requests and pauses, site by site"),
    "host": ("site", "site"),
    "requests": ("requêtes", "requests"),
    "days": ("jours", "days"),
    "promised": ("pause promise", "pause promised"),
    "shortest": ("la plus courte", "shortest"),
    "median": ("médiane", "median"),
    "below": ("trop courtes", "too short"),
    "robots": ("robots.txt", "robots.txt"),
    "seconds": ("{n} s", "{n} s"),
    "each_host": ("Le détail, site par site", "In detail, site by site"),
    # people
    "people": ("Ce que des personnes ont décidé", "What people decided"),
    "people_lead": (
        "Les décisions humaines sont conservées à côté des valeurs de la machine et l’emportent à l’affichage.",
        "People’s decisions are kept beside the machine’s values, and are shown in their place.",
    ),
    "by_decision": ("Documents qui portent une décision", "Documents that bear a decision"),
    "decision": ("décision", "decision"),
    "people_none": ("Personne n’a encore rien décidé.", "Nobody has decided anything yet."),
    "freezes": ("États figés", "Freezes"),
    "freezes_lead": (
        "Un état figé est une liste de versions qui ne change plus ; son empreinte permet de vérifier qu’une citation "
        "parle bien de cet état.",
        "A freeze is a list of versions that never changes; by its hash anybody can check that a citation speaks of "
        "this very list.",
    ),
    "freezes_none": ("Rien n’est encore figé.", "Nothing is frozen yet."),
    "name": ("nom", "name"),
    "frozen_on": ("figé le", "frozen on"),
    "hash": ("empreinte SHA-256", "SHA-256"),
    # software
    "software": ("Logiciels", "Software"),
    "software_lead": (
        "Avec quoi ce rapport a été établi. Les textes lus par une version plus ancienne restent ce qu’ils étaient.",
        "What made this report. Texts that an older version read stay what they were.",
    ),
    "software_word": ("partie", "part"),
    "version": ("version", "version"),
    "software_minutier": ("Minutier", "Minutier"),
    "software_extractor": ("lecture des fichiers", "extractor"),
    "software_analyser": ("analyse des mots", "analyser of words"),
    "software_likeness": ("comparaison des textes", "comparison of texts"),
    "software_vocabulary": ("vocabulaire", "vocabulary"),
    # methods
    "methods": ("Paragraphe de méthode", "Methods paragraph"),
    "methods_lead": (
        "À reprendre dans le chapitre de méthode. Les chiffres sont ceux du corpus entier à la date de ce rapport ; "
        "pour une liste figée : « minutier methods NOM ».",
        "For the methods chapter. The figures are those of the whole corpus on the day of this report; for a frozen "
        "list: “minutier methods NAME”.",
    ),
    "foot": (
        "Page autonome : elle ne charge rien et n’envoie rien. Établie par Minutier {version}.",
        "A page of its own: it loads nothing and sends nothing. Made by Minutier {version}.",
    ),
    # what is missing
    "gap_listed": (
        "{address} figurait dans une liste et n’est jamais arrivé (dernier essai : {read})",
        "{address} was listed and never came (last try: {read})",
    ),
    "gap_numbers": (
        "{wanting} numéro[|s] de délibération ({numbers}) [manque|manquent] entre {first} ({from_day}) et {then} "
        "({to_day}) ; dans cette série, {unbroken} passages d’un document au suivant sur {steps} sont sans trou",
        "{wanting} number[|s] ({numbers}) [is|are] wanting between {first} ({from_day}) and {then} ({to_day}); in this "
        "series {unbroken} of {steps} steps from one paper to the next have no break",
    ),
    "gap_seance": (
        "aucune séance connue en {month}, alors qu’il y en eut une le même mois dans {met} des {seen} autres années ; "
        "{apart} jours séparent les séances du {from_day} et du {to_day}",
        "no séance is known of {month}, though there was one in that month in {met} of {seen} other years; {apart} "
        "days lie between the séances of {from_day} and {to_day}",
    ),
    "gap_minutes": (
        "la séance du {day} est connue par d’autres documents, et son procès-verbal n’est jamais arrivé",
        "the séance of {day} is known from other papers, and its minutes never came",
    ),
    "gap_table": (
        "d’après la table « {table} », lue le {read}, {missing} des {rows} délibérations de la séance du {day} ne sont "
        "dans aucun document",
        "by the table {table}, read on {read}, {missing} of the {rows} deliberations of the séance of {day} are in no "
        "paper",
    ),
    # why a source is in its state
    "state_ok": ("Sa dernière visite, du {last_run}, est bonne", "Its last run, of {last_run}, is good"),
    "state_stale": (
        "Sa dernière bonne visite, du {last_good}, est plus ancienne que son rythme ne le veut",
        "Its last good run, of {last_good}, is older than its rhythm allows",
    ),
    "state_silent": (
        "Le site répond, mais rien de nouveau n’y paraît depuis plus longtemps que d’habitude",
        "The site answers, but nothing new has appeared for longer than usual",
    ),
    "state_failing": (
        "Sa dernière visite, du {last_run}, n’est pas bonne ; dernière bonne visite : {last_good}",
        "Its last run, of {last_run}, is not good; last good run: {last_good}",
    ),
    "state_never_run": ("Elle n’a encore jamais été visitée jusqu’au bout", "It has never been visited to the end"),
    "state_unprobed": ("Elle n’a pas encore de règles", "It has no rules yet"),
    "state_discontinued": ("Elle ne publie plus", "It publishes nothing more"),
}
