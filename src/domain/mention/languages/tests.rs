//! What is read in each language, and that English is read as if there were no other.

use jiff::civil::{Date, date};

use super::Language;
use crate::domain::brief::Firmness;
use crate::domain::mention::{commitment_strength, dates, durations, is_hedged, is_negated, language, money, numbers};

/// A Wednesday.
const SAID_ON: Date = date(2026, 4, 29);

/// Rows of a text and what must be found in it, several joined by `; `.
type Rows = [(&'static str, &'static str)];

fn assert_rows(rows: &Rows, read: impl Fn(&str) -> Vec<String>) {
    let found = rows.iter().map(|(text, expected)| (*text, read(text).join("; "), *expected));
    let wrong: Vec<_> = found.filter(|(_, found, expected)| found != expected).collect();
    assert!(wrong.is_empty(), "(text, found, expected): {wrong:#?}");
}

fn up_to(up_to: Option<f64>) -> String {
    up_to.map(|up_to| format!("-{up_to}")).unwrap_or_default()
}

/// `28`, `10-12`.
fn read_numbers(text: &str) -> Vec<String> {
    numbers(text).into_iter().map(|one| format!("{}{}", one.number, up_to(one.up_to))).collect()
}

/// `1200 EUR Month`.
fn read_money(text: &str) -> Vec<String> {
    let period = |one: &super::super::MoneyMention| one.period.map_or("-".to_owned(), |period| format!("{period:?}"));
    let one = |one: super::super::MoneyMention| {
        format!("{}{} {} {}", one.amount, up_to(one.up_to), one.currency.as_deref().unwrap_or("-"), period(&one))
    };
    money(text).into_iter().map(one).collect()
}

/// `2026-05-12`, `~2026-05-31` if not exact.
fn read_dates(text: &str) -> Vec<String> {
    let about = |is_exact: bool| if is_exact { "" } else { "~" };
    let day = |day: Option<Date>| day.map_or("?".to_owned(), |day| day.to_string());
    dates(text, Some(SAID_ON)).into_iter().map(|one| format!("{}{}", about(one.exact), day(one.date))).collect()
}

fn read_durations(text: &str) -> Vec<String> {
    durations(text).into_iter().map(|one| format!("{}{} {:?}", one.amount, up_to(one.up_to), one.unit)).collect()
}

#[test]
fn numbers_in_words_are_read() {
    assert_rows(
        &[
            ("Wir haben achtundzwanzig Filialen", "28"),
            ("Das sind zwölfhundert Kunden", "1200"),
            ("Sechzigtausend Euro", "60000"),
            ("zweihundertfünfzigtausend Stück", "250000"),
            ("rund eine Million Datensätze und zwei Server", "1000000; 2"),
            ("eineinhalb Jahre und nicht mehr", "1.5"),
            ("anderthalb Tage", "1.5"),
            ("eine halbe Million Umsatz", "500000"),
            ("zehn bis zwölf Leute sind wir", "10-12"),
            ("zwei Komma fünf Prozent", "2.5"),
            ("Es sind 11.000 Artikel", "11000"),
            ("Wir haben 1 200 Kunden", "1200"),
            ("um 12,5 % gestiegen", "12.5"),
            ("dreiundzwanzig", "23"),
            ("hundertzwanzig Plätze", "120"),
            ("siebenhundertfünfzig", "750"),
            ("ein paar Leute", ""),
            ("Das ist eine gute Frage", ""),
        ],
        read_numbers,
    );
    assert_rows(
        &[
            ("nous avons quatre-vingt-dix-sept machines", "97"),
            ("soixante et onze clients", "71"),
            ("vingt et un postes", "21"),
            ("soixante-quinze personnes", "75"),
            ("quatre-vingts salariés et quatre-vingt-un sites", "80; 81"),
            ("deux cent cinquante mille euros", "250000"),
            ("mille deux cents pièces par jour", "1200"),
            ("un millier de factures dans le mois", "1000"),
            ("une soixantaine de personnes", "60"),
            ("une douzaine de machines", "12"),
            ("un million et demi de pages vues par mois", "1500000"),
            ("entre 18 et 25 € par machine", "18-25"),
            ("nous sommes dix-huit", "18"),
            ("1 200 colis par jour et 12,5 % de retours", "1200; 12.5"),
            ("une bonne question pour vous", ""),
        ],
        read_numbers,
    );
    assert_rows(
        &[
            ("achtentwintig keer", "28"),
            ("zo'n elfduizend euro", "11000"),
            ("elfduizend", "11000"),
            ("vijfenveertig mensen", "45"),
            ("honderdtien medewerkers", "110"),
            ("tweehonderdvijftigduizend records", "250000"),
            ("anderhalf jaar geleden", "1.5"),
            ("een half miljoen klanten", "500000"),
            ("een miljoen regels", "1000000"),
            ("tien tot twaalf locaties", "10-12"),
            ("tweeëntwintig winkels", "22"),
            ("7.000 bestellingen en 12,5% retour", "7000; 12.5"),
            ("een paar mensen", ""),
        ],
        read_numbers,
    );
    assert_rows(
        &[
            ("veintiocho tiendas", "28"),
            ("mil doscientos clientes", "1200"),
            ("dos mil quinientos pedidos al mes", "2500"),
            ("treinta y cinco personas", "35"),
            ("ciento veinte mil euros", "120000"),
            ("medio millón de visitas", "500000"),
            ("dos millones de registros", "2000000"),
            ("entre diez y doce sedes", "10-12"),
            ("somos once en el equipo", "11"),
            ("1.200 envíos y un 12,5 % de devoluciones", "1200; 12.5"),
            ("una buena pregunta", ""),
        ],
        read_numbers,
    );
}

