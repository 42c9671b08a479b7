//! Numbers of all four BSON types, compared by their exact value.
//!
//! Nothing is converted on the way to a type that could round it: `0.1` as a double is greater than `0.1` as a
//! Decimal128, and 2^53 + 1 as Int64 greater than 2^53 as a double. NaN is equal to NaN and below all else.

use std::cmp::Ordering;

use bson::{Decimal128, RawBsonRef};

/// A number of any BSON type.
#[derive(Clone, Copy)]
pub(super) enum Number {
    Integer(i64),
    Double(f64),
    Decimal(Decimal128),
}

impl Number {
    pub(super) fn of(value: RawBsonRef<'_>) -> Option<Self> {
        Some(match value {
            RawBsonRef::Int32(integer) => Self::Integer(integer.into()),
            RawBsonRef::Int64(integer) => Self::Integer(integer),
            RawBsonRef::Double(double) => Self::Double(double),
            RawBsonRef::Decimal128(decimal) => Self::Decimal(decimal),
            _ => return None,
        })
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Integer(a), Self::Integer(b)) => a.cmp(&b),
            (Self::Double(a), Self::Double(b)) => {
                a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
            }
            (Self::Integer(a), Self::Double(b)) => integer_to_double(a, b),
            (Self::Double(a), Self::Integer(b)) => integer_to_double(b, a).reverse(),
            (a, b) => a.written().compare(b.written()),
        }
    }

    pub(super) fn is_nan(self) -> bool {
        matches!(self.written(), Written::NaN)
    }

    fn written(self) -> Written {
        match self {
            Self::Integer(integer) => Written::finite(integer < 0, integer.unsigned_abs().into(), 0),
            Self::Decimal(decimal) => decode(decimal),
            Self::Double(double) if double.is_nan() => Written::NaN,
            Self::Double(double) if double.is_infinite() => Written::Infinite { negative: double < 0.0 },
            Self::Double(0.0) => Written::Zero,
            Self::Double(double) => Written::Double(double),
        }
    }
}

fn integer_to_double(a: i64, b: f64) -> Ordering {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    if b.is_nan() || b < -TWO_TO_63 {
        Ordering::Greater
    } else if b >= TWO_TO_63 {
        Ordering::Less
    } else {
        // In this range the truncation is exact, and so is what it cut off.
        a.cmp(&(b as i64)).then_with(|| 0.0_f64.partial_cmp(&b.fract()).unwrap_or(Ordering::Equal))
    }
}

/// A number as it is written in decimal digits. At least one of two that are compared is no double.
enum Written {
    NaN,
    Infinite {
        negative: bool,
    },
    Zero,
    /// `coefficient × 10^exponent`; the coefficient is above 0 and below 10^34.
    Finite {
        negative: bool,
        coefficient: u128,
        exponent: i32,
    },
    /// Finite, and not zero.
    Double(f64),
}

impl Written {
    fn finite(negative: bool, coefficient: u128, exponent: i32) -> Self {
        if coefficient == 0 { Self::Zero } else { Self::Finite { negative, coefficient, exponent } }
    }

    /// Where the number lies, from below: NaN, -∞, negative, zero, positive, ∞.
    fn zone(&self) -> u8 {
        match *self {
            Self::NaN => 0,
            Self::Infinite { negative: true } => 1,
            Self::Finite { negative: true, .. } => 2,
            Self::Double(double) if double < 0.0 => 2,
            Self::Zero => 3,
            Self::Finite { .. } | Self::Double(_) => 4,
            Self::Infinite { negative: false } => 5,
        }
    }

    fn compare(self, other: Self) -> Ordering {
        self.zone().cmp(&other.zone()).then_with(|| {
            let negative = self.zone() == 2;
            let magnitude = match (self, other) {
                (
                    Self::Finite { coefficient: a, exponent: p, .. },
                    Self::Finite { coefficient: b, exponent: q, .. },
                ) => aligned(a, p, b, q),
                (Self::Finite { coefficient, exponent, .. }, Self::Double(double)) => {
                    digits(coefficient, exponent).cmp(&digits_of_double(double))
                }
                (Self::Double(double), Self::Finite { coefficient, exponent, .. }) => {
                    digits_of_double(double).cmp(&digits(coefficient, exponent))
                }
                _ => Ordering::Equal,
            };
            if negative { magnitude.reverse() } else { magnitude }
        })
    }
}

