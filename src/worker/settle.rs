//! [`settle`]: what becomes of a delivery. Pure: the one place that decides about retries.

use std::time::Duration;

use crate::pipeline::{Class, Failure, Outcome};
use crate::ports::{ParkReason, Settlement};

/// A server that asks for more is asked again after this long.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(24 * 3600);
/// Characters of a reason. It travels in a header, which has to fit into one AMQP frame; ids in it come from outside.
const LONGEST_REASON: usize = 2_000;

/// How often an event is tried, and how long it waits in between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetryPolicy {
    /// All attempts together, the first one included. 0 counts as 1.
    pub max_attempts: u32,
    /// The wait after the first attempt, after the second, …; the last one repeats.
    pub delays: Vec<Duration>,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_attempts: 5, delays: [10, 60, 600, 3600].map(Duration::from_secs).to_vec() }
    }
}

impl RetryPolicy {
    fn delay_after(&self, attempt: u32) -> Duration {
        let rung = (attempt.max(1) - 1) as usize;
        self.delays.get(rung).or(self.delays.last()).copied().unwrap_or_default()
    }
}

/// `attempt` counts from 1, this one included.
pub fn settle(result: &Result<Outcome, Failure>, attempt: u32, policy: &RetryPolicy) -> Settlement {
    let failure = match result {
        Ok(
            Outcome::Published
            | Outcome::HeldForReview
            | Outcome::AlreadyCurrent
            | Outcome::NothingToSummarize
            | Outcome::Superseded,
        ) => return Settlement::Ack,
        Err(failure) => failure,
    };
    let park = |class: &str, message: String| {
        let message = message.chars().take(LONGEST_REASON).collect();
        Settlement::Park(ParkReason { class: class.to_owned(), message, attempt })
    };
    match failure.class() {
        Class::Transient { .. } if attempt >= policy.max_attempts => {
            park("attempts_used_up", format!("{failure}; given up after {attempt} attempts"))
        }
        Class::Transient { retry_after } => {
            let asked_for = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
            Settlement::RetryAfter(policy.delay_after(attempt).max(asked_for))
        }
        Class::Permanent | Class::Poison => park(failure.class_name(), failure.to_string()),
        Class::Halt => Settlement::Release,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::EventError;
    use crate::ports::ModelError;

    fn busy(retry_after_seconds: u64) -> Failure {
        let retry_after = Some(Duration::from_secs(retry_after_seconds));
        Failure::Model(ModelError::Busy { endpoint: "model:1".to_owned(), status: 429, retry_after })
    }

    fn check(result: Result<Outcome, Failure>, attempt: u32, expected: Settlement) {
        assert_eq!(settle(&result, attempt, &RetryPolicy::default()), expected, "{result:?} at attempt {attempt}");
    }

    fn parked(class: &str, message: &str, attempt: u32) -> Settlement {
        Settlement::Park(ParkReason { class: class.to_owned(), message: message.to_owned(), attempt })
    }

    #[test]
    fn every_outcome_is_work_done_at_every_attempt() {
        use Outcome::*;
        for outcome in [Published, HeldForReview, AlreadyCurrent, NothingToSummarize, Superseded] {
            for attempt in [1, 5, 6, u32::MAX] {
                check(Ok(outcome), attempt, Settlement::Ack);
            }
        }
    }

    #[test]
    fn a_transient_failure_waits_longer_each_time_and_is_then_parked() {
        for (attempt, seconds) in [(0, 10), (1, 10), (2, 60), (3, 600), (4, 3600)] {
            check(Err(Failure::NoAnswer), attempt, Settlement::RetryAfter(Duration::from_secs(seconds)));
        }
        let message = |attempt| format!("the model sent no answer; given up after {attempt} attempts");
        for attempt in [5, 6, u32::MAX] {
            check(Err(Failure::NoAnswer), attempt, parked("attempts_used_up", &message(attempt), attempt));
        }
    }

    #[test]
    fn the_servers_wait_is_the_least_and_a_day_is_the_most() {
        let seconds = |seconds| Settlement::RetryAfter(Duration::from_secs(seconds));
        check(Err(busy(3)), 1, seconds(10));
        check(Err(busy(45)), 1, seconds(45));
        check(Err(busy(45)), 2, seconds(60));
        check(Err(busy(u64::MAX)), 4, seconds(24 * 3600));
        check(Err(busy(45)), 5, parked("attempts_used_up", &format!("{}; given up after 5 attempts", busy(45)), 5));
    }

    #[test]
    fn what_would_fail_again_is_parked_at_once_with_its_reason() {
        check(Err(Failure::Declined), 1, parked("permanent", &Failure::Declined.to_string(), 1));
        let poison = EventError::Missing { name: "id" };
        check(Err(Failure::Event(poison.clone())), 1, parked("poison", &poison.to_string(), 1));
    }

    #[test]
    fn a_reason_fits_into_a_header_whatever_an_event_names() {
        let ids: Vec<String> = (0..4_000).map(|n| format!("{n}-{}", "é".repeat(200))).collect();
        let failures = [
            Failure::SourcesMissing { ids: ids.clone() },
            Failure::NothingReadable { reasons: ids.clone() },
            Failure::Event(EventError::DuplicateSource { source_id: ids.concat() }),
        ];
        for failure in failures {
            let Settlement::Park(reason) = settle(&Err(failure), 5, &RetryPolicy::default()) else { panic!() };
            assert!(reason.message.chars().count() <= LONGEST_REASON, "{}", reason.message);
        }
        let few = Failure::SourcesMissing { ids: ids[..11].to_vec() }.to_string();
        assert!(few.contains(", and 1 more; store them"), "{few}");
    }

    #[test]
    fn a_halt_never_parks_however_often_it_was_tried() {
        for attempt in [1, 5, 100] {
            check(Err(Failure::DailyBudgetSpent { limit_usd: 1.0 }), attempt, Settlement::Release);
        }
    }

    #[test]
    fn a_deadline_and_a_panic_are_tried_again() {
        for failure in [Failure::DeadlinePassed { seconds: 180 }, Failure::Panicked] {
            check(Err(failure), 1, Settlement::RetryAfter(Duration::from_secs(10)));
        }
    }

    #[test]
    fn a_policy_without_attempts_or_delays_still_decides() {
        let policy = RetryPolicy { max_attempts: 0, delays: Vec::new() };
        assert!(matches!(settle(&Err(Failure::NoAnswer), 1, &policy), Settlement::Park(_)));
        let policy = RetryPolicy { max_attempts: 2, delays: Vec::new() };
        assert_eq!(settle(&Err(Failure::NoAnswer), 1, &policy), Settlement::RetryAfter(Duration::ZERO));
    }
}
