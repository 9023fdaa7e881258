"""The sentences of a report: French, then English, side by side, so that no language lacks one.

`{name}` is a figure or a word, `[one|many]` agrees with the number before it (`minutier.agreeing`).
"""

from __future__ import annotations

PHRASES: dict[str, tuple[str, str]] = {
    # the head
    "title": ("Ce que contient le corpus, et ce qui lui manque", "What the corpus holds, and what it lacks"),
    "made": ("Rapport établi le {day} à {hour} (temps universel)", "Report made on {day} at {hour} (UTC)"),
    "about": ("Corpus {id}, ouvert le {day}", "Corpus {id}, begun on {day}"),
    "only": ("Seulement pour : {names}", "Only for: {names}"),
    "contents": ("Sommaire", "Contents"),
    "empty": (
        "Ce corpus ne contient encore aucun document. Ce qui suit dit seulement quelles sources on en attend.",
        "This corpus holds no document yet. What follows only says which sources are expected to give some.",
    ),
    "unread": (
        "La liste des sources n’a pas pu être lue : les sources recensées et jamais visitées ne sont donc pas connues "
        "ici, et les états valent d’après la seule mémoire du corpus.",
        "The list of sources could not be read: sources that are known and were never visited are not known here, and "
        "states are told from the corpus’s own memory.",
    ),
    "colon": ("\u202f:", ":"),
    # in brief
    "brief": ("En bref", "In brief"),
    "brief_holds": (
        "Le corpus compte {documents} document[|s] issu[|s] de {sources} source[|s].",
        "The corpus holds {documents} document[|s] from {sources} source[|s].",
    ),
    "brief_years": (
        "Les documents datés vont de {oldest} à {newest}.",
        "Dated documents run from {oldest} to {newest}.",
    ),
    "brief_undated": ("{undated} document[|s] [n’a|n’ont] pas de date.", "{undated} document[|s] [has|have] no date."),
    "brief_no_years": ("Aucun document n’est daté.", "No document has a date."),
    "brief_ledger": (
        "Sur {months} mois suivi[|s] (un mois d’une source), {complete} [est complet|sont complets], {gap} "
        "[porte|portent] une lacune, et de {unknown} on ne peut rien affirmer.",
        "Of {months} month[|s] followed (one month of one source), {complete} [is|are] complete, {gap} [has|have] a "
        "gap, and of {unknown} nothing can be claimed.",
    ),
    "brief_listed": (
        "De ces mois complets, {listed} ne l’[est|sont] qu’au regard de la liste que donne le site.",
        "Of these complete months, {listed} [is|are] so against the site’s own list only.",
    ),
    "brief_explained": (
        "La raison de {explained} lacune[|s] est notée.",
        "The reason of {explained} gap[|s] is written down.",
    ),
    "silent": (
        "Rien de daté n’est venu de {silent} source[|s] ; chacun de [ses|leurs] mois est inconnu.",
        "Nothing with a date came of {silent} source[|s], and every month of [it|them] is unknown.",
    ),
    "brief_search": (
        "Une recherche ne voit pas tout : {missing} document[|s] [est|sont] sans texte sûr.",
        "A search does not see everything: {missing} document[|s] [has|have] no text to be trusted.",
    ),
    "brief_state": (
        "Sur {sources} source[|s], {ok} [est|sont] à jour ; {alarms} alarme[|s].",
        "Of {sources} source[|s], {ok} [is|are] up to date; {alarms} alarm[|s].",
    ),
    "figure_documents": ("{n} document[|s]", "{n} document[|s]"),
    "figure_sources": ("{n} source[|s]", "{n} source[|s]"),
    "figure_gap": ("{n} mois avec une lacune sans explication", "{n} month[|s] with an unexplained gap"),
    "figure_unknown": ("{n} mois dont on ne sait rien", "{n} month[|s] of which nothing is known"),
    "figure_missing": ("{n} document[|s] sans texte sûr", "{n} document[|s] without a sure text"),
    "figure_alarms": ("{n} alarme[|s]", "{n} alarm[|s]"),
    # what it holds
    "holdings": ("Ce que contient le corpus", "What the corpus holds"),
    "holdings_lead": (
        "{documents} document[|s] en {versions} version[|s], tirés de {captures} réponse[|s] conservée[|s] "
        "({bytes} de fichiers). Un document publié par deux sources compte pour chacune.",
        "{documents} document[|s] in {versions} version[|s], from {captures} stored answer[|s] ({bytes} of files). A "
        "document that two sources publish counts for both.",
    ),
    "waiting": (
        "{waiting} réponse[|s] [attend|attendent] encore d’être lue[|s].",
        "{waiting} answer[|s] still [waits|wait] to be read.",
    ),
    "by_year": ("Documents par année", "Documents by year"),
    "by_year_lead": (
        "L’année est celle du document (séance, publication), telle qu’elle a été lue ; elle peut être fausse. Les "
        "années vides en longue suite sont abrégées (⋯).",
        "The year is that of the document (sitting, publication) as it was read; it may be wrong. Long runs of empty "
        "years are cut short (⋯).",
    ),
    "undated": ("sans date", "no date"),
    "by_source": ("Documents par source", "Documents by source"),
    "by_kind": ("Documents par genre", "Documents by kind"),
    "by_voice": ("Documents selon qui parle", "Documents by voice"),
    "by_language": ("Documents par langue", "Documents by language"),
    "no_documents": ("Aucun document.", "No document."),
    "table": ("Les chiffres en tableau", "The figures as a table"),
    "year": ("année", "year"),
    "documents": ("documents", "documents"),
    "share": ("part", "share"),
    "source": ("source", "source"),
    # the ledger
    "ledger": ("Ce qui manque : le registre de complétude", "What is missing: the completeness ledger"),
    "ledger_lead": (
        "Chaque mois de chaque source est dans un état et un seul. « Complet » ne se dit qu’au regard d’un décompte "
        "nommé. « Inconnu » veut dire que rien ne permet d’en juger : ce n’est pas une bonne nouvelle. Ce qui n’a "
        "jamais été mis en ligne n’apparaît nulle part.",
        "Each month of each source is in one state and one only. “Complete” is said against a named count only. "
        "“Unknown” means that there is nothing to judge by: it is no good news. What was never put on-line appears "
        "nowhere.",
    ),
    "ledger_until": ("Le registre va jusqu’à {until}.", "The ledger goes up to {until}."),
    "ledger_none": (
        "Le registre ne contient encore aucun mois : aucune source n’a été visitée.",
        "The ledger has no month yet: no source was visited.",
    ),
    "ledger_totals": ("Mois de toutes les sources", "Months of all sources"),
    "months_word": ("mois", "months"),
    "mark": ("état", "state"),
    "heat": ("Source par source, mois par mois", "Source by source, month by month"),
    "heat_caption": (
        "Un trait par mois, de {first} à {last}. La même chose en chiffres se trouve source par source plus bas.",
        "One stroke a month, from {first} to {last}. The same in figures is found source by source below.",
    ),
    "strip_label": ("{title} : {counts}", "{title}: {counts}"),
    "meaning_complete": (
        "tout ce que compte une table officielle nommée est là",
        "all that a named official table counts is there",
    ),
    "meaning_listed": (
        "tout ce que le site énumère est là ; que le site énumère tout n’est pas su",
        "all that the site lists is there; that the site lists everything is not known",
    ),
    "meaning_gap": ("il manque quelque chose, et on sait quoi", "something is missing, and it is known what"),
    "meaning_explained": ("la raison du manque est connue et notée", "why it is missing is known and written down"),
    "meaning_unknown": ("rien ne permet d’en juger", "there is nothing to judge by"),
    "meaning_outside": ("la source ne couvre pas ce mois en ligne", "the source does not cover this month on-line"),
    "gaps": ("Les lacunes, une à une", "The gaps, one by one"),
    "gaps_none": (
        "Aucune lacune n’est connue. Les mois « inconnus » peuvent en cacher.",
        "No gap is known. “Unknown” months may hide some.",
    ),
    "gaps_of": ("{title} : {gaps} lacune[|s]", "{title}: {gaps} gap[|s]"),
    "because": ("Expliqué par {by} le {day} : {because}", "Explained by {by} on {day}: {because}"),
    "calendars": ("Mois par mois, en chiffres", "Month by month, in figures"),
    "calendars_lead": (
        "Dans chaque case, le signe de l’état et le nombre de documents conservés. Les années sans document qui se "
        "suivent et se ressemblent sont réunies.",
        "Each cell has the sign of the state and the number of documents kept. Years without a document that follow "
        "each other and are alike stand together.",
    ),
    "calendar_none": ("Aucun mois au registre.", "No month in the ledger."),
    "denominator_official_table": ("Table officielle : {name}.", "Official table: {name}."),
    "denominator_own_list": (
        "Liste du site, lue le {day} : elle dit ce que le site montre, non s’il montre tout.",
        "The site’s own list, read on {day}: it says what the site shows, not whether it shows everything.",
    ),
    "no_denominator": ("Aucun dénominateur connu.", "No denominator is known."),
    "period_online_since": (
        "En ligne depuis {first}, d’après sources.yaml.",
        "On-line since {first}, says sources.yaml.",
    ),
    "period_first_listed": (
        "Le premier document que le site énumère est de {first}.",
        "The first document that the site lists is of {first}.",
    ),
    "period_first_document": (
        "Le premier document reçu est de {first} ; ce que le site avait avant n’est pas su.",
        "The first document that came is of {first}; what the site has before is not known.",
    ),
    "loose": (
        "{loose} document[|s] annoncé[|s] sans mois connu [n’entre|n’entrent] dans aucune case.",
        "{loose} announced document[|s] without a known month [stands|stand] in no cell.",
    ),
    "announced": ("annoncés", "announced"),
    "fetched": ("reçus", "fetched"),
    "extracted": ("lus", "read"),
    "kept": ("conservés", "kept"),
    # sources
    "sources": ("L’état des sources", "The state of the sources"),
    "sources_lead": (
        "L’état d’une source dit si l’on peut compter sur ses visites. La date qui compte est celle de la dernière "
        "bonne visite : ce qui a été publié depuis n’est pas dans le corpus.",
        "The state of a source says whether its visits can be relied on. The date that counts is that of the last good "
        "run: what was published since is not in the corpus.",
    ),
    "sources_none": ("Aucune source n’est connue.", "No source is known."),
    "state": ("état", "state"),
    "by_state": ("Sources selon leur état", "Sources by state"),
    "sources_word": ("sources", "sources"),
    "each_source": ("Chaque source, avec ses dates", "Each source, with its dates"),
    "last_good": ("dernière bonne visite", "last good run"),
    "last_run": ("dernière visite", "last run"),
    "due": ("prochaine attendue", "next due"),
    "why": ("pourquoi", "why"),
    "never": ("jamais", "never"),
    "succeeded_by": ("remplacée par {source}", "succeeded by {source}"),
    "unprobed": (
        "{unprobed} source[|s] recensée[|s] sans règle de collecte : rien n’en a été lu",
        "{unprobed} known source[|s] without rules: nothing was read of [it|them]",
    ),
    "alarms": ("Alarmes", "Alarms"),
    "alarms_none": ("Aucune alarme.", "No alarm."),
    "alarms_language": (
        "Les messages sont ceux du programme, en anglais, tels que les montre la commande « check ».",
        "The messages are those that the command “check” shows.",
    ),
    "when": ("le", "on"),
    # quality
    "quality": ("La qualité des textes", "The quality of the texts"),
    "by_verdict": ("Documents selon la qualité du texte", "Documents by quality of the text"),
    "ocr": (
        "{ocr} document[|s] [a été lu|ont été lus] en tout ou partie par reconnaissance optique (OCR), soit {share} : "
        "à vérifier sur l’image avant de citer.",
        "{ocr} document[|s] ({share}) [was|were] read in part or whole by optical character recognition (OCR): to be "
        "checked on the picture before quoting.",
    ),
    "missing": ("Ce qui échappe à la recherche", "What a search cannot see"),
    "missing_lead": (
        "Parmi {lead} document[|s] (un seul de chaque groupe de copies), la recherche ne peut pas se fier au texte "
        "de ceux-ci ; leur silence ne prouve rien.",
        "Among {lead} document[|s] (one of each set of copies), a search cannot trust the text of these; their "
        "silence proves nothing.",
    ),
    "by_duplicate": ("Parentés entre documents", "Documents that repeat or join others"),
    "duplicates_lead": (
        "Rien n’est effacé : les copies restent, reliées à l’exemplaire de tête. Des papiers sur un même acte "
        "(convocation, délibération, procès-verbal) sont reliés, jamais confondus.",
        "Nothing is deleted: copies stay, tied to the lead copy. Papers on one act (agenda, deliberation, minutes) are "
        "linked, never merged.",
    ),
    "relations": ("liens", "relations"),
    "relation": ("lien", "relation"),
    "none": ("Aucun.", "None."),
    "quality_word": ("qualité", "quality"),
    "reason": ("raison", "reason"),
    "kind": ("genre", "kind"),
    "voice": ("qui parle", "voice"),
    "language": ("langue", "language"),
}
