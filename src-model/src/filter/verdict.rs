//! Several answers as one, where each is yes, no, or `None`: cannot tell.
//!
//! One answer that decides does so whatever the others are.

/// True if all are.
pub(super) fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    not(any(answers.map(not)))
}

/// True if one is.
pub(super) fn any(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut outcome = Some(false);
    for answer in answers {
        match answer {
            Some(true) => return answer,
            Some(false) => {}
            None => outcome = None,
        }
    }
    outcome
}

pub(super) fn not(answer: Option<bool>) -> Option<bool> {
    answer.map(|yes| !yes)
}
