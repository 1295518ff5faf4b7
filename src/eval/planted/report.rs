//! The tables, as Markdown that reads well as plain text.

use super::tally::{Counts, Measured, share};

impl Measured {
    /// One table of the planted errors, one of the checks: what `docs/checks.md` holds.
    pub fn tables(&self) -> String {
        format!("{}\n{}", self.errors(), self.checks_table())
    }

    fn errors(&self) -> String {
        let line = |name: String, counts: &Counts| {
            let of_all = |count: usize| percent(share(count, counts.planted));
            vec![name, counts.planted.to_string(), of_all(counts.found), of_all(counts.blocked)]
        };
        let mut rows = Vec::new();
        for kind in &self.kinds {
            rows.push(line(format!("**{}**", kind.kind.name()), &kind.all));
            rows.extend(kind.forms.iter().map(|(form, counts)| line(format!("- {form}"), counts)));
        }
        table(["planted error", "planted", "found %", "blocked %"].map(str::to_owned), rows)
    }

    fn checks_table(&self) -> String {
        let rows = self.checks.iter().map(|line| {
            let severity = format!("{:?}", line.severity).to_lowercase();
            let mut row = vec![format!("`{}`", line.check), severity];
            row.extend(match line.is_about_handoff {
                true => ["–".to_owned(), "–".to_owned()],
                false => [line.findings.to_string(), percent(line.precision())],
            });
            row.push(line.false_alarms.to_string());
            row
        });
        let alarms = format!("false alarms in {} parts of {} right briefs", self.parts, self.briefs);
        table(["check".into(), "at worst".into(), "findings".into(), "precision %".into(), alarms], rows.collect())
    }
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "–".to_owned(), |share| format!("{:.1}", share * 100.0))
}

/// Names to the left, numbers to the right.
fn table<const N: usize>(head: [String; N], rows: Vec<Vec<String>>) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| &row[column]).chain([&head[column]]);
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..N).map(width).collect();
    let line = |cells: &[String]| {
        let padded = cells.iter().zip(&widths).enumerate().map(|(column, (cell, width))| match column {
            0 => format!(" {cell:<width$} "),
            _ => format!(" {cell:>width$} "),
        });
        format!("|{}|\n", padded.collect::<Vec<_>>().join("|"))
    };
    let rule = widths.iter().enumerate().map(|(column, width)| match column {
        0 => "-".repeat(width + 2),
        _ => format!("{}:", "-".repeat(width + 1)),
    });
    let rule = format!("|{}|\n", rule.collect::<Vec<_>>().join("|"));
    line(&head) + &rule + &rows.iter().map(|row| line(row)).collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn a_table_is_markdown_with_columns_of_one_width() {
        let table = table(["a".to_owned(), "share".to_owned()], vec![vec!["long name".to_owned(), "1".to_owned()]]);
        assert_eq!(table, "| a         | share |\n|-----------|------:|\n| long name |     1 |\n");
    }
}
