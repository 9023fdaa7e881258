"""The small words that give a language away, and spellings that others do not have."""

from __future__ import annotations

import re

SMALL_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "fr": """le la les l un une des de du d et à au aux en dans par pour sur avec sans sous que qui qu
            ne pas plus ou où est sont être été a ont il elle ils elles on nous vous je se s ce cette
            ces son sa ses leur leurs cet dont ainsi entre chez vers afin selon lors mais donc car si
            comme même tout tous toute toutes fait après avant n y""",
        "en": """the of and to in a is that for it as was with be by on not he his but at are this have
            from or had an they which one you were all her she there would their we him been has when
            who will no more if out so up said what its about than into them can only other any shall
            such may our your these""",
        "ca": """el la els les l un una uns unes de del dels d i a al als en amb per pel pels que què no és
            són ser té tenen aquest aquesta aquests aquestes seu seva seus seves o ni com més també
            però sobre entre sense fins tot tots tota totes qualsevol hi ha s es aquell on quan si ja
            han cada seva nostre dret s'ha podrà això n molt altres contra mateix fer pot""",
        "es": """el la los las un una unos unas de del y a al en con por para que qué no es son ser se su
            sus lo le les como más también pero sobre entre sin hasta todo todos toda todas este esta
            estos estas ese eso cuando si ya ha han o u e cada nuestro derecho muy otra otros donde
            fue está contra mismo""",
        "it": """il lo la i gli le un una uno di del della dello dei delle degli e ed a al alla allo ai
            alle agli in nel nella nei nelle con per che non è sono essere si suo sua suoi sue come
            più anche ma su sul sulla tra fra senza tutto tutti tutte questo questa questi ogni da dal
            dalla dai ha hanno o l d ad diritto nell dell all""",
        "pt": """o a os as um uma de do da dos das e em no na nos nas com por para que não é são ser se seu
            sua seus suas ao à aos às como mais também mas sobre entre sem até todo todos toda todas
            este esta quando já tem ou pelo pela cada direito foi muito outro mesmo""",
        "gl": """o a os as un unha uns unhas dun dunha nun nunha de do da dos das e en no na nos nas con por
            para que non é son ser se seu súa seus súas ao aos á ás como máis tamén pero sobre entre sen ata
            todo todos toda todas este esta estes estas isto aquel cando xa ten teñen ou polo pola polos polas
            cada cal calquera dereito foi moito moi só outro outros outra outras mesmo hai lle lles porque
            mentres despois onde pode poden debe deben persoa""",
        "de": """der die das den dem des und in im zu zur zum von vom mit für auf ist sind nicht ein eine
            einer einem eines als auch an am bei nach aus um es er sie wir ich sich wird werden hat
            haben oder wie dass daß durch über unter kein keine nur noch aber wenn so hier mehr seine
            ihre""",
        "nl": """de het een van en in op te dat die is zijn voor met niet aan er om ook als bij door maar
            naar dan uit over tot ze hij wij wordt worden werd heeft hebben of geen""",
        "ro": """și în de la cu pe un o că nu este sunt să se din pentru care mai ca al ale ai sau prin fi
            orice lui ei dreptul""",
        "eu": """eta edo ez da dira du dute duen duten dela direla den diren zen ziren zuen zuten dio ditu dituzte
            dut dugu naiz gara baina baino bat batek batean batzuk bi bere gure haien hau hori hauek horiek horrek
            hala ere oso gehiago izan izango egin ari behar arte gabe bezala ondoren artean buruz baita beraz
            edota gaur orain berriz zein zer nola beste guztiak guztiek gizon pertsona eskubidea""",
        "br": """ar an al hag ha da ez eo e eus gant war evit ur un ul o ne ket pep den bezañ zo gwir pe a
            den en er vez d he hon bet dezhañ hep""",
        # Languedocien, classical Provençal, Limousin and Auvergnat; then Gascon and Aranese; then the Mistralian norm.
        "oc": """lo los las la l un una de del dels dau daus d e a al als au aus en amb ambe ambé amé emb embe per
            pel pels que qu es son èsser èstre estre èra èran foguèt aguèt an avián avián aviá se sa sos sas lor
            lors sei lei leis dei deis sus dins ni coma tanben mai mas o pas aquel aquela aquels aquelas aquelei
            aqueste aquesta aquest aquestes aquestas aquò açò aiçò aital ansin ont ente cal qual quala quand tot
            tota totes totas totei tots cada cadun cadunas fòrça uèi nòstre nòstra nòstres nòstras vòstre vòstra
            jamai ges degun res pus pron puei puèi entre sens fins dempuèi despuei perque perqué òc plan ben bèn
            siá siague dèu deu pòt pòdon podon pòdon aver avèr drech drecha dreches drechs dreit dreits autra
            autre autres autras autrei sieu sieus sieuna lenga nos vos queu quela quelas quo chas

            eth eths era eras er deth deths dera deras ath ara ena enes eth peth pera pes as ei sòn sòns sua sues
            son damb dab entà entath entara entàs entad enquia laguens hens aguest aguesta aguesti aguestes aqueth
            aquera aqueri aqueres aquerò atau mès mei quauque quauqua quauqui tamb ua ues uns hè hèr hèt hèn hèra
            har hèit hèita auer auec jamès arren arrés dempús tà tàs deus peu peus quin quina nosati nosauts bèth
            bèra pr'amor adara toti nòste nòsta nòsti vòste vòsta que't

            lou li lis dóu i di dis is pèr emé emai uno d'uno touto tóuti soun noste nosto nòsti vosto vòsti
            aquéu aquelo aquéli aquesto aquésti quau coume rèn ero èro avié avien fai fan ié sènso tambèn mounte
            ounte noun si sis dre pople lèi dèi sèi""",
    }.items()
}  # fmt: skip

SPELLINGS: dict[str, re.Pattern[str]] = {
    # nh and lh inside a word are Portuguese too, -cion and ò are not; ç+ion is no Catalan ending.
    "oc": re.compile(
        r"(?:c|ss|cc)ions?$|[a-z]ò[a-z]|^aqu[eè]|tz$|(?:a|i|e)tge$|nhs?[ae]?$|lhs?[ae]?$|^uè|[iu]è[ilr]|tric[ei]$|dors$"
    ),
    "eu": re.compile(r"(?:tzen|aren|etan|ekin|tako|rako|tzeko|en[ae]k|zio[ak])$"),
    "ca": re.compile(
        r"ció(?:ns?)?$|cions$|l·l|ny[aeio]?s?$|[aeiou]ix|^d'?aquest|tges?$|ència$|ment$|itat$|eixen$|^les$|^els$"
    ),
}  # fmt: skip
