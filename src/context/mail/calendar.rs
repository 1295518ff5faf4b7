//! [`lines`]: an invitation (RFC 5545) as lines that a person can read.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The events of a calendar, one property a line, times in UTC where their zone is known. Empty if there is no event.
pub(super) fn lines(calendar: &str) -> Vec<String> {
    let unfolded = unfold(calendar);
    let properties: Vec<Property<'_>> = unfolded.lines().filter_map(Property::parse).collect();
    let method = properties.iter().find(|property| property.name == "METHOD").map(|property| property.value);
    let mut lines = Vec::new();
    let mut rest = properties.as_slice();
    while let Some(start) = rest.iter().position(|property| property.begins_event()) {
        let event = &rest[start + 1..];
        let end = event.iter().position(|property| property.name == "END" && is_event(property.value)).unwrap_or(event.len());
        lines.extend(event_lines(method, &event[..end]));
        rest = &event[end..];
    }
    lines
}

/// What stands in alarms and other components within an event says nothing of the event.
fn event_lines(method: Option<&str>, event: &[Property<'_>]) -> Vec<String> {
    let mut depth = 0_usize;
    let mut own = Vec::new();
    for property in event {
        match property.name.as_str() {
            "BEGIN" => depth += 1,
            "END" => depth = depth.saturating_sub(1),
            _ if depth == 0 => own.push(property),
            _ => {}
        }
    }
    let title = format!("{}: ", title(method, &own));
    let mut lines = Vec::new();
    for (name, label) in LABELS {
        let count = own.iter().filter(|property| property.name == name).count();
        for property in own.iter().filter(|property| property.name == name).take(MOST_OF_A_NAME) {
            let text = match name {
                "DTSTART" | "DTEND" => property.moment(),
                "ORGANIZER" | "ATTENDEE" => property.person(),
                _ => unescape(property.value),
            };
            let label = if name == "SUMMARY" { title.as_str() } else { label };
            // A description has lines of its own.
            let mut texts = text.lines().map(str::trim_end).skip_while(|line| line.is_empty());
            lines.extend(texts.next().map(|first| format!("{label}{first}")));
            lines.extend(texts.map(str::to_owned));
        }
        let beyond = count.saturating_sub(MOST_OF_A_NAME);
        lines.extend((beyond > 0).then(|| format!("{label}{beyond} more")));
    }
    lines
}

/// More attendees than this are counted.
const MOST_OF_A_NAME: usize = 30;

const LABELS: [(&str, &str); 9] = [
    ("SUMMARY", ""),
    ("DTSTART", "Start: "),
    ("DTEND", "End: "),
    ("DURATION", "Duration: "),
    ("RRULE", "Repeats: "),
    ("LOCATION", "Location: "),
    ("ORGANIZER", "Organizer: "),
    ("ATTENDEE", "Attendee: "),
    ("DESCRIPTION", "Description: "),
];

fn title(method: Option<&str>, event: &[&Property<'_>]) -> &'static str {
    let is_cancelled = event.iter().any(|property| property.name == "STATUS" && property.value.eq_ignore_ascii_case("cancelled"));
    match method.map(str::to_ascii_uppercase).as_deref() {
        Some("CANCEL") => "Cancelled meeting",
        _ if is_cancelled => "Cancelled meeting",
        Some("REPLY") => "Reply to invitation",
        Some("COUNTER") => "New time proposed for meeting",
        Some("REQUEST") => "Invitation",
        _ => "Meeting",
    }
}

fn is_event(component: &str) -> bool {
    component.trim().eq_ignore_ascii_case("VEVENT")
}

/// Joins lines that were folded (section 3.1).
fn unfold(calendar: &str) -> String {
    let mut unfolded = String::with_capacity(calendar.len());
    for line in calendar.split('\n').map(|line| line.trim_end_matches('\r')) {
        match line.strip_prefix([' ', '\t']) {
            Some(rest) => unfolded.push_str(rest),
            None => {
                unfolded.push('\n');
                unfolded.push_str(line);
            }
        }
    }
    unfolded
}

/// `NAME;PARAMETER=value:value`.
struct Property<'a> {
    name: String,
    parameters: Vec<(String, &'a str)>,
    value: &'a str,
}

impl<'a> Property<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut quoted = false;
        let colon = line.bytes().position(|byte| {
            quoted ^= byte == b'"';
            byte == b':' && !quoted
        })?;
        let mut fields = split_unquoted(&line[..colon]).into_iter();
        let name = fields.next()?.trim().to_ascii_uppercase();
        let parameter = |field: &'a str| {
            let (name, value) = field.split_once('=')?;
            Some((name.trim().to_ascii_uppercase(), value.trim_matches('"')))
        };
        Some(Self { name, parameters: fields.filter_map(parameter).collect(), value: &line[colon + 1..] })
    }

    fn begins_event(&self) -> bool {
        self.name == "BEGIN" && is_event(self.value)
    }

    fn parameter(&self, name: &str) -> Option<&'a str> {
        self.parameters.iter().find(|(found, _)| found == name).map(|(_, value)| *value)
    }

    /// A day, or a time with what is known of its zone: `2026-05-04 15:07 (13:07 UTC)`.
    fn moment(&self) -> String {
        let value = self.value.trim();
        let Some(local) = civil(value) else { return value.to_owned() };
        if !value.contains('T') {
            return local.date().to_string();
        }
        let shown = |at: Timestamp| at.strftime("%Y-%m-%d %H:%M UTC").to_string();
        let written = local.strftime("%Y-%m-%d %H:%M").to_string();
        if value.ends_with(['Z', 'z']) {
            return format!("{written} UTC");
        }
        let Some(id) = self.parameter("TZID") else { return written };
        let at = zone(id).and_then(|zone| zone.to_timestamp(local).ok());
        at.map_or_else(|| format!("{written} {id}"), |at| format!("{written} {id} ({})", shown(at)))
    }

    /// Name, address and answer of somebody.
    fn person(&self) -> String {
        let address = self.value.trim();
        let address = address.get(..7).filter(|start| start.eq_ignore_ascii_case("mailto:")).map_or(address, |_| &address[7..]);
        let answer = match self.parameter("PARTSTAT").map(str::to_ascii_uppercase).as_deref() {
            Some("ACCEPTED") => ", accepted",
            Some("DECLINED") => ", declined",
            Some("TENTATIVE") => ", tentative",
            _ => "",
        };
        match self.parameter("CN").filter(|name| !name.is_empty() && !name.eq_ignore_ascii_case(address)) {
            Some(name) => format!("{name} <{address}>{answer}"),
            None => format!("{address}{answer}"),
        }
    }
}

