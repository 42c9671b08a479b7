//! A regular expression of MongoDB's, as far as it can be judged here: yes, no, or cannot tell.
//!
//! MongoDB matches with PCRE, which knows more than any engine that is small and never slow. So whatever this one does
//! not read, or reads in another way, is left to the database.
//! <https://www.mongodb.com/docs/manual/reference/operator/query/regex/>

use std::{fmt, sync::Arc};

use regex_lite::{Regex, RegexBuilder};

/// What PCRE reads in another way: possessive repetition, plain characters of a class that mean set operations
/// elsewhere, an open lower bound, escapes that are word boundaries elsewhere, any vertical space, and escapes that it
/// does not know.
const OTHERWISE: [&str; 14] =
    ["++", "*+", "?+", "}+", "&&", "--", "~~", "{,", "\\<", "\\>", "(*", "\\v", "\\u", "\\U"];

/// What stands between characters. PCRE refuses to repeat it.
const BETWEEN: [&str; 6] = ["^", "$", "\\b", "\\B", "\\A", "\\z"];

/// An expression with its options. Cheap to clone; two are equal when their texts are.
#[derive(Clone)]
pub struct Pattern {
    source: Arc<str>,
    options: Arc<str>,
    /// `None` where only the database can tell.
    regex: Option<Arc<Regex>>,
}

impl Pattern {
    /// An expression as MongoDB takes it; `options` are its letters, such as `i`.
    pub fn new(source: &str, options: &str) -> Self {
        let has = |option| options.contains(option);
        let readable = options.chars().all(|option| "imsx".contains(option))
            && !OTHERWISE.iter().any(|otherwise| source.contains(otherwise))
            && !BETWEEN.iter().any(|between| is_repeated(source, between))
            && flags_inside(source).all(|(flags, next)| !flags.contains('R') && !is_repetition(next))
            // Spaces in a class count there, even where spaces elsewhere do not.
            && !(source.contains('[')
                && (has('x') || flags_inside(source).any(|(flags, _)| flags.contains('x'))));
        let regex = readable.then(|| {
            RegexBuilder::new(source)
                .case_insensitive(has('i'))
                .multi_line(has('m'))
                .dot_matches_new_line(has('s'))
                .ignore_whitespace(has('x'))
                .build()
        });
        Self {
            source: source.into(),
            options: options.into(),
            regex: regex.and_then(Result::ok).map(Arc::new),
        }
    }

    /// The expression itself.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it matches anywhere in the text; `None` is: only the database can tell.
    pub fn matches(&self, text: &str) -> Option<bool> {
        // `$` stands before a last line break there, and not here.
        let ends_otherwise = text.ends_with('\n') && self.source.contains(['$', '^']);
        // Upper and lower case of other letters than a to z.
        let folds_otherwise = (self.options.contains('i') || self.source.contains("(?"))
            && !(text.is_ascii() && self.source.is_ascii());
        let regex = self.regex.as_ref().filter(|_| !ends_otherwise && !folds_otherwise)?;
        Some(regex.is_match(text))
    }
}

/// Whether one of these is repeated, other than as the beginning of a class.
fn is_repeated(source: &str, between: &str) -> bool {
    source.match_indices(between).any(|(at, _)| {
        is_repetition(source[at + between.len()..].chars().next()) && !source[..at].ends_with('[')
    })
}

fn is_repetition(next: Option<char>) -> bool {
    matches!(next, Some('*' | '+' | '?' | '{'))
}

/// The flags of each `(?i)` or `(?i:`, and what follows.
fn flags_inside(source: &str) -> impl Iterator<Item = (&str, Option<char>)> {
    source.match_indices("(?").map(|(at, opening)| {
        let rest = &source[at + opening.len()..];
        let end = rest.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(rest.len());
        let next = rest[end..].strip_prefix(')').and_then(|after| after.chars().next());
        (&rest[..end], next)
    })
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        (&self.source, &self.options) == (&other.source, &other.options)
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}/{}", self.source, self.options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_yes_no_or_cannot_tell() {
        for (source, options, text, expected) in [
            ("^OF-[0-9]{4}-[0-9]{5,7}$", "", "OF-2026-00042", Some(true)),
            ("^OF-[0-9]{4}-[0-9]{5,7}$", "", "OF-2026-42", Some(false)),
            ("b", "", "abc", Some(true)),
            ("^a.c$", "", "a\nc", Some(false)),
            ("^a.c$", "s", "a\nc", Some(true)),
            (r"^\d\w\s$", "", "1a ", Some(true)),
            (r"^\d$", "", "٣", Some(false)),
            ("anna", "i", "Hanna ANNA", Some(true)),
            ("änna", "i", "ÄNNA", None),
            ("(?i)k", "", "\u{212A}", None),
            ("änna", "", "ännas", Some(true)),
            ("a$", "", "a\n", None),
            ("^(a+)+$", "", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", Some(false)),
            (r"(a)\1", "", "aa", None),
            ("a(?=b)", "", "ab", None),
            ("a++a", "", "aa", None),
            ("[a&&b]", "", "&", None),
            (r"\v", "", "\u{2028}", None),
            (r"\u0041", "", "A", None),
            ("(?R)a", "", "a", None),
            ("(?i)ORDER", "", "order", Some(true)),
            ("[a b]", "x", " ", None),
            ("(?x)[a b]", "", " ", None),
            ("a b", "x", "ab", Some(true)),
            ("^*a", "", "a", None),
            (r"\b?a", "", "a", None),
            ("[^?]+", "", "a", Some(true)),
            ("(?i)*a", "", "a", None),
            ("(", "", "(", None),
            ("a", "u", "a", None),
        ] {
            assert_eq!(
                Pattern::new(source, options).matches(text),
                expected,
                "/{source}/{options} on {text:?}"
            );
        }
    }
}
