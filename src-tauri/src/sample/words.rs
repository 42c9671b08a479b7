//! The words that the sample is put together from. Places and products exist; people and companies do not.

use lockstep_model::offers::Currency::{self, Chf, Eur, Gbp, Usd};

/// Where a customer is.
#[derive(Debug)]
pub(super) struct Place {
    /// Two letters of ISO 3166.
    pub(super) country: &'static str,
    pub(super) currency: Currency,
    pub(super) legal_form: &'static str,
    pub(super) cities: &'static [&'static str],
}

const fn place(
    country: &'static str,
    currency: Currency,
    legal_form: &'static str,
    cities: &'static [&'static str],
) -> Place {
    Place { country, currency, legal_form, cities }
}

pub(super) const PLACES: &[Place] = &[
    place("DE", Eur, "GmbH", &["Bremen", "Jena", "Münster", "Regensburg", "Würzburg"]),
    place("AT", Eur, "GmbH", &["Graz", "Linz", "Wien"]),
    place("CH", Chf, "AG", &["Basel", "Biel/Bienne", "St. Gallen"]),
    place("FR", Eur, "SARL", &["Besançon", "Lyon", "Nîmes", "Orléans"]),
    place("ES", Eur, "S.L.", &["A Coruña", "Cádiz", "Logroño"]),
    place("IT", Eur, "S.r.l.", &["Bologna", "Forlì", "Trento"]),
    place("NL", Eur, "B.V.", &["Eindhoven", "'s-Hertogenbosch", "Utrecht"]),
    place("PL", Eur, "Sp. z o.o.", &["Gdańsk", "Łódź", "Wrocław"]),
    place("SE", Eur, "AB", &["Göteborg", "Malmö", "Örebro"]),
    place("GB", Gbp, "Ltd", &["Bath", "Leeds", "Newcastle upon Tyne", "Swansea"]),
    place("IE", Eur, "Ltd", &["Cork", "Dún Laoghaire", "Galway"]),
    place("US", Usd, "Inc.", &["Albany", "Duluth", "Portland", "Tucson"]),
];

/// The first part of a company's name.
pub(super) const COMPANIES: &[&str] = &[
    "Aldern",
    "Ardent",
    "Bellweather",
    "Birchfield",
    "Blauwal",
    "Bridgewater",
    "Brightmoor",
    "Cardinal",
    "Castellan",
    "Cobalt",
    "Corvus",
    "Dorn & Söhne",
    "Eastgate",
    "Elmhurst",
    "Falkenau",
    "Fjord",
    "Galene",
    "Glenrock",
    "Granit",
    "Halden",
    "Harrow",
    "Heron",
    "Ironbridge",
    "Juniper",
    "Kestrel",
    "Kranich",
    "Lakeside",
    "Larkspur",
    "Lindqvist",
    "Marlow",
    "Meridian",
    "Nordlicht",
    "Novak",
    "Oakley",
    "O'Connell",
    "Orchard",
    "Östra",
    "Pelikan",
    "Pinecrest",
    "Quarry",
    "Rautenberg",
    "Ridgeway",
    "Rowan",
    "Saltmarsh",
    "Sierra",
    "Silberbach",
    "Stonebridge",
    "Sundby",
    "Tamarack",
    "Thornfield",
    "Umbra",
    "Valdorf",
    "Verdant",
    "Weald",
    "Westhaven",
    "Yarrow",
    "Zephyr",
];

/// What a company does, and where its name goes on.
pub(super) const BRANCHES: &[&str] = &[
    "Automation",
    "Bakeries",
    "Brewing",
    "Clinics",
    "Cold Storage",
    "Dairy",
    "Energy",
    "Foods",
    "Foundry",
    "Glass",
    "Hotels",
    "Logistics",
    "Machinery",
    "Museums",
    "Packaging",
    "Paper",
    "Pharma",
    "Printing",
    "Retail",
    "Schools",
    "Textiles",
    "Timber",
    "Transport",
    "Vineyards",
    "Waterworks",
];

/// Who looks after the offers.
pub(super) const OWNERS: &[&str] = &[
    "Ana Ruiz",
    "Björn Åkesson",
    "Chiara Conti",
    "Dev Patel",
    "Emma Clarke",
    "Jürgen Weiß",
    "Łukasz Nowak",
    "Mei Tanaka",
    "Noor el-Amin",
    "Siobhán Byrne",
    "Tomáš Dvořák",
    "Zoë Martin",
];

