//! Figures: summed up, printed as they come, and kept as JSON.

use serde_json::{Value as Json, json};

/// All figures of a run.
#[derive(Default)]
pub struct Figures(Vec<Json>);

impl Figures {
    /// Sums up a sample: median, 99th percentile, least and greatest.
    pub fn sample(&mut self, name: &str, unit: &str, mut sample: Vec<f64>) {
        sample.sort_by(f64::total_cmp);
        let at = |share: f64| sample[((sample.len() - 1) as f64 * share).round() as usize];
        let (p50, p99, least, most) = (at(0.5), at(0.99), at(0.0), at(1.0));
        let count = sample.len();
        println!("{name:<58} p50 {p50:>7.0} {unit}   p99 {p99:>7.0}   {least:.0} to {most:.0}   n {count}");
        self.0.push(
            json!({ "name": name, "unit": unit, "count": count, "p50": p50, "p99": p99, "least": least,
            "most": most }),
        );
    }

    /// One figure.
    pub fn one(&mut self, name: &str, unit: &str, value: f64) {
        println!("{name:<58}     {value:>7.0} {unit}");
        self.0.push(json!({ "name": name, "unit": unit, "value": value }));
    }

    /// Writes all of them to a file.
    pub fn write(&self, path: &str) {
        std::fs::write(path, format!("{:#}\n", json!({ "figures": self.0 }))).unwrap();
    }
}