#[test]
fn money_is_read_with_its_period() {
    assert_rows(
        &[
            ("Mehr als zwölfhundert im Monat geht nicht", "1200 - Month"),
            ("so sechzigtausend Euro Umsatz im Jahr", "60000 EUR -"),
            ("49 € je Fahrzeug und Monat", "49 EUR Month"),
            ("1.250,50 € pro Monat", "1250.5 EUR Month"),
            ("3 Mio. Franken jährlich", "3000000 CHF Year"),
            ("einmalig 500 Euro für die Einrichtung", "500 EUR Once"),
            ("450 Tsd. Euro pro Jahr", "450000 EUR Year"),
            ("comptez entre 18 et 25 € par machine et par mois selon le modèle", "18-25 EUR Month"),
            ("45 k€ par an", "45000 EUR Year"),
            ("2 M€ de chiffre d'affaires pour nous", "2000000 EUR -"),
            ("un abonnement mensuel de 300 €", "300 EUR Month"),
            ("€ 29 per gebruiker per maand, samen € 13.224 per jaar", "29 EUR Month; 13224 EUR Year"),
            ("zo'n elfduizend euro per maand", "11000 EUR Month"),
            ("doce mil euros al año", "12000 EUR Year"),
            ("300 € al mes por tienda", "300 EUR Month"),
            ("180 000 zł", "180000 PLN -"),
        ],
        read_money,
    );
}

#[test]
fn lengths_of_time_are_read_in_every_language() {
    assert_rows(
        &[
            ("in zwei Wochen", "2 Week"),
            ("mit dreißig Tagen Frist", "30 Day"),
            ("ein Vertrag über 24 Monate", "24 Month"),
            ("dans trois semaines", "3 Week"),
            ("un engagement de douze mois", "12 Month"),
            ("drie weken en twee maanden", "3 Week; 2 Month"),
            ("dentro de dos semanas", "2 Week"),
            ("un contrato de tres años", "3 Year"),
        ],
        read_durations,
    );
}

#[test]
fn days_are_read_and_resolved() {
    assert_rows(
        &[
            ("am 24. November", "2026-11-24"),
            ("der hat am 24.11. Sitzung", "2026-11-24"),
            ("Der Betriebsrat tagt am 3. Mai 2027", "2027-05-03"),
            ("bis zum fünfzehnten Januar", "2027-01-15"),
            ("Das machen wir bis Freitag", "2026-05-01"),
            ("nächste Woche Dienstag", "2026-05-05"),
            ("Freitag nächster Woche", "2026-05-08"),
            ("heute und übermorgen", "2026-04-29; 2026-05-01"),
            ("Ende nächster Woche", "~2026-05-08"),
            ("Ende des Monats", "~2026-04-30"),
            ("bis Monatsende", "~2026-04-30"),
            ("bis Ende Januar", "~2027-01-31"),
            ("Anfang Juni geht es los", "~2026-06-01"),
            ("im dritten Quartal", "~2026-09-30"),
            ("in zwei Wochen", "2026-05-13"),
            ("jeden Montag", ""),
        ],
        read_dates,
    );
    assert_rows(
        &[
            ("le 12 janvier 2027", "2027-01-12"),
            ("avant le 1er juin", "2026-06-01"),
            ("l'étude de cas de la scierie (12/01), puis le guide", "2027-01-12"),
            ("vendredi prochain", "2026-05-01"),
            ("la semaine prochaine", "~2026-05-10"),
            ("je vous rappelle demain", "2026-04-30"),
            ("avant la fin juin", "~2026-06-30"),
            ("la fin du mois", "~2026-04-30"),
            ("début juin", "~2026-06-01"),
            ("après-demain", "2026-05-01"),
            ("dans deux semaines", "2026-05-13"),
            ("le quinze mai", "2026-05-15"),
            ("au troisième trimestre", "~2026-09-30"),
        ],
        read_dates,
    );
    assert_rows(
        &[
            ("die staat er voor vijftien januari", "2027-01-15"),
            ("op 15 januari", "2027-01-15"),
            ("De eerste maandag van januari", "2027-01-04"),
            ("wij mogen tot 1 maart 2027 zonder kosten stoppen", "2027-03-01"),
            ("dinsdag over een week", "2026-05-12"),
            ("voor het eind van de week", "~2026-05-01"),
            ("volgende week vrijdag", "2026-05-08"),
            ("eind januari", "~2027-01-31"),
            ("morgen bel ik je", "2026-04-30"),
            ("in het derde kwartaal", "~2026-09-30"),
            ("Salarix 15/1 kan volgens Pim, heb ik gecheckt", "2027-01-15"),
        ],
        read_dates,
    );
    assert_rows(
        &[
            ("el 12 de enero de 2027", "2027-01-12"),
            ("para el quince de junio", "2026-06-15"),
            ("el próximo lunes", "2026-05-04"),
            ("el lunes que viene", "2026-05-04"),
            ("la semana que viene", "~2026-05-10"),
            ("nos vemos mañana", "2026-04-30"),
            ("a finales de junio", "~2026-06-30"),
            ("dentro de dos semanas", "2026-05-13"),
            ("la próxima semana", "~2026-05-10"),
        ],
        read_dates,
    );
}

