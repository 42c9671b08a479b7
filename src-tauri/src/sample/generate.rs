//! The sample's documents, each made from its number alone: the same on every machine and at every start.
//!
//! Nothing is sent from here. The types, and the rules that the documents keep, are `lockstep_model::offers`.

use bson::{DateTime, Decimal128, oid::ObjectId};
use lockstep_model::offers::{Activity, ActivityKind, Currency, Customer, CustomerName, Line, Offer, Status};

use super::{
    random::{Random, Stream},
    tier::{CUSTOMERS, Tier},
    words,
};

const DAY_SECONDS: u64 = 86_400;

/// 2025-01-01, when the first offer was written.
const FIRST: u64 = 1_735_689_600;

/// 2026-01-01, from which on the numbers carry that year.
const YEAR_2026: u64 = 1_767_225_600;

/// 2026-10-01, when the sample was taken: nothing in it is younger.
const PRESENT: u64 = 1_790_812_800;

/// Each customer has a name of its own.
pub(super) fn customer(number: u32) -> Customer {
    let mut random = Random::of(Stream::Customer, number);
    let place = random.pick(words::PLACES);
    let since = FIRST - random.between(30, 4_000) * DAY_SECONDS;
    // The lists' lengths have no common divisor, so a pair comes again only after their product.
    let at = |list: &[&'static str]| list[number as usize % list.len()];
    let contact = format!("{} {}", random.pick(words::FIRST_NAMES), random.pick(words::LAST_NAMES));
    let company = at(words::COMPANIES);
    let domain: String = company.chars().filter(char::is_ascii_alphanumeric).collect();
    Customer {
        _id: object_id(&mut random, since),
        name: format!("{company} {} {}", at(words::BRANCHES), place.legal_form),
        city: (*random.pick(place.cities)).into(),
        country: place.country.into(),
        contact,
        // No mail ever reaches a name under .example (RFC 2606).
        email: random.chance(85).then(|| format!("purchasing@{}.example", domain.to_lowercase())),
        since: date(since),
    }
}

/// What an offer's activities have to agree with.
struct Beginning {
    id: ObjectId,
    owner: &'static str,
    created: u64,
    valid_until: u64,
}

/// Draws the first part of an offer, from which `random` goes on.
fn beginning(number: u32, tier: Tier, random: &mut Random) -> Beginning {
    let (span, offers) = (PRESENT - FIRST, u64::from(tier.offers()));
    let created = FIRST + span * u64::from(number) / offers + random.below(span / offers);
    Beginning {
        id: object_id(random, created),
        owner: random.pick(words::OWNERS),
        created,
        valid_until: (created / DAY_SECONDS + random.between(2, 12) * 7) * DAY_SECONDS,
    }
}

/// The offer number `number` of a tier, from 0, in the order in which they were written.
pub(super) fn offer(number: u32, tier: Tier) -> Offer {
    let mut random = Random::of(Stream::Offer, number);
    let Beginning { id, owner, created, valid_until } = beginning(number, tier, &mut random);
    // The smaller of two numbers: some customers ask often.
    let asks = random.below(CUSTOMERS.into()).min(random.below(CUSTOMERS.into()));
    let customer = customer(u32::try_from(asks).expect("a customer's number is below a u32"));

    let lines: Vec<(&str, u64, u64)> = (0..random.between(1, 6))
        .map(|_| {
            let (title, least, most) = *random.pick(words::PRODUCTS);
            // What is cheap is bought by the dozen.
            let quantity = random.between(1, if most < 500 { 120 } else { 4 });
            (title, quantity, random.between(least * 100, most * 100))
        })
        .collect();
    let amount: u64 = lines.iter().map(|(_, quantity, cents)| quantity * cents).sum();
    let discount = if random.chance(40) { amount * random.between(1, 15) / 100 } else { 0 };

    let status = status(&mut random, valid_until);
    let updated = match status {
        Status::Draft => created + random.below(3 * DAY_SECONDS),
        _ => created + random.below(valid_until - created),
    };
    let mut tags: Vec<String> = (0..random.below(4)).map(|_| (*random.pick(words::TAGS)).into()).collect();
    tags.sort();
    tags.dedup();

    Offer {
        _id: id,
        number: format!("OF-{}-{:05}", if created < YEAR_2026 { 2025 } else { 2026 }, number + 1),
        title: format!("{}, {}", random.pick(words::PROJECTS), customer.city),
        owner: owner.into(),
        status,
        amount: money(amount),
        currency: currency(&customer),
        discount: money(discount),
        lines: lines
            .into_iter()
            .map(|(title, quantity, cents)| Line {
                title: title.into(),
                quantity: i32::try_from(quantity).expect("a quantity is at most 120"),
                price: money(cents),
            })
            .collect(),
        customer: CustomerName { id: customer._id, name: customer.name },
        valid_until: date(valid_until),
        tags,
        notes: random.chance(35).then(|| (*random.pick(words::NOTES)).into()),
        created_at: date(created),
        updated_at: date(updated.min(PRESENT)),
    }
}

/// The activity number `number` of a tier. Some offers have many, some none.
pub(super) fn activity(number: u32, tier: Tier) -> Activity {
    let mut random = Random::of(Stream::Activity, number);
    let about = u32::try_from(random.below(tier.offers().into())).expect("a tier counts its offers in a u32");
    let about = beginning(about, tier, &mut Random::of(Stream::Offer, about));
    let kind = *random.pick(ActivityKind::ALL);
    let (texts, minutes) = match kind {
        ActivityKind::Call => (words::CALLS, Some(random.between(2, 45))),
        ActivityKind::Email => (words::EMAILS, None),
        ActivityKind::Meeting => (words::MEETINGS, Some(random.between(1, 12) * 15)),
        ActivityKind::Note => (words::REMARKS, None),
    };
    let at = (about.created + random.below(about.valid_until - about.created)).min(PRESENT);
    Activity {
        _id: object_id(&mut random, at),
        offer: about.id,
        kind,
        by: (*if random.chance(80) { &about.owner } else { random.pick(words::OWNERS) }).into(),
        at: date(at),
        minutes: minutes.map(|minutes| i32::try_from(minutes).expect("a meeting takes at most three hours")),
        text: (*random.pick(texts)).into(),
    }
}

/// What is still open, and how the rest ended.
fn status(random: &mut Random, valid_until: u64) -> Status {
    match (valid_until > PRESENT, random.below(100)) {
        (true, 0..20) => Status::Draft,
        (true, 20..62) => Status::Sent,
        (true, 62..88) => Status::Negotiation,
        (true, 88..96) | (false, 0..38) => Status::Won,
        (true, _) | (false, 38..68) => Status::Lost,
        (false, _) => Status::Expired,
    }
}

fn currency(customer: &Customer) -> Currency {
    let place = words::PLACES.iter().find(|place| place.country == customer.country);
    place.expect("every customer is in one of the places").currency
}

/// In the binary form, with the exponent -2: parsing text took most of the time that an offer takes.
/// <https://github.com/mongodb/specifications/blob/master/source/bson-decimal128/decimal128.md>
fn money(cents: u64) -> Decimal128 {
    const BIAS: u128 = 6_176;
    const COEFFICIENT_BITS: u32 = 113;
    Decimal128::from_bytes(((BIAS - 2) << COEFFICIENT_BITS | u128::from(cents)).to_le_bytes())
}

fn date(seconds: u64) -> DateTime {
    DateTime::from_millis(i64::try_from(seconds * 1000).expect("the sample's dates are near 2026"))
}

/// Orders by time, as those that a driver makes.
fn object_id(random: &mut Random, seconds: u64) -> ObjectId {
    let mut bytes = random.number().to_be_bytes().repeat(2);
    bytes.truncate(12);
    let seconds = u32::try_from(seconds).expect("the sample's dates are before 2106");
    bytes[..4].copy_from_slice(&seconds.to_be_bytes());
    ObjectId::from_bytes(bytes.try_into().expect("just cut to twelve"))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use lockstep_model::{offers, shape::Shape};
    use serde::Serialize;

    use super::*;

    fn assert_fits(collection: &str, document: &impl Serialize) {
        let validator =
            offers::collections().into_iter().find(|each| each.name == collection).unwrap().validator;
        let shape = Shape::of_validator(&bson::RawDocumentBuf::try_from(&validator).unwrap()).unwrap();
        let document = bson::serialize_to_raw_document_buf(document).unwrap();
        assert_eq!(shape.validate(&document), [], "{document:?}");
    }

    #[test]
    fn every_document_keeps_the_rules() {
        (0..CUSTOMERS).for_each(|number| assert_fits("customers", &customer(number)));
        for tier in [Tier::Small, Tier::Large] {
            for number in (0..tier.offers()).step_by(tier.offers() as usize / 100) {
                let offer = offer(number, tier);
                assert_fits("offers", &offer);
                let cents = |amount: Decimal128| amount.to_string().replace('.', "").parse::<u64>().unwrap();
                assert!(cents(offer.discount) <= cents(offer.amount), "{offer:?}");
                assert!(
                    offer.created_at <= offer.updated_at && offer.created_at < offer.valid_until,
                    "{offer:?}"
                );
            }
            for number in (0..tier.activities()).step_by(tier.activities() as usize / 100) {
                assert_fits("activities", &activity(number, tier));
            }
        }
    }

    #[test]
    fn money_has_two_decimals() {
        for (cents, text) in
            [(0, "0.00"), (7, "0.07"), (123_450, "1234.50"), (u64::MAX, "184467440737095516.15")]
        {
            assert_eq!(money(cents).to_string(), text);
            assert_eq!(money(cents), text.parse().unwrap());
        }
    }

    #[test]
    fn what_must_be_unique_is() {
        let customers: Vec<_> = (0..CUSTOMERS).map(customer).collect();
        assert_eq!(customers.iter().map(|each| &each.name).collect::<HashSet<_>>().len(), customers.len());
        let offers: Vec<_> =
            (0..Tier::Standard.offers()).map(|number| offer(number, Tier::Standard)).collect();
        assert_eq!(offers.iter().map(|each| &each.number).collect::<HashSet<_>>().len(), offers.len());
        assert!(
            offers.is_sorted_by_key(|each| each.created_at) && offers.is_sorted_by_key(|each| &each.number)
        );
        let ids = offers.iter().map(|each| each._id).chain(customers.iter().map(|each| each._id));
        assert_eq!(ids.collect::<HashSet<_>>().len(), offers.len() + customers.len());
    }

    #[test]
    fn every_status_and_currency_is_there() {
        let offers: Vec<_> =
            (0..Tier::Standard.offers()).map(|number| offer(number, Tier::Standard)).collect();
        for status in Status::ALL {
            let share = offers.iter().filter(|each| each.status == *status).count();
            assert!(share > 100, "{status:?}: {share}");
        }
        assert!(Currency::ALL.iter().all(|currency| offers.iter().any(|each| each.currency == *currency)));
    }

    #[test]
    fn activities_belong_to_offers_that_are_there() {
        let offers: HashSet<_> =
            (0..Tier::Small.offers()).map(|number| offer(number, Tier::Small)._id).collect();
        assert!(
            (0..Tier::Small.activities()).all(|number| offers.contains(&activity(number, Tier::Small).offer))
        );
    }
}
