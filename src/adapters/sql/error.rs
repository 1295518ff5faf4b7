//! What a database says → [`StoreError`], without its text: it quotes values.

use sqlx::migrate::MigrateError;

use crate::ports::StoreError;

const DISK_FULL: &str = "the disk is full";
const READ_ONLY: &str = "it is read-only";
const LOCKED: &str = "another process holds its lock";

/// Names the store and what it did when it failed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Failing<'a> {
    /// Without user and password.
    pub(super) store: &'a str,
    /// Completes "failed while it …".
    pub(super) doing: &'static str,
}

impl Failing<'_> {
    pub(super) fn error(self, error: &sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Database(answer) => self.answer(answer.code().as_deref().unwrap_or("no code")),
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                self.unreachable()
            }
            sqlx::Error::Migrate(inner) => self.migration(inner),
            sqlx::Error::Tls(_) => self.failed("TLS"),
            sqlx::Error::Configuration(_) => self.failed("settings"),
            sqlx::Error::Protocol(_) => self.failed("protocol"),
            sqlx::Error::Encode(_) | sqlx::Error::InvalidArgument(_) => self.failed("argument"),
            // The enum is not exhaustive: all that is left would be a mistake in a statement of ours.
            _ => self.failed("statement"),
        }
    }

    /// An answer by its code: SQLSTATE of PostgreSQL (appendix A of its manual), result code of SQLite.
    fn answer(self, code: &str) -> StoreError {
        match code {
            // Connection exceptions, shut down by the administrator or a crash, starting, too many connections.
            "57P01" | "57P02" | "57P03" | "53300" => self.unreachable(),
            _ if code.len() == 5 && code.starts_with("08") => self.unreachable(),
            _ if code.len() == 5 && code.starts_with("28") => StoreError::LoginRefused { store: self.store.to_owned() },
            "53100" => self.failed(DISK_FULL),
            "25006" => self.failed(READ_ONLY),
            _ if code.len() < 5 => self.answer_of_sqlite(code),
            _ => self.failed(code),
        }
    }

    /// The low byte is the result code, the rest says more exactly where it came from.
    fn answer_of_sqlite(self, code: &str) -> StoreError {
        match code.parse::<u32>().map(|code| code & 0xff) {
            Ok(5 | 6) => self.failed(LOCKED),
            Ok(8) => self.failed(READ_ONLY),
            Ok(13) => self.failed(DISK_FULL),
            // The file cannot be opened.
            Ok(14) => self.unreachable(),
            _ => self.failed(code),
        }
    }

    pub(super) fn migration(self, error: &MigrateError) -> StoreError {
        match error {
            MigrateError::Execute(inner) | MigrateError::ExecuteMigration(inner, _) => self.error(inner),
            MigrateError::VersionMissing(_) => self.failed("its tables were made by a newer Baton"),
            MigrateError::VersionMismatch(_) => self.failed("its tables were made by another Baton"),
            MigrateError::Dirty(_) => self.failed("its tables are half made"),
            // The enum is not exhaustive.
            _ => self.failed("migration"),
        }
    }

    pub(super) fn unreachable(self) -> StoreError {
        StoreError::Unreachable { store: self.store.to_owned() }
    }

    pub(super) fn failed(self, code: &str) -> StoreError {
        StoreError::Failed { store: self.store.to_owned(), doing: self.doing, code: code.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::Failing;
    use crate::ports::StoreError;

    fn check(code: &str, expected: StoreError) {
        assert_eq!(Failing { store: "s", doing: "wrote a brief" }.answer(code), expected, "{code}");
    }

    #[test]
    fn a_code_decides_the_error_and_no_text_of_the_database_gets_into_it() {
        let store = || "s".to_owned();
        for code in ["08006", "57P01", "57P03", "53300", "14", "1038"] {
            check(code, StoreError::Unreachable { store: store() });
        }
        for code in ["28P01", "28000"] {
            check(code, StoreError::LoginRefused { store: store() });
        }
        let failed = |code: &str| StoreError::Failed { store: store(), doing: "wrote a brief", code: code.to_owned() };
        for code in ["22021", "23505", "2067", "28", "no code"] {
            check(code, failed(code));
        }
        let locked = "another process holds its lock";
        for (codes, words) in
            [(["53100", "13"], "the disk is full"), (["25006", "1032"], "it is read-only"), (["5", "517"], locked)]
        {
            codes.iter().for_each(|code| check(code, failed(words)));
        }
    }
}
