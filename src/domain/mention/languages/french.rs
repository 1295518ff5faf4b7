//! French.

use super::Glossary;

pub(super) static GLOSSARY: Glossary = Glossary {
    words: "
        zero: zéro
        a: un une
        two: deux
        three: trois
        four: quatre
        five: cinq
        six: six
        seven: sept
        eight: huit
        nine: neuf
        ten: dix dizaine dizaines
        eleven: onze
        twelve: douze
        thirteen: treize
        fourteen: quatorze
        fifteen: quinze quinzaine
        sixteen: seize
        twenty: vingt vingts vingtaine
        thirty: trente trentaine
        forty: quarante quarantaine
        fifty: cinquante cinquantaine
        sixty: soixante soixantaine
        seventy: septante
        eighty: huitante octante
        ninety: nonante
        hundred: cent cents centaine centaines
        thousand: mille millier milliers
        million: million millions
        billion: milliard milliards
        dozen: douzaine douzaines
        half: demi demie
        minute: minute
        minutes: minutes
        hour: heure
        hours: heures
        day: jour journée
        days: jours
        week: semaine
        weeks: semaines
        month: mois
        quarter: trimestre
        quarters: trimestres
        year: an année
        years: ans années
        dollar: dollar dollars
        euro: euro euros
        chf: chf
        percent: pourcent
        budget: budget prix coût coûts tarif tarifs coûte coûtent facture factures devis contrat abonnement licence licences remise \
            montant chiffre
        monthly: mensuel mensuelle mensuels mensuelles mensuellement
        annually: annuel annuelle annuels annuelles annuellement
        quarterly: trimestriel trimestrielle
        daily: quotidien quotidienne
        per: par
        in: dans
        within: sous
        the: le la les du au aux l'
        of: de des
        by: avant
        until: jusqu'au jusqu'à jusque
        point: virgule
        since: depuis dès
        to: à
        between: entre
        and: et
        or: ou
        next: prochain prochaine prochains prochaines
        this: ce cette ces cet
        last: dernier dernière derniers dernières passé passée
        every: chaque
        today: aujourd'hui
        tomorrow: demain
        yesterday: hier
        weekend: week-end
        ende: fin
        mid: mi
        anfang: début
        with: pour avec sans sur chez vers en y que qui quoi dont où quand si mais donc car ni ne pas plus très aussi déjà encore je j' tu il elle on nous vous ils elles mon ma mes ton son sa ses notre nos votre vos leur leurs est sont était sera serait être avoir ai avons avez ont a avait peut peuvent faut c'est ça se s' me m' n' d' qu'
        first: premier première 1er
        second: deuxième seconde
        third: troisième
        fourth: quatrième
        with: or but as comment environ tout toute tous toutes
        ereyesterday: avant-hier",
    months: [
        "janvier janv jan",
        "février févr fév fevrier",
        "mars",
        "avril avr",
        "mai",
        "juin",
        "juillet juil",
        "août aout",
        "septembre",
        "octobre oct",
        "novembre nov",
        "décembre déc decembre",
    ],
    weekdays: ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
    sure: "nous vous avec une qui sont être avoir notre votre vos mais donc je elles c'est j'ai n'est d'ici même très aussi \
        déjà encore après leur leurs lundi mardi mercredi jeudi vendredi samedi dimanche janvier février avril juin juillet \
        août septembre octobre novembre décembre deux trois quatre cinq huit neuf onze douze treize quatorze quinze seize \
        vingt trente quarante cinquante soixante jours mois semaine semaines année années prochain prochaine demain \
        aujourd'hui début devis vers était faut peut trimestre depuis jusqu'au jusqu'à dès où ça par selon comptez ateliers",
    common: "le la les de des en un on a me se six dix an sept cent mars or si tu ou plus son fin pro l'an et est pour dans \
        pas sur nos ce ces il elle ils entre chez sans aux du au sera fait hier ans mille à euros mai environ avant cette \
        que",
    denials: "pas
        aucun
        aucune
        jamais
        ni
        sans
        rien
        nul
        nulle
        non",
    no_denials: "pas seulement
        pas de problème
        pas de souci
        pas plus tard que
        pas plus de
        sans doute
        sans problème
        sans souci
        pas mal",
    hedges: "peut-être
        peut être
        probablement
        sans doute
        éventuellement
        normalement
        potentiellement
        pourrait
        pourraient
        pourrions
        pourrais
        devrait
        devraient
        devrions
        je pense
        nous pensons
        je crois
        j'espère
        nous espérons
        on espère
        on va essayer
        nous allons essayer
        je vais essayer
        je vais voir
        si possible
        si tout va bien
        sous réserve
        en principe
        à confirmer
        pas sûr
        pas certain
        ne peux pas promettre
        ne peut pas garantir
        ne pouvons pas garantir
        il se peut
        nous prévoyons",
    firm: "je vous envoie
        je vous transmets
        je vous prépare
        je vous rappelle
        je vous confirme
        nous vous envoyons
        nous vous livrons
        nous livrons
        on vous envoie
        je m'engage
        nous nous engageons
        je promets
        c'est promis
        promis
        garanti
        est inclus
        est incluse
        sont inclus
        est compris
        je m'en occupe
        nous allons
        je vais
        vous aurez",
    promises: &[],
};
