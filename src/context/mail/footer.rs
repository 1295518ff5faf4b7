//! [`footer`]: paragraphs that lawyers, mailing lists and notification programs add to a mail.

use std::sync::LazyLock;

use regex::Regex;

use super::separator::is_marker;
use crate::context::reading::RemovedKind;

/// What kind of footer a paragraph is, if it is one. `lines` are its lines, `before` is the kind of the paragraph
/// before it.
pub(super) fn footer(lines: &[&str], before: Option<RemovedKind>) -> Option<RemovedKind> {
    let joined: String = lines.iter().take(MOST_LINES).flat_map(|line| [line.trim(), " "]).collect();
    if is_legal(&joined, before) {
        return Some(RemovedKind::LegalFooter);
    }
    if lines.len() == 1 && is_marker(lines[0]) {
        return Some(RemovedKind::ListFooter);
    }
    let is_ruled = lines.first().is_some_and(|line| is_ruler(line));
    let is_list = lines.len() <= 8 && (is_ruled && LIST.is_match(&joined) || NOTIFICATION.is_match(&joined));
    is_list.then_some(RemovedKind::ListFooter)
}

/// A longer paragraph is no footer.
const MOST_LINES: usize = 40;

/// A line of nothing but a ruler.
pub(super) fn is_ruler(line: &str) -> bool {
    let bare = line.trim();
    bare.len() >= 3 && bare.chars().all(|c| matches!(c, '_' | '-' | '—' | '–' | '=' | '*' | '~' | '#'))
}

/// Legal text opens with a well-known phrase, or has several of its words. What goes on below legal text needs fewer.
fn is_legal(paragraph: &str, before: Option<RemovedKind>) -> bool {
    let words = paragraph.split_whitespace().take(21).count();
    if LEGAL_START.is_match(paragraph) {
        return true;
    }
    if words < 8 {
        return false;
    }
    if !LEGAL_CORE.is_match(paragraph) {
        return false;
    }
    let count = |patterns: &[Regex]| patterns.iter().filter(|pattern| pattern.is_match(paragraph)).count();
    let stems = count(&LEGAL_STEMS);
    let least = if before == Some(RemovedKind::LegalFooter) { 2 } else { 3 };
    stems >= least && (before == Some(RemovedKind::LegalFooter) || MESSAGE_NOUN.is_match(paragraph)) || count(&REGISTER) >= 3
}