#[test]
fn denials_are_told_from_statements() {
    for text in [
        "Das geht nicht",
        "Wir haben kein Budget",
        "Ohne den Betriebsrat geht da nix",
        "nous n'avons aucune preuve",
        "ce n'est pas possible pour nous",
        "Dat heb ik nog niet gezegd",
        "er is geen budget voor",
        "todavía no está aprobado",
        "sin el visto bueno de la dirección",
    ] {
        assert!(is_negated(text), "{text:?}");
    }
    for text in [
        "Wir brauchen das nicht nur hier",
        "Kein Problem, das machen wir",
        "pas de problème, je vous envoie ça",
        "niet alleen voor ons",
        "no hay problema, lo enviamos hoy",
        "Das ist in Ordnung",
    ] {
        assert!(!is_negated(text), "{text:?}");
    }
}

#[test]
fn hedges_and_promises_are_told() {
    for text in [
        "Das könnte bis Freitag klappen",
        "vielleicht im Juni, wir wissen es noch nicht",
        "nous pourrions le faire en mai",
        "c'est peut-être possible",
        "misschien lukt het in mei",
        "dat zou kunnen in januari",
        "quizás podamos hacerlo en junio",
        "probablemente en septiembre",
    ] {
        assert!(is_hedged(text), "{text:?}");
    }
    for (text, expected) in [
        ("Wir schicken Ihnen das Angebot bis Freitag.", Some(Firmness::Firm)),
        ("Schick ich Ihnen, bis Montag haben Sie das.", Some(Firmness::Firm)),
        ("Vielleicht schicken wir es am Freitag.", Some(Firmness::Hedged)),
        ("Das schicken wir nicht.", None),
        ("Je vous envoie le devis demain.", Some(Firmness::Firm)),
        ("Nous vous enverrons le devis la semaine prochaine.", Some(Firmness::Firm)),
        ("En ik lever de lijst met medewerkers aan.", Some(Firmness::Firm)),
        ("De koppeling leveren wij in januari.", Some(Firmness::Firm)),
        ("Le enviaré la propuesta mañana.", Some(Firmness::Firm)),
        ("Wir haben zwei Standorte.", None),
        ("Schicken wir das bis Freitag?", None),
    ] {
        assert_eq!(commitment_strength(text), expected, "{text:?}");
    }
}

#[test]
fn english_is_read_as_if_there_were_no_other_language() {
    for text in [
        "We met once on Tuesday",
        "They die out, six of them",
        "Elf Beauty and Acht Partners pay $45k",
        "Los Angeles office, 45 seats",
        "Call Van der Berg about the son of Pat",
        "My mil is 60 and con man",
        "Müller und Söhne signed for 120 seats on May 12",
        "Send it to the des moines team by 5/6",
        "Sept. 3rd works, mars bars and an oven",
        "The pro plan costs $49 per seat",
        "The El Paso site said no to the La Mesa one",
        "12/05/2026",
        "10 000 seats",
        "",
        "45",
        "Yes.",
    ] {
        assert_eq!(language(text), Language::English, "{text:?}");
    }
    assert_eq!(read_numbers("on mil con elf sept dix cent once die"), Vec::<String>::new());
}

#[test]
fn the_language_of_short_texts_is_told() {
    for (text, expected) in [
        ("Wir haben das gestern besprochen.", Language::German),
        ("Sechzigtausend", Language::German),
        ("Nous sommes 82", Language::French),
        ("La semaine prochaine", Language::French),
        ("Vier januari dus.", Language::Dutch),
        ("elfduizend", Language::Dutch),
        ("We willen het in januari", Language::Dutch),
        ("¿Y cuándo empezamos? En enero", Language::Spanish),
        ("veintiocho", Language::Spanish),
    ] {
        assert_eq!(language(text), expected, "{text:?}");
    }
}

#[test]
fn every_word_that_counts_for_a_language_is_a_word_of_its_own() {
    for language in Language::FOREIGN {
        let glossary = language.glossary().unwrap();
        let english: Vec<&str> = super::ENGLISH_SURE.split_whitespace().collect();
        let shared: Vec<&str> = glossary.sure.split_whitespace().filter(|word| english.contains(word)).collect();
        assert!(shared.is_empty(), "{language:?}: {shared:?}");
    }
}