/// Compares `a × 10^p` with `b × 10^q`.
fn aligned(a: u128, p: i32, b: u128, q: i32) -> Ordering {
    let (digits_of_a, digits_of_b) = (a.ilog10(), b.ilog10());
    (p + digits_of_a as i32).cmp(&(q + digits_of_b as i32)).then_with(|| {
        // With as many digits as the longer one has, which still are at most 34.
        let longest = digits_of_a.max(digits_of_b);
        (a * 10_u128.pow(longest - digits_of_a)).cmp(&(b * 10_u128.pow(longest - digits_of_b)))
    })
}

/// `0.ddd × 10^exponent`, with the digits without zeros at their end: comparing this compares the numbers.
fn digits(coefficient: u128, exponent: i32) -> (i32, String) {
    let text = coefficient.to_string();
    (exponent + text.len() as i32, text.trim_end_matches('0').to_owned())
}

/// The same of a double's magnitude.
fn digits_of_double(double: f64) -> (i32, String) {
    // 767 significant digits write every double exactly.
    let text = format!("{:.766e}", double.abs());
    let (mantissa, exponent) = text.split_once('e').expect("{:e} writes an exponent");
    let exponent: i32 = exponent.parse().expect("{:e} writes an integer after the e");
    (exponent + 1, mantissa.replace('.', "").trim_end_matches('0').to_owned())
}

/// Takes the 128 bits apart; the encoding is that of the BSON specification's "decimal128" (binary integer decimal).
fn decode(decimal: Decimal128) -> Written {
    const BIAS: i32 = 6176;
    const GREATEST: u128 = 10_u128.pow(34) - 1;
    let bits = u128::from_le_bytes(decimal.bytes());
    let negative = bits >> 127 == 1;
    match (bits >> 122) & 0b1_1111 {
        0b1_1111 => Written::NaN,
        0b1_1110 => Written::Infinite { negative },
        // Two leading ones announce a coefficient that is over 34 digits, which counts as zero.
        top if top >> 3 == 0b11 => Written::Zero,
        _ => match bits & ((1 << 113) - 1) {
            coefficient if coefficient > GREATEST => Written::Zero,
            coefficient => {
                let exponent = ((bits >> 113) & 0x3FFF) as i32 - BIAS;
                Written::finite(negative, coefficient, exponent)
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Number {
        Number::Decimal(text.parse().unwrap())
    }

    #[test]
    fn numbers_ascend_whatever_their_types() {
        use Number::{Double, Integer};
        let groups: &[&[Number]] = &[
            &[Double(f64::NAN), decimal("NaN"), Double(-f64::NAN)],
            &[Double(f64::NEG_INFINITY), decimal("-Infinity")],
            &[decimal("-1E+6144")],
            &[Double(f64::MIN)],
            &[Double(-9.3e18)],
            &[Integer(i64::MIN), Double(-9_223_372_036_854_775_808.0), decimal("-9223372036854775808")],
            &[Integer(-5), Double(-5.0), decimal("-5.00")],
            &[Double(-4.5), decimal("-4.5")],
            &[Integer(-4)],
            &[Double(-5e-324)],
            &[decimal("-1E-6176")],
            &[Integer(0), Double(0.0), Double(-0.0), decimal("0"), decimal("-0.00"), decimal("0E+3")],
            &[decimal("1E-6176")],
            &[Double(5e-324)],
            &[decimal("0.1")],
            &[Double(0.1)],
            &[decimal("0.1000000000000000055511151231257828")],
            &[Double(0.5), decimal("0.50")],
            &[Integer(1), Double(1.0), decimal("1.0"), decimal("1.00")],
            &[Integer(9_007_199_254_740_992), Double(9_007_199_254_740_992.0)],
            &[Integer(9_007_199_254_740_993), decimal("9007199254740993")],
            &[Integer(i64::MAX - 1)],
            &[Integer(i64::MAX), decimal("9223372036854775807")],
            &[Double(9_223_372_036_854_775_808.0), decimal("9223372036854775808")],
            &[decimal("9999999999999999999999999999999999")],
            &[Double(1e300)],
            &[decimal("1.001E+300")],
            &[Double(f64::MAX)],
            &[decimal("9.999999999999999999999999999999999E+6144")],
            &[Double(f64::INFINITY), decimal("Infinity")],
        ];
        for (i, group) in groups.iter().enumerate() {
            for (j, other) in groups.iter().enumerate() {
                for a in *group {
                    for b in *other {
                        assert_eq!(a.compare(*b), i.cmp(&j), "group {i} against group {j}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_coefficient_over_34_digits_counts_as_zero() {
        let over = (6176_u128 << 113) | 10_u128.pow(34);
        let announced = (0b11_u128 << 125) | 5;
        for bits in [over, announced] {
            let number = Number::Decimal(Decimal128::from_bytes(bits.to_le_bytes()));
            assert_eq!(number.compare(Number::Integer(0)), Ordering::Equal);
        }
    }
}