fn pattern(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

fn patterns(patterns: &[&str]) -> Vec<Regex> {
    patterns.iter().map(|one| pattern(one)).collect()
}

static LEGAL_START: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:confidentiality (?:notice|note|statement|warning)(?-u:\b)|(?:e-?mail |legal )?disclaimer\s*(?:[:.–-]|$)|legal notice(?-u:\b)|important notice:|privileged and confidential(?-u:\b)|(?:this|the (?:information|content)s? (?:of|in|contained in) this) (?:e-?mail|message|communication|transmission).*(?:confidential|privileged|intended|property of)|the information (?:contained|transmitted).*(?:confidential|privileged|intended)|(?:if you are not|if you received|if you have received|if this (?:message|e-?mail) was).{0,60}(?:recipient|in error|by mistake)|diese (?:e-?mail|nachricht).*vertraulich|der inhalt dieser e-?mail|ce (?:message|courriel|mail).*(?:confidentiel|destin)|ce courrier électronique.*confidentiel|este (?:mensaje|correo|e-?mail).*(?:confidencial|destinatari)|(?:questo messaggio|questa e-?mail|le informazioni contenute).*(?:riservat|confidenzial)|esta (?:mensagem|e-?mail).*confidencia|este e-?mail.*confidencia|dit (?:bericht|e-?mail).*vertrouwelijk|(?:ta wiadomość|niniejsza wiadomość|wiadomość ta).*(?:poufn|adresat)|(?:detta|denne|dette) .{0,20}(?:meddelande|e-?post|e-?mail|mail|melding|meddelelse).*(?:konfidentiel|fortroli)|tämä (?:viesti|sähköposti).*luottamuksel|tato zpráva.*důvěrn|это (?:сообщение|письмо|электронное).*конфиденциальн|このメール.*(?:機密|秘密)|本(?:邮件|电子邮件|郵件|電子郵件).*(?:机密|保密|機密)|bu e-?posta.*gizli|please consider the environment|p please consider|think before you print|denken sie an die umwelt|bitte prüfen sie.*(?:ausdruck|drucken)|pensez à l.environnement|avant d.imprimer|antes de imprimir|prima di stampare|proteja o meio ambiente|(?:\[?(?:external|extern|externe|externo)\]?\W|caution\W|warning\W|achtung\W|attention\W|vorsicht\W).{0,80}(?:originated|came|sent|extern[a-z]* (?:e-?mail|mail|sender|absender|nachricht)|stammt|kommt|provient|outside|außerhalb|extérieur|externen? absender)|this (?:e-?mail|message) (?:has been|was) (?:scanned|checked|sent to|sent by)|virus-?free(?-u:\b)|virenfrei|libre de virus|garanti sans virus|diese e-?mail wurde von .* (?:geprüft|gescannt)|l.absence de virus|mail was checked for spam)",
    )
});
/// Legal text has at least one of these. One pattern for most paragraphs, which have none.
static LEGAL_CORE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)confiden|konfiden|конфиден|vertraul|vertrouw|riservat|poufn|důvěrn|dôvern|luottamuk|fortrol|gizli|bizalmas|機密|机密|privileged|proprietary|intended|recipient|addressee|adressat|destinat|geadress|unauthor|unbefugt|autoris|autoriz|prohibit|in error|by mistake|irrtüm|par erreur|por err|per err|omyłk|omyl|abuis|misstag|disclos|disseminat|получател|адресат|gmbh|amtsgericht|registered|registro|siret|handelsreg|kvk|regon|(?-u:\b)vat(?-u:\b)|privacy|virus",
    )
});
static LEGAL_STEMS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    patterns(&[
        r"(?i)confiden[ct]ial|konfidentiel|конфиденциальн|vertraulich|vertrouwelijk|riservat[ei]|poufn|důvěrn|dôvern|luottamuksel|fortrolig|gizli|bizalmas|confidențial|機密|机密",
        r"(?i)privileged|proprietary|legally protected|geschützt|protegid|secret professionnel",
        r"(?i)intended (?:recipient|solely|only|for|addressee)|solely for|bestimmt|destinat[aá]ri|destinataire|geadresseerde|adresat|příjemc|addressee|mottagar|modtager|mottaker|vastaanottaj|адресат|получател|受信者|收件人|címzett|alıcı",
        r"(?i)unauthori[sz]ed|unbefugt|nicht gestattet|non autoris|no autorizad|não autorizad|non autorizzat|prohibited|untersagt|interdit|prohibid|proibid|vietat|verboden|zabronion|zakázán|förbjuden|запрещ",
        r"(?i)disclos|disseminat|distribut|copying|reproduc|weitergabe|vervielfältig|divulga|difusi|diffusion|copia(?-u:\b)|rozpowszechnian|verspreid|распростран|kopier",
        r"(?i)in error|by mistake|irrtümlich|par erreur|por error|por erro(?-u:\b)|per errore|ten onrechte|per abuis|omyłkow|przez pomyłkę|omylem|av misstag|ved en fejl|ved en feil|по ошибке|ошибочно",
        r"(?i)notify|inform the sender|informieren sie|benachrichtigen|informer|notifi|avis[ae]|avvis|comunicar|poinform|meddela|underrett|уведом|сообщ",
        r"(?i)delete|destroy|vernichten|löschen|détruire|supprim|elimin|borr|apag|cancell|verwijder|usunąć|usuni|smazat|radera|slett|удал",
        r"(?i)virus|malware|liabilit|liable|haftung|responsabilit|responsabilid|aansprakelijk|odpowiedzialnoś|ansvar",
        r"(?i)views? (?:or opinions )?expressed|do not necessarily|personal data|gdpr|datenschutz|privacy",
    ])
});
/// A footer speaks of the mail itself.
static MESSAGE_NOUN: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)e-?mail|message|mensaje|messaggio|mensagem|nachricht|bericht|courriel|correo|wiadomoś|zpráv|správ|meddelande|meddelelse|melding|viesti|сообщени|письмо|mesaj|üzenet|メール|邮件|郵件|메일|communication|transmission|attachment",
    )
});
/// What the law makes a company write below its letters.
static REGISTER: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    patterns(&[
        r"(?i)geschäftsführ|managing director|vorstand(?-u:\b)|director general|administrador",
        r"(?i)amtsgericht|handelsregister|registergericht|registered (?:in|office)|registro mercantil|(?-u:\b)rcs(?-u:\b)|trade register|krs(?-u:\b)|(?-u:\b)kvk(?-u:\b)",
        r"(?i)(?-u:\b)hr[ab] ?\d|company (?:no|number|registration)|reg(?:istration)?\.? no|siret|siren(?-u:\b)|regon",
        r"(?i)ust\.?-?id|(?-u:\b)vat(?-u:\b)|umsatzsteuer|p\.? ?iva|(?-u:\b)cif(?-u:\b)|(?-u:\b)nif(?-u:\b)|(?-u:\b)nip(?-u:\b)|(?-u:\b)tva(?-u:\b)|btw",
        r"(?i)sitz der gesellschaft|capital social|aufsichtsrat|siège social|kapitał zakładowy|registered address",
    ])
});
static NOTIFICATION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\W*(?:you(?:'re| are) receiving this|you (?:have )?received this (?:e-?mail|message|notification) because|(?:click here )?to unsubscribe(?-u:\b)|unsubscribe(?-u:\b)|to stop receiving|if you no longer wish to receive|if you(?: would|'d) (?:like|prefer) (?:not )?to (?:un|stop)|view (?:this|it) (?:e-?mail |message )?(?:in your browser|online)|reply to this e-?mail directly|manage (?:your )?(?:e-?mail |notification )?(?:preferences|settings|subscription)|(?:update|change) your (?:e-?mail )?(?:preferences|settings)|to (?:view|see) this discussion (?:on the web|visit)|for more options, visit|to post to this group|visit this group at|this e-?mail is a service from|this (?:e-?mail|message) was sent (?:to|by|from) .{3,80}(?:unsubscribe|because|preferences|$)|(?:powered|delivered|sent) by (?:zendesk|intercom|freshdesk|help scout|front|hubspot|crisp)|um sich abzumelden|abmelden(?-u:\b)|vom newsletter abmelden|newsletter abbestellen|sie erhalten diese e-?mail|se désabonner|se désinscrire|pour (?:vous désabonner|vous désinscrire|ne plus recevoir)|vous recevez ce|darse de baja|para darse de baja|si no desea recibir|has recibido este|recibes este|cancelar (?:a )?(?:inscrição|suscripción|subscrição)|para cancelar|você (?:está recebendo|recebeu) este|annulla l.iscrizione|per (?:cancellarti|annullare l.iscrizione|disiscriverti)|hai ricevuto questa|uitschrijven|afmelden(?-u:\b)|je ontvangt deze|u ontvangt deze|wypisz się|aby zrezygnować|otrzymujesz tę|avregistrera|avsluta prenumeration|afmeld(?-u:\b)|meld deg av|peruuta tilaus|odhlásit|leiratkozás|dezabonare|отписаться|чтобы отписаться|вы получили это|配信停止|退订|取消订阅|구독 취소|수신거부)",
    )
});
static LIST: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)mailing ?list|/listinfo|unsubscribe|google groups|you(?:'re| are) receiving this|reply to this e-?mail|list archives?|mailman|liste de diffusion|lista de correo|listserv",
    )
});

