//! [`signals`]: what a handoff lives on, whatever its contract: amounts, days, promises, decisions, objections, questions.
//!
//! Cheap and generous: a text that only looks like one costs a place in the ranking, one that is missed may be lost.
//! English first; the most usual words of the other languages that mails are read in.

use std::sync::LazyLock;

use regex::{RegexSet, RegexSetBuilder};

/// Kinds of signal. Each is a pattern of [`PATTERNS`], in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Money, or a number that is spelled out.
    Amount,
    /// Any figure.
    Figure,
    Day,
    Promise,
    Decision,
    /// A doubt, a refusal, a condition.
    Objection,
    Question,
}

impl Signal {
    pub(super) const ALL: [Signal; 7] =
        [Self::Amount, Self::Figure, Self::Day, Self::Promise, Self::Decision, Self::Objection, Self::Question];
}

/// The signals of one text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Signals(u8);

impl Signals {
    pub(super) fn has(self, signal: Signal) -> bool {
        self.0 & (1 << signal as u8) != 0
    }

    /// Without one of them.
    pub(super) fn without(self, signal: Signal) -> Self {
        Self(self.0 & !(1 << signal as u8))
    }
}

/// Finds the signals of a text, in one pass.
pub(super) fn signals(text: &str) -> Signals {
    Signals(SET.matches(text).into_iter().fold(0, |found, n| found | 1 << n))
}

static SET: LazyLock<RegexSet> = LazyLock::new(|| {
    // Room for the automaton of the one pass: the default of 2 MiB is thrown away and built again all the time.
    let set = RegexSetBuilder::new(PATTERNS).case_insensitive(true).ignore_whitespace(true).dfa_size_limit(16 << 20).build();
    set.expect("patterns that are part of the program")
});