fn split_unquoted(text: &str) -> Vec<&str> {
    let mut quoted = false;
    text.split(|c| {
        quoted ^= c == '"';
        c == ';' && !quoted
    })
    .collect()
}

/// `20260504T150700` or `20260504`.
fn civil(value: &str) -> Option<DateTime> {
    let value = value.trim_end_matches(['Z', 'z']);
    let (date, time) = value.split_once(['T', 't']).unwrap_or((value, "000000"));
    if date.len() != 8 || time.len() != 6 || !date.bytes().chain(time.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = |text: &str| text.parse::<i8>().ok();
    let year = date[..4].parse().ok()?;
    DateTime::new(year, number(&date[4..6])?, number(&date[6..])?, number(&time[..2])?, number(&time[2..4])?, 0, 0).ok()
}

/// A zone by its name in the bundled database, or by the name that Windows has for it.
fn zone(id: &str) -> Option<TimeZone> {
    let bare = id.trim().trim_matches('"');
    let name = WINDOWS_ZONES.iter().find(|(windows, _)| windows.eq_ignore_ascii_case(bare)).map_or(bare, |(_, iana)| *iana);
    TimeZone::get(name).ok()
}

/// The zones of the Unicode CLDR table `windowsZones` where most mail comes from.
const WINDOWS_ZONES: [(&str, &str); 32] = [
    ("UTC", "Etc/UTC"),
    ("GMT Standard Time", "Europe/London"),
    ("Greenwich Standard Time", "Atlantic/Reykjavik"),
    ("W. Europe Standard Time", "Europe/Berlin"),
    ("Romance Standard Time", "Europe/Paris"),
    ("Central Europe Standard Time", "Europe/Budapest"),
    ("Central European Standard Time", "Europe/Warsaw"),
    ("E. Europe Standard Time", "Europe/Chisinau"),
    ("GTB Standard Time", "Europe/Bucharest"),
    ("FLE Standard Time", "Europe/Kiev"),
    ("Turkey Standard Time", "Europe/Istanbul"),
    ("Israel Standard Time", "Asia/Jerusalem"),
    ("Russian Standard Time", "Europe/Moscow"),
    ("South Africa Standard Time", "Africa/Johannesburg"),
    ("Arabian Standard Time", "Asia/Dubai"),
    ("Arab Standard Time", "Asia/Riyadh"),
    ("India Standard Time", "Asia/Kolkata"),
    ("SE Asia Standard Time", "Asia/Bangkok"),
    ("Singapore Standard Time", "Asia/Singapore"),
    ("China Standard Time", "Asia/Shanghai"),
    ("Tokyo Standard Time", "Asia/Tokyo"),
    ("Korea Standard Time", "Asia/Seoul"),
    ("AUS Eastern Standard Time", "Australia/Sydney"),
    ("New Zealand Standard Time", "Pacific/Auckland"),
    ("Eastern Standard Time", "America/New_York"),
    ("Central Standard Time", "America/Chicago"),
    ("Mountain Standard Time", "America/Denver"),
    ("US Mountain Standard Time", "America/Phoenix"),
    ("Pacific Standard Time", "America/Los_Angeles"),
    ("Atlantic Standard Time", "America/Halifax"),
    ("E. South America Standard Time", "America/Sao_Paulo"),
    ("Argentina Standard Time", "America/Buenos_Aires"),
];

/// Undoes the escapes of text values (section 3.3.11).
fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(escaped) => text.push(escaped),
                None => {}
            },
            _ => text.push(c),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::lines;

    #[test]
    fn an_invitation_becomes_lines_with_absolute_times() {
        let calendar = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Pricing\\, round\r\n  two\r\n\
            DTSTART;TZID=\"W. Europe Standard Time\":20260504T150000\r\nDTEND;TZID=Europe/Berlin:20260504T160000\r\n\
            LOCATION:Room 4\r\nORGANIZER;CN=\"Keller, Dana\":mailto:dana@north.example\r\n\
            ATTENDEE;PARTSTAT=ACCEPTED;CN=Lee Ito:MAILTO:lee@us.example\r\nATTENDEE;CN=a@b.example:mailto:a@b.example\r\n\
            DESCRIPTION:We decide on 40 seats.\\n\\nBring the quote\\; thanks.\r\n\
            BEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        assert_eq!(
            lines(calendar),
            [
                "Invitation: Pricing, round two",
                "Start: 2026-05-04 15:00 W. Europe Standard Time (2026-05-04 13:00 UTC)",
                "End: 2026-05-04 16:00 Europe/Berlin (2026-05-04 14:00 UTC)",
                "Location: Room 4",
                "Organizer: Keller, Dana <dana@north.example>",
                "Attendee: Lee Ito <lee@us.example>, accepted",
                "Attendee: a@b.example",
                "Description: We decide on 40 seats.",
                "",
                "Bring the quote; thanks.",
            ]
        );
    }

    #[test]
    fn days_and_times_of_unknown_zones_stay_as_they_are() {
        let calendar =
            "BEGIN:VEVENT\nSUMMARY:x\nDTSTART;VALUE=DATE:20260504\nDTEND;TZID=Mars/North:20260505T090000\nSTATUS:CANCELLED\n";
        assert_eq!(lines(calendar), ["Cancelled meeting: x", "Start: 2026-05-04", "End: 2026-05-05 09:00 Mars/North"]);
        let calendar = "BEGIN:VEVENT\nDTSTART:20260504T090000Z\nDTEND:tomorrow\nEND:VEVENT\nEND:VEVENT";
        assert_eq!(lines(calendar), ["Start: 2026-05-04 09:00 UTC", "End: tomorrow"]);
        assert_eq!(lines("no calendar"), Vec::<String>::new());
    }
}
