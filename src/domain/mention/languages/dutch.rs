//! Dutch.

use super::Glossary;

pub(super) static GLOSSARY: Glossary = Glossary {
    words: "
        zero: nul
        one: één
        a: een 'n
        two: twee
        three: drie
        four: vier
        five: vijf
        six: zes
        seven: zeven
        eight: acht
        nine: negen
        ten: tien
        eleven: elf
        twelve: twaalf
        thirteen: dertien
        fourteen: veertien
        fifteen: vijftien
        sixteen: zestien
        seventeen: zeventien
        eighteen: achttien
        nineteen: negentien
        twenty: twintig
        thirty: dertig
        forty: veertig
        fifty: vijftig
        sixty: zestig
        seventy: zeventig
        eighty: tachtig
        ninety: negentig
        hundred: honderd
        thousand: duizend
        million: miljoen mln
        billion: miljard mld
        dozen: dozijn
        half: halve
        minute: minuut
        minutes: minuten
        hour: uur
        hours: uren
        day: dag
        days: dagen werkdagen
        week: week
        weeks: weken
        month: maand
        months: maanden
        quarter: kwartaal
        quarters: kwartalen
        year: jaar
        years: jaren
        dollar: dollar
        euro: euro euro's euros
        percent: procent
        budget: budget prijs prijzen kosten kost omzet tarief licentie licenties contract factuur korting bedrag
        monthly: maandelijks maandelijkse
        annually: jaarlijks jaarlijkse
        quarterly: driemaandelijks
        daily: dagelijks dagelijkse
        once: eenmalig eenmalige
        per: per
        in: in over
        point: komma
        within: binnen
        the: de het 't
        of: van
        by: tegen uiterlijk
        bis: tot
        on: op
        before: voor vóór
        since: sinds
        from: vanaf
        between: tussen
        and: en
        or: of
        at: om
        next: volgende
        coming: komende aanstaande
        this: deze dit
        last: vorige afgelopen
        every: elke iedere
        today: vandaag
        tomorrow: morgen
        yesterday: gisteren
        ago: geleden
        weekend: weekend weekeinde
        ende: eind einde
        mitte: medio midden
        anfang: begin
        eom: maandeinde
        eoy: jaareinde
        with: met naar aan bij uit door om als dat die wat er nog al ook maar dan toch wel niet geen we wij ik jij je jullie u zij ze hij hun ons onze mijn is zijn was waren heeft hebben had wordt worden werd kan kunnen moet moeten zal zullen wil willen zonder te daar hier heb alle ongeveer circa
        first: eerste
        second: tweede
        third: derde
        fourth: vierde
        fifth: vijfde
        overmorrow: overmorgen
        ereyesterday: eergisteren",
    months: [
        "januari jan",
        "februari feb",
        "maart mrt",
        "april apr",
        "mei",
        "juni jun",
        "juli jul",
        "augustus aug",
        "september sept sep",
        "oktober okt",
        "november nov",
        "december dec",
    ],
    weekdays: ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"],
    sure: "het een niet voor zijn wij ik ook maar naar bij uit nog wel geen worden wordt kunnen moet moeten willen hebben \
        heeft heb jullie onze deze aan maand maanden jaar jaren dagen weken januari februari maart augustus maandag dinsdag \
        woensdag donderdag vrijdag zaterdag zondag twee drie vijf zeven negen twaalf dertien veertien vijftien zestien \
        zeventien achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen \
        vandaag gisteren volgende komende ongeveer misschien waarschijnlijk zonder sinds vanaf tussen graag zo'n waar \
        hoeveel samen eerste stuur sturen leveren gebruikers kwartaal",
    common: "de en in of is was over we op je die te ze al per week u hun door euro vier elf acht morgen half had begin van \
        met wat dan er om tot mei lever tien uur ons als eind dat daar zes",
    denials: "niet
        niets
        niks
        nooit
        niemand
        nergens
        geen
        zonder
        noch
        nee",
    no_denials: "niet alleen
        niet later dan
        niet meer dan
        geen probleem
        geen zorgen
        zonder twijfel",
    hedges: "misschien
        waarschijnlijk
        vermoedelijk
        mogelijk
        wellicht
        hopelijk
        eventueel
        zou kunnen
        zouden kunnen
        zou moeten kunnen
        zou moeten lukken
        moet lukken denk ik
        als het lukt
        indien mogelijk
        als alles
        ik denk
        denk ik
        ik hoop
        hoop ik
        we hopen
        we proberen
        wij proberen
        ik probeer
        probeer ik
        niet zeker
        niet beloven
        niet garanderen
        onder voorbehoud
        vrijblijvend
        we streven ernaar
        we verwachten
        ik verwacht",
    firm: "beloofd
        toegezegd
        gegarandeerd
        ik beloof
        wij beloven
        we garanderen
        is inbegrepen
        zijn inbegrepen
        heb je morgen
        krijg je
        krijgen jullie",
    promises: &[
        (
            "ik",
            "stuur mail lever regel bel maak kom zorg bevestig boek plan check bespreek zal geef zet neem bereid",
        ),
        (
            "wij",
            "sturen mailen leveren regelen bellen maken komen zorgen bevestigen boeken zullen geven zetten nemen installeren trainen \
            migreren",
        ),
        (
            "we",
            "sturen mailen leveren regelen bellen maken komen zorgen bevestigen boeken zullen geven zetten nemen installeren trainen \
            migreren",
        ),
    ],
};