/// Word boundaries are those of ASCII: the others cannot be found in one pass. `\x20` is a space.
const PATTERNS: [&str; Signal::ALL.len()] = [
    // Amount
    r"[€$£¥₹]\x20?[0-9]
    | [0-9][\x20\u{a0}]?(?: [€$£¥%円] | [km](?-u:\b) | tsd | tys | mio | mln | bn(?-u:\b) | zł | eur | usd | gbp | chf | sek | pln | jpy
        | dollar | euro | pound | franken | krono | percent | per\x20cent | prozent | pour\x20cent | por\x20cent | per\x20cento | procent )
    | (?-u:\b)(?: hundred | thousand | million | billion | grand(?-u:\b) | tausend | hundert | mille(?-u:\b) | mil\x20 | duizend | tysi | tusen | dozen )
    | [0-9]\x20?[千万億]",
    // Figure
    r"[0-9]
    | (?-u:\b)(?: two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | thirteen | fifteen | twenty | thirty
        | forty | fifty | sixty | seventy | eighty | ninety | half\x20a | couple\x20of | zwei | drei | vier | zehn | zwanzig | dreißig | fünfzig
        | deux | trois | quatre | vingt | cinquante | dos | tres | cuatro | veinte | cincuenta | due | venti | cinquanta )(?-u:\b)",
    // Day
    r"[0-9]{4}-[0-9]{2}-[0-9]{2} | (?-u:\b)[0-9]{1,2}[./][0-9]{1,2}(?: [./] | (?-u:\b) ) | (?-u:\b)[0-9]{1,2}(?: st | nd | rd | th )(?-u:\b)
    | (?-u:\b)(?: january | february | march | april | june | july | august | september | october | november | december )(?-u:\b)
    | (?-u:\b)(?: (?: in | by | of | mid | late | early | until | before | after | end )\x20may | may\x20[0-9] )
    | (?-u:\b)(?: monday | tuesday | wednesday | thursday | friday | saturday | sunday | tomorrow | deadline | eod | eow | asap | q[1-4] )(?-u:\b)
    | (?-u:\b)(?: next | this | end\x20of(?:\x20the)? | by\x20the\x20end\x20of | within | in\x20(?:a|two|three|four|six) )\x20(?: week | month | quarter | year | day )
    | (?-u:\b)(?: januar | februar | märz | juni | juli | oktober | dezember | montag | dienstag | mittwoch | donnerstag | freitag | morgen | frist
        | bis\x20(?:zum|ende) | nächste | janvier | février | mars | avril | mai | juin | juillet | août | septembre | octobre | novembre | décembre
        | lundi | mardi | mercredi | jeudi | vendredi | demain | enero | febrero | marzo | abril | mayo | junio | julio | agosto | septiembre | octubre
        | noviembre | diciembre | lunes | martes | miércoles | jueves | viernes | mañana | plazo | janeiro | fevereiro | março | maio | junho | julho
        | setembro | outubro | novembro | dezembro | segunda-feira | terça | quarta-feira | quinta-feira | sexta-feira | amanhã | gennaio | febbraio
        | aprile | maggio | giugno | luglio | settembre | ottobre | dicembre | lunedì | martedì | mercoledì | giovedì | venerdì | domani | scadenza
        | maandag | dinsdag | woensdag | donderdag | vrijdag | maart | augustus | stycz | lut(?:ego|y) | marca | kwiet | czerw | lipca | sierp | wrze
        | październik | listopad | grud | poniedziałek | wtorek | środ | czwartek | piątek | jutro | måndag | tisdag | onsdag | torsdag | fredag | imorgon )
    | [0-9][月日] | [月火水木金]曜 | 来週 | 来月 | 明日",
    // Promise
    r"(?-u:\b)(?: i | we | you )['’]ll | (?-u:\b)(?: i | we | you )\x20will | (?-u:\b)(?: i['’]m | we['’]re | i\x20am | we\x20are )\x20going\x20to | (?-u:\b)gonna
    | (?-u:\b)(?: i | we )\x20(?: can | could | should | must | have\x20to | need\x20to )\x20(?: send | get | have | give | do | share | set | call | sign | deliver | provide )
    | (?-u:\b)(?: let\x20me | promis | commit | guarantee | on\x20me(?-u:\b) | my\x20(?:job|action) | action\x20item | follow[\x20-]up | get\x20back\x20to | next\x20step | to\x20do(?-u:\b) )
    | (?-u:\b)(?: will | ll )\x20(?: send | share | provide | deliver | sign | call | pay | have | get | be\x20there )
    | (?-u:\b)(?: ich | wir )\x20(?: werde | schick | sende | melde | kläre | liefer | kümmere | mache | bringe | stelle | übernehm | reiche ) | zugesagt | zusage | versproch | verspreche
    | (?-u:\b)(?: je\x20(?: vais | vous | m['’]engage | reviens | ferai ) | nous\x20(?: allons | ferons | enverrons | livrerons ) | on\x20(?: va | vous ) ) | enverr | promis | engag
    | (?-u:\b)(?: voy\x20a | vamos\x20a | me\x20comprometo | enviar[éeá] | mandar[éeá] | le\x20env | les\x20env | te\x20env | promet | compromet | vou | enviarei | mandarei | vi\x20mando | le\x20mando | invier | mander | faremo | faremo | impegn )
    | (?-u:\b)(?: ik\x20(?: zal | stuur | ga | zorg ) | we\x20(?: zullen | sturen | gaan | leveren ) | beloof | wyślę | prześlę | zrobimy | dostarczymy | obiecu | jag\x20(?: ska | skickar | återkommer ) | vi\x20(?: ska | skickar | levererar ) | lovar )
    | お送り | いたします | 約束 | 対応します | ご連絡",
    // Decision
    r"(?-u:\b)(?: agree | decid | decision | settled | approv | confirm | chose(?-u:\b) | chosen | signed | sign[\x20-]off | sign\x20off | green\x20light | go\x20ahead | going\x20with | go\x20with | went\x20with
        | picked | final | that['’]s\x20a\x20deal | it['’]s\x20a\x20deal | shake\x20on | we['’]re\x20in(?-u:\b) | ruled\x20out | not\x20(?:going|moving)\x20forward | moving\x20forward | prefer | conclu )
    | entschied | entscheid | entschloss | vereinbart | beschloss | genehmig | freigegeben | einverstanden | abgemacht | zugestimmt
    | décid | décision | convenu | valid[ée] | approuv | d['’]accord\x20(?:pour|sur) | retenu | decidid | decisión | acord | aprob | aprov | decidi | combinad | deci[sd] | approv | concord
    | beslot | besluit | akkoord | afgesproken | goedgekeurd | zdecydow | decyzj | ustali | zatwierdz | zgodzi | beslut | bestäm | godkän | överens
    | 決定 | 決ま | 決め | 合意 | 承認",
    // Objection
    r"(?-u:\b)(?: concern | worr | object | too\x20(?: expensive | much | high | slow | risky | late | long | complicated | steep ) | expensive | pricey | deal\x20?-?breaker | block | show-?\x20?stopper | problem | issue | risk | unless
        | push(?:ed|ing)?\x20back | hesita | reluctan | afraid | unfortunately | frustrat | unhappy | disappoint | no[\x20-]go | veto | skeptic | sceptic | doubt | struggl | uncomfortable | nervous | burned
        | not\x20(?: comfortable | happy | convinced | acceptable | sure | willing | enough | going\x20to | a\x20fan | sold | ready | for\x20us ) | cannot | must\x20not | hard\x20(?:no|stop|requirement) | requirement | condition | only\x20if | as\x20long\x20as )
    | (?-u:\b)(?: can | won | don | doesn | didn | isn | aren | wouldn | couldn )['’]t(?-u:\b)
    | bedenken | zu\x20teuer | sorgen | problem | risiko | leider | nicht\x20(?: akzeptabel | überzeugt | einverstanden | in\x20ordnung | möglich ) | ausgeschlossen | voraussetzung | bedingung | kein\x20(?:weg|budget)
    | trop\x20cher | inqui | problème | risque | malheureusement | pas\x20(?: convaincu | acceptable | possible | question ) | crain | réserve | demasiado | preocup | problema | riesgo | lamentable | condici
    | muito\x20caro | risco | infelizmente | troppo | preoccup | purtroppo | rischi | te\x20duur | zorgen | helaas | bezwaar | risico | obaw | za\x20drog | niestety | ryzyk | för\x20dyr | oroa | tyvärr | tveksam
    | 懸念 | 心配 | 問題 | 難しい | 高すぎ | 残念",
    // Question
    r"[?？]",
];

#[cfg(test)]
mod tests {
    use super::{Signal, signals};

    #[test]
    fn each_signal_is_found_in_the_words_of_several_languages() {
        for (signal, texts) in [
            (
                Signal::Amount,
                &["We have €45k", "forty-five thousand a year", "12 % more", "rund 3 Mio", "3万円", "20 dollars"][..],
            ),
            (Signal::Figure, &["120 seats", "maybe twenty people", "zwei Wochen"]),
            (Signal::Day, &["by May 22", "on the 12th", "nächste Woche", "le 3 août", "2026-05-04", "next quarter", "5月4日"]),
            (
                Signal::Promise,
                &["I'll send it", "we will have it signed", "Ich schicke es Ihnen", "Je vous envoie le devis", "Voy a llamar"],
            ),
            (
                Signal::Decision,
                &["We agreed on two sites", "das ist vereinbart", "nous avons décidé", "It was approved", "決定しました"],
            ),
            (
                Signal::Objection,
                &["That is too expensive", "we can’t sign that", "wir haben Bedenken", "c'est trop cher", "懸念があります"],
            ),
            (Signal::Question, &["Who signs?"]),
        ] {
            for text in texts {
                assert!(signals(text).has(signal), "{signal:?} in `{text}`");
            }
        }
    }

    #[test]
    fn small_talk_has_none() {
        for text in
            ["Good morning, nice to see you.", "Hello Lee", "Great, thanks a lot.", "Yeah, exactly.", "Guten Tag zusammen"]
        {
            let found = Signal::ALL.into_iter().find(|signal| signals(text).has(*signal));
            assert_eq!(found, None, "{text}");
        }
    }
}