/// The people at the customers.
pub(super) const FIRST_NAMES: &[&str] = &[
    "Aoife",
    "Camille",
    "Daniel",
    "Elif",
    "Francesca",
    "Grzegorz",
    "Hannah",
    "Inés",
    "Jonas",
    "Katarzyna",
    "Liam",
    "Márta",
    "Nils",
    "Olivia",
    "Pieter",
    "Renée",
    "Stefan",
    "Thandiwe",
    "Ulrike",
    "Victor",
    "Yusuf",
];
pub(super) const LAST_NAMES: &[&str] = &[
    "Andersson",
    "Bianchi",
    "Carter",
    "de Vries",
    "Dubois",
    "Fischer",
    "García",
    "Hughes",
    "Jansen",
    "Kowalczyk",
    "Lefèvre",
    "Moretti",
    "Müller",
    "Nguyen",
    "Ó Murchú",
    "Pereira",
    "Ryan",
    "Schäfer",
    "van den Berg",
    "Wójcik",
];

/// What is sold: the name, and the range of its price in whole units of currency.
pub(super) const PRODUCTS: &[(&str, u64, u64)] = &[
    ("Air compressor, 11 kW", 4_200, 9_800),
    ("Battery storage, 60 kWh", 21_000, 46_000),
    ("Cable tray, galvanised, 3 m", 18, 64),
    ("Charging point, 22 kW", 900, 2_400),
    ("Circulation pump", 240, 1_900),
    ("Commissioning, day", 780, 1_350),
    ("Control cabinet", 1_800, 14_500),
    ("Design and drawings", 1_200, 18_000),
    ("Energy meter, three-phase", 95, 480),
    ("Exhaust air unit", 3_100, 12_600),
    ("Frequency converter, 7.5 kW", 520, 1_400),
    ("Heat exchanger, plate", 650, 7_200),
    ("Heat pump, 40 kW", 17_500, 39_000),
    ("Installation, hour", 58, 112),
    ("Inverter, 30 kW", 2_300, 5_600),
    ("LED high bay, 150 W", 85, 260),
    ("Maintenance, year", 600, 8_400),
    ("Pipe insulation, metre", 6, 31),
    ("Remote monitoring, year", 240, 1_800),
    ("Scaffolding, week", 450, 2_900),
    ("Sensor, temperature and humidity", 38, 190),
    ("Solar module, 440 W", 72, 168),
    ("Substation, 630 kVA", 38_000, 84_000),
    ("Training, half a day", 390, 900),
    ("Water softener", 1_100, 6_700),
];

/// What an offer is for.
pub(super) const PROJECTS: &[&str] = &[
    "Charging for the fleet",
    "Cold store, new compressors",
    "Compressed air, hall 2",
    "Control system, line 4",
    "Energy monitoring, all sites",
    "Heat pump for the main building",
    "Heat recovery in the bakery",
    "LED lighting, warehouse",
    "Maintenance contract",
    "Process water, softening",
    "Replacement of the boilers",
    "Roof solar, first phase",
    "Roof solar, second phase",
    "Spare parts for the year",
    "Storage for peak shaving",
    "Substation, extension",
    "Ventilation, offices",
    "Ventilation, production",
];

pub(super) const TAGS: &[&str] = &[
    "export",
    "framework agreement",
    "key account",
    "new customer",
    "partner",
    "public tender",
    "repeat",
    "retrofit",
    "service",
    "urgent",
];

pub(super) const NOTES: &[&str] = &[
    "Asked for a second variant without installation.",
    "Budget is approved for this year only.",
    "Competes with two local suppliers.\nPrice matters less than the date.",
    "Delivery to the side entrance, mornings only.",
    "Drawings are with the architect; answer expected next week.",
    "Prefers to be called after four.",
    "Site visit done, photos are in the folder.",
    "The board decides at its next meeting.",
    "Wants the terms of last year's contract.",
];

/// What happened, by kind of activity.
pub(super) const CALLS: &[&str] = &[
    "Called: nobody there, tried again later.",
    "Called about the open questions.",
    "Called back about the discount.",
    "Spoke to purchasing.",
    "Talked through the schedule.",
];
pub(super) const EMAILS: &[&str] =
    &["Reminded of the offer.", "Sent the data sheets.", "Sent the revised offer.", "Thanked for the visit."];
pub(super) const MEETINGS: &[&str] =
    &["Met on site, took measurements.", "Presented the offer.", "Went through the contract."];
pub(super) const REMARKS: &[&str] = &[
    "Check the delivery time before calling.",
    "Credit check is fine.",
    "Ask for references.",
    "Price list changed.",
];
