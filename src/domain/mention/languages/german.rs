//! German.

use super::Glossary;

pub(super) static GLOSSARY: Glossary = Glossary {
    words: "
        zero: null
        one: eins
        a: ein eine einen einem einer eines
        two: zwei zwo zweier
        three: drei dreier
        four: vier
        five: fünf fuenf
        six: sechs
        seven: sieben
        eight: acht
        nine: neun
        ten: zehn
        eleven: elf
        twelve: zwölf zwoelf
        thirteen: dreizehn
        fourteen: vierzehn
        fifteen: fünfzehn fuenfzehn
        sixteen: sechzehn
        seventeen: siebzehn
        eighteen: achtzehn
        nineteen: neunzehn
        twenty: zwanzig
        thirty: dreißig dreissig
        forty: vierzig
        fifty: fünfzig fuenfzig
        sixty: sechzig
        seventy: siebzig
        eighty: achtzig
        ninety: neunzig
        hundred: hundert
        thousand: tausend
        million: million millionen
        billion: milliarde milliarden
        dozen: dutzend
        half: halb halbe halben halbes halber
        minute: minute
        minutes: minuten
        hour: stunde std
        hours: stunden
        day: tag tages
        days: tage tagen arbeitstage arbeitstagen werktage werktagen kalendertage
        week: woche kw
        weeks: wochen
        month: monat monats
        months: monate monaten
        quarter: quartal quartals
        quarters: quartale quartalen
        year: jahr jahres
        years: jahre jahren
        dollar: dollar
        euro: euro euros
        chf: franken fr sfr
        percent: prozent
        budget: budget preis preise kosten kostet kosten umsatz gebühr gebühren lizenz lizenzen vertrag rechnung rabatt honorar betrag
        monthly: monatlich monatliche monatlichen monatlicher mtl
        annually: jährlich jährliche jährlichen jährlicher jaehrlich
        quarterly: vierteljährlich quartalsweise
        daily: täglich
        once: einmalig einmalige einmaligen einmaliger
        per: pro je
        in: in im binnen
        point: komma
        within: innerhalb
        the: der die das den dem des
        of: von vom
        bis: bis
        on: am zum
        before: vor
        since: seit
        from: ab
        to: zu
        between: zwischen
        and: und sowie
        or: oder beziehungsweise bzw
        at: um gegen
        uhr: uhr
        next: nächste nächster nächstes nächsten nächstem naechste naechsten folgende folgenden
        coming: kommende kommender kommendes kommenden
        this: diese dieser dieses diesen diesem laufenden aktuellen
        last: letzte letzter letztes letzten letztem vergangene vergangenen vorige vorigen
        every: jeden jeder jede jedes
        today: heute
        tomorrow: morgen
        yesterday: gestern
        weekend: wochenende
        ende: ende
        mitte: mitte
        anfang: anfang
        eom: monatsende
        eoq: quartalsende
        eoy: jahresende
        with: mit für auf aus bei nach über unter durch ohne als wie wenn ob dass weil aber doch noch nur auch schon sehr so da hier dort wir ich sie er es ihr uns ihnen ihm ihn unser unsere unseren mein meine ist sind war waren sein haben hat hatte wird werden wurde kann können muss müssen soll sollen will wollen nicht kein keine keinen an ins zur beim was also man alle etwa rund circa
        first: erste ersten erster erstes
        second: zweite zweiten zweiter zweites
        third: dritte dritten dritter drittes
        fourth: vierte vierten viertes
        fifth: fünfte fünften fünftes
        sixth: sechste sechsten
        seventh: siebte siebten
        eighth: achte achten
        ninth: neunte neunten
        tenth: zehnte zehnten
        eleventh: elfte elften
        twelfth: zwölfte zwölften
        overmorrow: übermorgen uebermorgen
        ereyesterday: vorgestern",
    months: [
        "januar jänner jan",
        "februar feber feb",
        "märz maerz mär",
        "april apr",
        "mai",
        "juni jun",
        "juli jul",
        "august aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "dezember dez",
    ],
    weekdays: [
        "montag montags mo",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag sonnabend",
        "sonntag",
    ],
    sure: "und nicht ist wir ich für auf dass sich auch eine einen einem einer eines zum zur wird werden haben hatte sind \
        aber oder wenn noch nach bei kein keine keinen über bis uns unser unsere ihr ihre ihnen mein habe kann können muss \
        müssen soll sollen nur schon sehr gibt wären würde könnte heute gestern nächste nächsten nächster woche wochen monat \
        monate monaten jahr jahre jahren tage tagen ende anfang mitte vielleicht wahrscheinlich prozent januar februar märz \
        oktober dezember montag dienstag mittwoch donnerstag freitag samstag sonntag zwei drei fünf sechs sieben acht neun \
        zehn zwölf zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend ohne etwa jährlich \
        monatlich quartal schicke schicken ihm ihn seit vom zwischen anderthalb eineinhalb nein bitte danke herr frau gebühr \
        rabatt vierteljährlich je",
    common: "die in an am so was also man war hat will den des es er sie um vor zu ein als da alle mai elf vier morgen bin \
        im ins pro der das von dem mit euro ja rund wie uhr doch beim",
    denials: "nicht
        nichts
        nie
        niemals
        niemand
        nirgends
        kein
        keine
        keinen
        keinem
        keiner
        keines
        keinerlei
        ohne
        weder
        nix
        nein",
    no_denials: "nicht nur
        nicht zuletzt
        nicht später als
        nicht mehr als
        kein problem
        keine sorge
        keine ursache
        ohne zweifel
        ohne weiteres",
    hedges: "vielleicht
        wahrscheinlich
        vermutlich
        womöglich
        möglicherweise
        eventuell
        evtl
        hoffentlich
        voraussichtlich
        eigentlich
        könnte
        könnten
        dürfte
        dürften
        müsste
        müssten
        sollte klappen
        sollte gehen
        sollte möglich
        sollten wir
        wenn möglich
        falls möglich
        wenn alles
        wenn es klappt
        ich glaube
        glaube ich
        ich denke
        denke ich
        wir hoffen
        ich hoffe
        hoffe ich
        wir versuchen
        ich versuche
        versuche ich
        mal sehen
        mal schauen
        ohne gewähr
        unverbindlich
        unter vorbehalt
        noch nicht sicher
        nicht sicher
        nicht versprechen
        nicht garantieren
        geplant ist
        wir planen
        ich plane
        wir rechnen damit",
    firm: "versprochen
        garantiert
        zugesagt
        ich verspreche
        wir versprechen
        wir garantieren
        ich garantiere
        wird erledigt
        ist enthalten
        sind enthalten
        ist inklusive
        haben sie bis
        bekommen sie",
    promises: &[
        (
            "ich",
            "schicke schick sende maile liefere melde kümmere kläre prüfe bringe mache erstelle bereite stelle rufe gebe organisiere \
            lege reiche leite werde übernehme bestelle buche bestätige trage",
        ),
        (
            "wir",
            "schicken senden mailen liefern melden kümmern klären prüfen bringen machen erstellen bereiten stellen rufen geben \
            organisieren legen reichen leiten werden übernehmen bestellen buchen bestätigen richten installieren schulen",
        ),
    ],
};