#[cfg(test)]
mod tests {
    use super::footer;
    use crate::context::reading::RemovedKind::{self, LegalFooter, ListFooter};

    fn kind(paragraph: &str) -> Option<RemovedKind> {
        footer(&paragraph.lines().collect::<Vec<_>>(), None)
    }

    #[test]
    fn legal_text_is_known_in_many_languages() {
        for text in [
            "This e-mail and any attachments are confidential\nand intended for the addressee.",
            "CONFIDENTIALITY NOTICE: the contents are for you.",
            "Any unauthorised copying of this message is prohibited; if it came to you by mistake, please notify us and delete it.",
            "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, löschen Sie sie.",
            "Ce message est confidentiel et destiné à ses seuls destinataires.",
            "Este mensaje es confidencial y va dirigido a su destinatario.",
            "Le informazioni contenute in questo messaggio sono riservate.",
            "Dit bericht is vertrouwelijk en alleen bestemd voor de geadresseerde.",
            "Niniejsza wiadomość jest poufna i przeznaczona dla adresata.",
            "Please consider the environment before printing this email",
            "CAUTION: This email originated from outside of the organization. Do not click links.",
            "North GmbH, Sitz der Gesellschaft: Köln, Amtsgericht Köln HRB 12345, Geschäftsführerin: Dana Keller",
        ] {
            assert_eq!(kind(text), Some(LegalFooter), "{text}");
        }
    }

    #[test]
    fn lists_and_notifications_say_why_they_write() {
        for text in [
            "____________\nlist mailing list\nhttp://x.example/listinfo",
            "—\nYou are receiving this because you commented.\nReply to this email directly or view it on GitHub",
            "You received this message because you are subscribed to the Google Groups \"north\" group.",
            "To unsubscribe from this list, click here.",
            "Um sich abzumelden, klicken Sie hier.",
        ] {
            assert_eq!(kind(text), Some(ListFooter), "{text}");
        }
    }

    #[test]
    fn talk_about_confidence_is_no_footer() {
        for text in [
            "Please keep the price confidential until we sign.",
            "We need to delete the old records and notify the team about it by Friday, or we are liable.",
            "The legal notice on your page is old.",
            "Attention: the price in the offer is for 40 seats.",
        ] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
